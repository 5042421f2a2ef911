;; The descriptor is one byte larger than a host takes.
(module
  (memory (export "memory") 20)
  (func (export "skill_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "skill_free") (param i32))
  (func (export "skill_handle") (param i32 i32) (result i64) (i64.const 0))
  (func (export "skill_describe") (result i64) (i64.const 0x0000001000100001)))
