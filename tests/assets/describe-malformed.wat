;; The descriptor is an array that claims more elements than it has bytes.
(module
  (memory (export "memory") 1)
  (data (i32.const 16) "\dd\ff\ff\ff\ff\01\02\03\04\05")
  (func (export "skill_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "skill_free") (param i32))
  (func (export "skill_handle") (param i32 i32) (result i64) (i64.const 0))
  (func (export "skill_describe") (result i64) (i64.const 0x000000100000000a)))
