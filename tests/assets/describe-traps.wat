;; skill_describe traps.
(module
  (memory (export "memory") 1)
  (data (i32.const 16) "\81\a7version\01")
  (func (export "skill_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "skill_free") (param i32))
  (func (export "skill_handle") (param i32 i32) (result i64) (i64.const 0))
  (func (export "skill_describe") (result i64) unreachable))
