;; A skill with an id and a version, as small as one can be, for packages.
(module
  (memory (export "memory") 1)
  (data (i32.const 0x100) "\83\a8skill_id\abtest.signed\adskill_version\a51.2.0\a7methods\90")
  (func (export "skill_alloc") (param i32) (result i32) (i32.const 0x1000))
  (func (export "skill_free") (param i32))
  (func (export "skill_handle") (param i32 i32) (result i64) (i64.const 0))
  (func (export "skill_describe") (result i64) (i64.const 0x0000010000000033)))
