;; Says its version twice in one answer, once from before and once from after a short sleep, so that a mixture of two versions would show. A test makes
;; another version of it by writing another word of three letters for "ONE" everywhere.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; 0x00: {"version": 1, "payload": bin of "??? ???"}
  (data (i32.const 0x00) "\82\a7version\01\a7payload\c4\08\a7??? ???")
  (data (i32.const 0x40) "ONE")
  (data (i32.const 0x50) "ONE")
  ;; 0x80: a clock subscription: monotonic, relative, 5 ms
  (data (i32.const 0x80) "\2a\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\40\4b\4c\00\00\00\00\00")
  (data (i32.const 0x200) "\85\a8skill_id\actest.version\adskill_version\a3ONE\abdescription\acVersion ONE.\absdk_version\00\a7methods\92\82\a4name\a7version\abdescription\aeSays it twice.\81\a4name\a8only_ONE")
  (func (export "skill_alloc") (param i32) (result i32) (i32.const 0x1000))
  (func (export "skill_free") (param i32))
  (func (export "skill_describe") (result i64) (i64.const 0x0000020000000090))
  (func (export "skill_handle") (param i32 i32) (result i64)
    (memory.copy (i32.const 21) (i32.const 0x40) (i32.const 3))
    (drop (call $poll_oneoff (i32.const 0x80) (i32.const 0x100) (i32.const 1) (i32.const 0x180)))
    (memory.copy (i32.const 25) (i32.const 0x50) (i32.const 3))
    (i64.const 0x000000000000001c)))
