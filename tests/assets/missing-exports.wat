;; A memory and two of the four functions.
(module
  (memory (export "memory") 1)
  (func (export "skill_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "skill_free") (param i32)))
