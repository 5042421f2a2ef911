;; One method, which is a callback of the skill itself.
(module
  (memory (export "memory") 1)
  (data (i32.const 0x100) "\81\a7version\01")
  (data (i32.const 0x200) "\82\a8skill_id\a2cb\a7methods\91\82\a4name\a7on_data\b0private_callback\c3")
  (func (export "skill_alloc") (param i32) (result i32) (i32.const 0x1000))
  (func (export "skill_free") (param i32))
  (func (export "skill_handle") (param i32 i32) (result i64) (i64.const 0x000001000000000a))
  (func (export "skill_describe") (result i64) (i64.const 0x0000020000000036)))
