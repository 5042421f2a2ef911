;; A guest that attacks the host. The last byte of the arguments says how; what is not an attack on the call itself answers {version: 1}.
(module
  (import "env" "env_get" (func $env_get (param i32 i32) (result i64)))
  (memory (export "memory") 272)
  (global $next (mut i32) (i32.const 0x1000))
  (global $mode (mut i32) (i32.const 0))
  (global $depth (mut i32) (i32.const 0))
  (data (i32.const 0x100) "\82\a7version\01\a7payload\c4\01\01")
  (data (i32.const 0x120) "\81\a3key\a1K")
  (data (i32.const 0x200) "\82\a8skill_id\a7hostile\a7methods\91\81\a4name\a3run")

  (func (export "skill_alloc") (param $size i32) (result i32)
    (local $block i32)
    ;; 1 to 5: what the allocator does while a host function runs.
    (if (i32.eq (global.get $mode) (i32.const 1)) (then (return (i32.const 0))))
    (if (i32.eq (global.get $mode) (i32.const 2)) (then (return (i32.const -8))))
    (if (i32.eq (global.get $mode) (i32.const 3)) (then (return (i32.const 0x3001))))
    (if (i32.eq (global.get $mode) (i32.const 4))
      (then
        (local.set $block (memory.grow (i32.const 1)))
        (if (i32.eq (local.get $block) (i32.const -1)) (then (return (i32.const 0))))
        (return (i32.shl (local.get $block) (i32.const 16)))))
    (if (i32.eq (global.get $mode) (i32.const 5)) (then (i32.store8 (i32.const 0x1007) (i32.const 5)) (drop (call $handle (i32.const 0x1000) (i32.const 8)))))
    ;; Always the same block, as a guest with a single buffer.
    (global.get $next))
  (func (export "skill_free") (param i32)
    (if (i32.eq (global.get $mode) (i32.const 6)) (then (loop $again (br $again))))
    (if (i32.eq (global.get $mode) (i32.const 7)) (then unreachable)))
  (func (export "skill_describe") (result i64) (i64.const 0x0000020000000025))

  (func $good (result i64) (i64.const 0x0000010000000015))

  (func $handle (export "skill_handle") (param $request i32) (param $length i32) (result i64)
    (local $i i32)
    (global.set $mode (i32.load8_u (i32.sub (i32.add (local.get $request) (local.get $length)) (i32.const 1))))
    (if (i32.le_u (global.get $mode) (i32.const 5))
      (then (drop (call $env_get (i32.const 0x120) (i32.const 7))) (global.set $mode (i32.const 0)) (return (call $good))))
    ;; 10 to 15: pointers and lengths of requests.
    (if (i32.eq (global.get $mode) (i32.const 10)) (then (drop (call $env_get (i32.const -16) (i32.const 32)))))
    (if (i32.eq (global.get $mode) (i32.const 11)) (then (drop (call $env_get (i32.const 0) (i32.const -1)))))
    (if (i32.eq (global.get $mode) (i32.const 12)) (then (drop (call $env_get (i32.const -1) (i32.const -1)))))
    (if (i32.eq (global.get $mode) (i32.const 13)) (then (drop (call $env_get (i32.const -1) (i32.const 0)))))
    (if (i32.eq (global.get $mode) (i32.const 14)) (then (drop (call $env_get (i32.const 0) (i32.const 0x1000001)))))
    (if (i32.eq (global.get $mode) (i32.const 15)) (then (drop (call $env_get (i32.const 0x120) (i32.const 0)))))
    ;; 20 to 24: pointers and lengths of the result.
    (if (i32.eq (global.get $mode) (i32.const 20)) (then (return (i64.const 0x00000100ffffffff))))
    (if (i32.eq (global.get $mode) (i32.const 21)) (then (return (i64.const 0xffffffff00000001))))
    (if (i32.eq (global.get $mode) (i32.const 22)) (then (return (i64.const 0xffffffffffffffff))))
    (if (i32.eq (global.get $mode) (i32.const 23)) (then (return (i64.const 0x0000000001000001))))
    (if (i32.eq (global.get $mode) (i32.const 24)) (then (return (i64.const 0xffffffff00000000))))
    ;; 30: more calls than a second may have; 31: memory until there is no more; 32: recursion.
    (if (i32.eq (global.get $mode) (i32.const 30))
      (then
        (loop $again
          (drop (call $env_get (i32.const 0x120) (i32.const 7)))
          (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4000))))))
    (if (i32.eq (global.get $mode) (i32.const 31))
      (then (loop $again (br_if $again (i32.ne (i32.const -1) (memory.grow (i32.const 1)))))))
    (if (i32.eq (global.get $mode) (i32.const 32)) (then (return (call $handle (local.get $request) (local.get $length)))))
    (call $good))
)
