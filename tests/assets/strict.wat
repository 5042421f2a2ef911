;; A guest that watches how the host treats its memory, as Rust's SDK would suffer from mistakes: each block has a head of 8 bytes with a
;; mark and its size. Freeing what is not a live block, the result twice, or handling a request that is not in the newest block traps.
;; Its method "run" calls env_get as often as the last four bytes of its arguments say (little-endian), and answers the MessagePack array
;; [blocks alive when the call began, most bytes alive at once].
(module
  (import "env" "env_get" (func $env_get (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 0x1000))
  (global $free (mut i32) (i32.const 0))
  (global $newest (mut i32) (i32.const 0))
  (global $alive (mut i32) (i32.const 0))
  (global $bytes (mut i32) (i32.const 0))
  (global $peak (mut i32) (i32.const 0))
  (global $result_alive (mut i32) (i32.const 0))
  (data (i32.const 0x100) "\81\a3key\a1K")
  (data (i32.const 0x120) "\82\a7version\01\a7payload\c4\0b\92\ce\00\00\00\00\ce\00\00\00\00")
  (data (i32.const 0x200) "\82\a8skill_id\a6strict\a7methods\91\81\a4name\a3run")

  (func $has_size (param $block i32) (param $size i32) (result i32)
    (if (result i32) (local.get $block)
      (then (i32.eq (i32.load (i32.sub (local.get $block) (i32.const 4))) (local.get $size)))
      (else (i32.const 0))))

  (func (export "skill_alloc") (param $size i32) (result i32)
    (local $block i32)
    ;; A free block of the same size is used again; with nothing alive the heap starts anew.
    (if (i32.eqz (global.get $alive)) (then (global.set $next (i32.const 0x1000)) (global.set $free (i32.const 0))))
    (local.set $block (global.get $free))
    (if (call $has_size (local.get $block) (local.get $size))
      (then (global.set $free (i32.load (local.get $block))))
      (else
        (local.set $block (i32.add (global.get $next) (i32.const 8)))
        (global.set $next (i32.and (i32.add (i32.add (local.get $block) (local.get $size)) (i32.const 15)) (i32.const -8)))
        (if (i32.gt_u (global.get $next) (i32.shl (memory.size) (i32.const 16)))
          (then
            (if (i32.eq (i32.const -1) (memory.grow (i32.add (i32.shr_u (local.get $size) (i32.const 16)) (i32.const 2))))
              (then (return (i32.const 0))))))))
    (i32.store (i32.sub (local.get $block) (i32.const 8)) (i32.const 0x600db10c))
    (i32.store (i32.sub (local.get $block) (i32.const 4)) (local.get $size))
    (global.set $alive (i32.add (global.get $alive) (i32.const 1)))
    (global.set $bytes (i32.add (global.get $bytes) (local.get $size)))
    (if (i32.gt_u (global.get $bytes) (global.get $peak)) (then (global.set $peak (global.get $bytes))))
    (global.set $newest (local.get $block))
    (local.get $block))

  (func (export "skill_free") (param $block i32)
    (if (i32.eqz (local.get $block)) (then (return)))
    (if (i32.or (i32.eq (local.get $block) (i32.const 0x120)) (i32.eq (local.get $block) (i32.const 0x200)))
      (then
        (if (i32.eqz (global.get $result_alive)) (then unreachable))
        (global.set $result_alive (i32.const 0))
        (return)))
    (if (i32.ne (i32.load (i32.sub (local.get $block) (i32.const 8))) (i32.const 0x600db10c)) (then unreachable))
    (i32.store (i32.sub (local.get $block) (i32.const 8)) (i32.const 0))
    (i32.store (local.get $block) (global.get $free))
    (global.set $free (local.get $block))
    (global.set $alive (i32.sub (global.get $alive) (i32.const 1)))
    (global.set $bytes (i32.sub (global.get $bytes) (i32.load (i32.sub (local.get $block) (i32.const 4))))))

  (func (export "skill_describe") (result i64)
    (global.set $result_alive (i32.const 1))
    (i64.const 0x0000020000000024))

  (func $store_big_endian (param $at i32) (param $value i32)
    (i32.store8 (local.get $at) (i32.shr_u (local.get $value) (i32.const 24)))
    (i32.store8 offset=1 (local.get $at) (i32.shr_u (local.get $value) (i32.const 16)))
    (i32.store8 offset=2 (local.get $at) (i32.shr_u (local.get $value) (i32.const 8)))
    (i32.store8 offset=3 (local.get $at) (local.get $value)))

  (func (export "skill_handle") (param $request i32) (param $length i32) (result i64)
    (local $left i32)
    (if (i32.ne (local.get $request) (global.get $newest)) (then unreachable))
    (if (global.get $result_alive) (then unreachable))
    (call $store_big_endian (i32.const 0x136) (global.get $alive))
    (global.set $peak (i32.const 0))
    (local.set $left (i32.load (i32.sub (i32.add (local.get $request) (local.get $length)) (i32.const 4))))
    (block $done
      (loop $again
        (br_if $done (i32.eqz (local.get $left)))
        (drop (call $env_get (i32.const 0x100) (i32.const 7)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $again)))
    (call $store_big_endian (i32.const 0x13b) (global.get $peak))
    (global.set $result_alive (i32.const 1))
    (i64.const 0x000001200000001f))
)
