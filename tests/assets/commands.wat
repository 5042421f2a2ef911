;; A guest whose tests say what it answers. The methods differ in their first letters:
;;   answer  the bytes of its arguments are the whole response
;;   echo    its arguments are its result
;;   keep    its arguments become its state, and nothing is its result
;;   spin    never ends
;;   trap    traps
(module
  (memory (export "memory") 2)
  (global $capacity (mut i32) (i32.const 0x10000))
  ;; 0x00: {"version": 1, "state": bin32} and 0x20: {"version": 1, "payload": bin32}, both up to the length
  (data (i32.const 0x00) "\82\a7version\01\a5state\c6")
  (data (i32.const 0x20) "\82\a7version\01\a7payload\c6")
  (data (i32.const 0x40) "\a6method")
  (data (i32.const 0x48) "\a7payload")
  (data (i32.const 0x100) "\82\a8skill_id\adtest.commands\a7methods\95\81\a4name\a6answer\81\a4name\a4echo\81\a4name\a4keep\81\a4name\a4spin\81\a4name\a4trap")

  (func (export "skill_alloc") (param $size i32) (result i32)
    (if (i32.gt_u (local.get $size) (global.get $capacity))
      (then
        (if (i32.eq (i32.const -1)
              (memory.grow (i32.shr_u (i32.add (i32.sub (local.get $size) (global.get $capacity)) (i32.const 0xffff)) (i32.const 16))))
          (then (return (i32.const 0))))
        (global.set $capacity (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 0x10000)))))
    (i32.const 0x10000))
  (func (export "skill_free") (param i32))
  (func (export "skill_describe") (result i64) (i64.const 0x000001000000005a))

  ;; Address behind the first occurrence of a key of up to 8 bytes in the request, compared as one masked number.
  (func $find (param $length i32) (param $key i32) (param $key_length i32) (result i32)
    (local $at i32) (local $mask i64) (local $wanted i64)
    (local.set $at (i32.const 0x10000))
    (local.set $mask (i64.shr_u (i64.const -1) (i64.extend_i32_u (i32.shl (i32.sub (i32.const 8) (local.get $key_length)) (i32.const 3)))))
    (local.set $wanted (i64.and (i64.load (local.get $key)) (local.get $mask)))
    (loop $next
      (if (i64.eq (i64.and (i64.load (local.get $at)) (local.get $mask)) (local.get $wanted))
        (then (return (i32.add (local.get $at) (local.get $key_length)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (i32.add (i32.const 0x10000) (local.get $length)))))
    unreachable)

  ;; A response of a head and the arguments behind it. The head is written right before the arguments.
  (func $wrap (param $head i32) (param $head_length i32) (param $at i32) (param $length i32) (result i64)
    (local $start i32)
    (local.set $start (i32.sub (local.get $at) (i32.add (local.get $head_length) (i32.const 4))))
    (memory.copy (local.get $start) (local.get $head) (local.get $head_length))
    (i32.store8 (i32.sub (local.get $at) (i32.const 4)) (i32.shr_u (local.get $length) (i32.const 24)))
    (i32.store8 (i32.sub (local.get $at) (i32.const 3)) (i32.shr_u (local.get $length) (i32.const 16)))
    (i32.store8 (i32.sub (local.get $at) (i32.const 2)) (i32.shr_u (local.get $length) (i32.const 8)))
    (i32.store8 (i32.sub (local.get $at) (i32.const 1)) (local.get $length))
    (call $pack (local.get $start) (i32.add (i32.add (local.get $length) (local.get $head_length)) (i32.const 4))))

  (func $pack (param $pointer i32) (param $length i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $pointer)) (i64.const 32)) (i64.extend_i32_u (local.get $length))))

  (func (export "skill_handle") (param $request i32) (param $n i32) (result i64)
    (local $letter i32) (local $at i32) (local $length i32)
    (local.set $letter (i32.load8_u offset=1 (call $find (local.get $n) (i32.const 0x40) (i32.const 7))))
    ;; The payload is behind its key and a bin8, bin16 or bin32 head, and ends the request.
    (local.set $at (call $find (local.get $n) (i32.const 0x48) (i32.const 8)))
    (local.set $at (i32.add (local.get $at)
      (i32.add (i32.const 1) (i32.shl (i32.const 1) (i32.sub (i32.load8_u (local.get $at)) (i32.const 0xc4))))))
    (local.set $length (i32.sub (i32.add (i32.const 0x10000) (local.get $n)) (local.get $at)))
    (if (i32.eq (local.get $letter) (i32.const 0x61)) (then (return (call $pack (local.get $at) (local.get $length)))))
    (if (i32.eq (local.get $letter) (i32.const 0x65)) (then (return (call $wrap (i32.const 0x20) (i32.const 19) (local.get $at) (local.get $length)))))
    (if (i32.eq (local.get $letter) (i32.const 0x6b)) (then (return (call $wrap (i32.const 0x00) (i32.const 17) (local.get $at) (local.get $length)))))
    (if (i32.eq (local.get $letter) (i32.const 0x73)) (then (loop $again (br $again))))
    unreachable)
)
