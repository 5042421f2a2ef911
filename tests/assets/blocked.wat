;; Its method "run" waits for what a language model says; "echo" does nothing. They differ in their first letters.
(module
  (import "env" "prompt_complete" (func $prompt_complete (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (data (i32.const 0x00) "\81\a7version\01")
  (data (i32.const 0x10) "\80")
  (data (i32.const 0x18) "\a6method")
  (data (i32.const 0x100) "\82\a8skill_id\actest.blocked\a7methods\92\81\a4name\a3run\81\a4name\a4echo")
  (func (export "skill_alloc") (param i32) (result i32) (i32.const 0x1000))
  (func (export "skill_free") (param i32))
  (func (export "skill_describe") (result i64) (i64.const 0x0000010000000035))
  (func (export "skill_handle") (param $request i32) (param $length i32) (result i64)
    (local $at i32)
    (local.set $at (local.get $request))
    (block $found
      (loop $next
        (br_if $found (i64.eq
          (i64.and (i64.load (local.get $at)) (i64.const 0x00ffffffffffffff))
          (i64.and (i64.load (i32.const 0x18)) (i64.const 0x00ffffffffffffff))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (if (i32.eq (i32.load8_u offset=8 (local.get $at)) (i32.const 0x72))
      (then (drop (call $prompt_complete (i32.const 0x10) (i32.const 1)))))
    (i64.const 0x000000000000000a)))
