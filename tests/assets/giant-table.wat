;; Wants more table elements than any skill gets.
(module
  (table 10000000 funcref)
  (memory (export "memory") 1)
  (func (export "skill_alloc") (param i32) (result i32) (i32.const 0x1000))
  (func (export "skill_free") (param i32))
  (func (export "skill_handle") (param i32 i32) (result i64) (i64.const 0))
  (func (export "skill_describe") (result i64) (i64.const 0)))
