;; A skill that needs a variable and another skill.
(module
  (memory (export "memory") 1)
  (data (i32.const 0x100) "\83\a8skill_id\adtest.requires\a7methods\90\acrequirements\92\82\a4kind\a3env\a7pattern\a7API_KEY\82\a4kind\a6invoke\a7pattern\a5other")
  (func (export "skill_alloc") (param i32) (result i32) (i32.const 0x1000))
  (func (export "skill_free") (param i32))
  (func (export "skill_handle") (param i32 i32) (result i64) (i64.const 0))
  (func (export "skill_describe") (result i64) (i64.const 0x0000010000000064)))
