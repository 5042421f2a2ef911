;; Sends back or onwards what the test wrote into the arguments, so that a test can play any guest. The arguments end with the bytes to use, their
;; count (32 bits, little-endian) and a mode: 0 answers those bytes, which still lie in the request; 1 sends them to env_get and answers what came
;; back as the payload; 2 does the same with log_write.
(module
  (import "env" "env_get" (func $env_get (param i32 i32) (result i64)))
  (import "env" "log_write" (func $log_write (param i32 i32) (result i64)))
  (memory (export "memory") 2)
  (global $next (mut i32) (i32.const 0x10000))
  (global $request (mut i32) (i32.const 0))
  (data (i32.const 0x200) "\82\a8skill_id\a6mirror\a7methods\91\81\a4name\a3run")
  (data (i32.const 0x300) "\82\a7version\01\a7payload\c6")

  (func (export "skill_alloc") (param $size i32) (result i32)
    (local $block i32)
    (local.set $block (global.get $next))
    (global.set $next (i32.and (i32.add (i32.add (local.get $block) (local.get $size)) (i32.const 15)) (i32.const -8)))
    (if (i32.gt_u (global.get $next) (i32.shl (memory.size) (i32.const 16)))
      (then
        (if (i32.eq (i32.const -1) (memory.grow (i32.add (i32.shr_u (local.get $size) (i32.const 16)) (i32.const 2))))
          (then (return (i32.const 0))))))
    (local.get $block))
  ;; The request is freed last: everything is free then. It must be freed exactly once, even when the answer lay in it.
  (func (export "skill_free") (param $block i32)
    (if (i32.eq (local.get $block) (global.get $request))
      (then (global.set $next (i32.const 0x10000)) (global.set $request (i32.const -1)) (return)))
    (if (i32.eq (global.get $request) (i32.const -1)) (then unreachable)))
  (func (export "skill_describe") (result i64) (i64.const 0x0000020000000024))

  (func $pack (param $at i32) (param $length i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $length))))

  (func (export "skill_handle") (param $request i32) (param $length i32) (result i64)
    (local $end i32) (local $count i32) (local $bytes i32) (local $mode i32) (local $packed i64) (local $answer i32) (local $out i32)
    (global.set $request (local.get $request))
    (local.set $end (i32.sub (i32.add (local.get $request) (local.get $length)) (i32.const 5)))
    (local.set $count (i32.load (local.get $end)))
    (local.set $mode (i32.load8_u offset=4 (local.get $end)))
    (local.set $bytes (i32.sub (local.get $end) (local.get $count)))
    (if (i32.eqz (local.get $mode)) (then (return (call $pack (local.get $bytes) (local.get $count)))))
    (local.set $packed
      (if (result i64) (i32.eq (local.get $mode) (i32.const 1))
        (then (call $env_get (local.get $bytes) (local.get $count)))
        (else (call $log_write (local.get $bytes) (local.get $count)))))
    (local.set $answer (i32.wrap_i64 (i64.shr_u (local.get $packed) (i64.const 32))))
    (local.set $count (i32.wrap_i64 (local.get $packed)))
    ;; {version: 1, payload: bin of the answer}, built below everything that the host asked for.
    (local.set $out (i32.const 0x300))
    (i32.store8 offset=19 (local.get $out) (i32.shr_u (local.get $count) (i32.const 24)))
    (i32.store8 offset=20 (local.get $out) (i32.shr_u (local.get $count) (i32.const 16)))
    (i32.store8 offset=21 (local.get $out) (i32.shr_u (local.get $count) (i32.const 8)))
    (i32.store8 offset=22 (local.get $out) (local.get $count))
    (memory.copy (i32.const 0x317) (local.get $answer) (local.get $count))
    (call $pack (local.get $out) (i32.add (local.get $count) (i32.const 23))))
)
