;; The main test skill. One input buffer at 0x10000, used again for everything the host writes, as AssemblyScript's SDK does.
;; Methods are found by name in a table of 16-byte slots (length, name); slot i belongs to element i of the function table.
;; Answers are built in place: a head of 23 bytes goes right before the buffer, so that what lies in the buffer becomes the payload.
(module
  (import "env" "time_now" (func $time_now (param i32 i32) (result i64)))
  (import "env" "sys_info" (func $sys_info (param i32 i32) (result i64)))
  (import "env" "env_get" (func $env_get (param i32 i32) (result i64)))
  (import "env" "log_write" (func $log_write (param i32 i32) (result i64)))
  (import "env" "fs_read" (func $fs_read (param i32 i32) (result i64)))
  (import "env" "abort" (func $env_abort (param i32 i32 i32 i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))

  (memory (export "memory") 2)
  (global $depth (mut i32) (i32.const 0))
  (global $capacity (mut i32) (i32.const 0x10000))

  ;; 0x0000: {"version": 1, "payload": bin32} up to the length
  (data (i32.const 0x0000) "\82\a7version\01\a7payload\c6")
  ;; 0x0020: {"version": 1, "error": "it failed"}
  (data (i32.const 0x0020) "\82\a7version\01\a5error\a9it failed")
  ;; 0x0040: {"version": 1, "state": "", "payload": nil, "llm_context": "for the model"}
  (data (i32.const 0x0040) "\84\a7version\01\a5state\c0\a7payload\c0\abllm_context\adfor the model")
  ;; 0x0080: {"version": 1, "payload": "", "commands": [{"type": "emit_event"}]}
  (data (i32.const 0x0080) "\83\a7version\01\a7payload\c0\a8commands\91\81\a4type\aaemit_event")
  ;; 0x00c0: a map that claims 2^32 - 1 entries
  (data (i32.const 0x00c0) "\df\ff\ff\ff\ff\a1a\01")
  ;; 0x00d0: {"version": 1, "state": bin32} up to the length
  (data (i32.const 0x00d0) "\82\a7version\01\a5state\c6")
  ;; 0x00f0, 0x00f8: keys to look for in a request
  (data (i32.const 0x00f0) "\a6method")
  (data (i32.const 0x00f8) "\a7payload")

  ;; 0x0100: names
  (data (i32.const 0x0100) "\04echo")
  (data (i32.const 0x0110) "\03raw")
  (data (i32.const 0x0120) "\04fail")
  (data (i32.const 0x0130) "\04trap")
  (data (i32.const 0x0140) "\04spin")
  (data (i32.const 0x0150) "\04grow")
  (data (i32.const 0x0160) "\07recurse")
  (data (i32.const 0x0170) "\05empty")
  (data (i32.const 0x0180) "\06badptr")
  (data (i32.const 0x0190) "\07garbage")
  (data (i32.const 0x01a0) "\04time")
  (data (i32.const 0x01b0) "\04info")
  (data (i32.const 0x01c0) "\03env")
  (data (i32.const 0x01d0) "\03log")
  (data (i32.const 0x01e0) "\02fs")
  (data (i32.const 0x01f0) "\06badreq")
  (data (i32.const 0x0200) "\05abort")
  (data (i32.const 0x0210) "\04exit")
  (data (i32.const 0x0220) "\05panic")
  (data (i32.const 0x0230) "\05sleep")
  (data (i32.const 0x0240) "\06random")
  (data (i32.const 0x0250) "\04save")
  (data (i32.const 0x0260) "\03llm")
  (data (i32.const 0x0270) "\08commands")
  (data (i32.const 0x0280) "\06memory")
  (data (i32.const 0x0290) "\05print")
  (data (i32.const 0x02a0) "\03nap")
  (data (i32.const 0x02b0) "\06growto")
  (data (i32.const 0x02c0) "\07forever")
  (table funcref (elem $echo $raw $fail $trap $spin $grow $recurse $empty $badptr $garbage $time $info $env $log $fs $badreq
    $abort $exit $panic $sleep $random $save $llm $commands $memory $print $nap $growto $forever))
  (global $methods i32 (i32.const 29))

  ;; 0x0400: an AssemblyScript string "boom" (its length in bytes lies before it) and one with a file name
  (data (i32.const 0x0400) "\08\00\00\00b\00o\00o\00m\00")
  (data (i32.const 0x0420) "\0c\00\00\00a\00.\00t\00s\00:\00?\00")
  ;; 0x0440: an I/O vector of the text behind it
  (data (i32.const 0x0440) "\48\04\00\00\3c\00\00\00panic: index out of range\0a\0agoroutine 1 [running]:\0amain.go:7\0a")
  ;; 0x04a0: a clock subscription: monotonic, relative, one hour; 0x04e0: the same for 5 ms; 0x0700: for the longest time there is
  (data (i32.const 0x04a0) "\2a\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\00\a0\b8\30\46\03\00\00")
  (data (i32.const 0x04e0) "\2a\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\40\4b\4c\00\00\00\00\00")

  (data (i32.const 0x0700) "\2a\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff")

  ;; 0x1000: the descriptor
  (data (i32.const 0x1000)
    "\85\a7version\01\a8skill_id\a9test.echo\aaskill_name\a4Echo\absdk_version\cd\02\00\a7methods\dc\00\1f"
    "\83\a4name\a4echo\abdescription\b2Returns its input.\a6params\91\84\a4name\a7message\a4type\a6string\abdescription\a4Text\a8required\c3"
    "\81\a4name\a3raw\81\a4name\a4fail\81\a4name\a4trap\81\a4name\a4spin\81\a4name\a4grow\81\a4name\a7recurse\81\a4name\a5empty"
    "\81\a4name\a6badptr\81\a4name\a7garbage\81\a4name\a4time\81\a4name\a4info\81\a4name\a3env\81\a4name\a3log\81\a4name\a2fs"
    "\81\a4name\a6badreq\81\a4name\a5abort\81\a4name\a4exit\81\a4name\a5panic\81\a4name\a5sleep\81\a4name\a6random\81\a4name\a4save"
    "\81\a4name\a3llm\81\a4name\a8commands\81\a4name\a6memory\81\a4name\a5print\81\a4name\a3nap\81\a4name\a6growto\81\a4name\a7forever"
    ;; a name that is there already, and a method that is declared but not made
    "\81\a4name\a4echo\82\a4name\a4gone\aamcp_hidden\c3")
  (global $descriptor_length i32 (i32.const 537))

  (func (export "skill_alloc") (param $size i32) (result i32)
    (if (i32.gt_u (local.get $size) (global.get $capacity))
      (then
        (if (i32.eq (i32.const -1)
              (memory.grow (i32.shr_u (i32.add (i32.sub (local.get $size) (global.get $capacity)) (i32.const 0xffff)) (i32.const 16))))
          (then (return (i32.const 0))))
        (global.set $capacity (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 0x10000)))))
    (i32.const 0x10000))

  (func (export "skill_free") (param i32))

  (func (export "skill_describe") (result i64)
    (call $pack (i32.const 0x1000) (global.get $descriptor_length)))

  (func (export "skill_handle") (param $request i32) (param $length i32) (result i64)
    (local $name i32) (local $slot i32) (local $i i32)
    (local.set $name (call $find (local.get $length) (i32.const 0x00f0) (i32.const 7)))
    (local.set $slot (i32.const 0x0100))
    (block $found
      (loop $next
        (if (call $same (local.get $slot) (local.get $name)) (then (br $found)))
        (local.set $slot (i32.add (local.get $slot) (i32.const 16)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (global.get $methods))))
      (return (call $fail (i32.const 0))))
    ;; A trap leaves the depth as it is, like the shadow stack of a compiled guest: an instance that is used on dies of it.
    (if (i32.gt_u (global.get $depth) (i32.const 400)) (then (return (i64.const 0))))
    (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
    (call_indirect (param i32) (result i64) (local.get $length) (local.get $i))
    (global.set $depth (i32.sub (global.get $depth) (i32.const 1))))

  (func $pack (param $pointer i32) (param $length i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get $pointer)) (i64.const 32)) (i64.extend_i32_u (local.get $length))))

  ;; Whether the slot's name equals the short MessagePack text at that address.
  (func $same (param $slot i32) (param $text i32) (result i32)
    (local $left i32)
    (if (i32.ne (i32.load8_u (local.get $slot)) (i32.and (i32.load8_u (local.get $text)) (i32.const 0x1f))) (then (return (i32.const 0))))
    (local.set $left (i32.load8_u (local.get $slot)))
    (call $equal (i32.add (local.get $slot) (i32.const 1)) (i32.add (local.get $text) (i32.const 1)) (local.get $left)))

  (func $equal (param $a i32) (param $b i32) (param $length i32) (result i32)
    (loop $next
      (if (i32.eqz (local.get $length)) (then (return (i32.const 1))))
      (if (i32.ne (i32.load8_u (local.get $a)) (i32.load8_u (local.get $b))) (then (return (i32.const 0))))
      (local.set $a (i32.add (local.get $a) (i32.const 1)))
      (local.set $b (i32.add (local.get $b) (i32.const 1)))
      (local.set $length (i32.sub (local.get $length) (i32.const 1)))
      (br $next))
    unreachable)

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

  ;; Address of the payload's bytes: behind its key and a bin8, bin16 or bin32 head. The payload ends the request.
  (func $payload (param $length i32) (result i32)
    (local $at i32)
    (local.set $at (call $find (local.get $length) (i32.const 0x00f8) (i32.const 8)))
    (i32.add (local.get $at)
      (i32.add (i32.const 1) (i32.shl (i32.const 1) (i32.sub (i32.load8_u (local.get $at)) (i32.const 0xc4))))))

  (func $payload_length (param $length i32) (result i32)
    (i32.sub (i32.add (i32.const 0x10000) (local.get $length)) (call $payload (local.get $length))))

  ;; Writes a length in big-endian order.
  (func $store_length (param $at i32) (param $length i32)
    (i32.store8 (local.get $at) (i32.shr_u (local.get $length) (i32.const 24)))
    (i32.store8 offset=1 (local.get $at) (i32.shr_u (local.get $length) (i32.const 16)))
    (i32.store8 offset=2 (local.get $at) (i32.shr_u (local.get $length) (i32.const 8)))
    (i32.store8 offset=3 (local.get $at) (local.get $length)))

  ;; The answer whose payload is what lies at that address, with its head right before.
  (func $answer (param $at i32) (param $length i32) (result i64)
    (memory.copy (i32.sub (local.get $at) (i32.const 23)) (i32.const 0x0000) (i32.const 19))
    (call $store_length (i32.sub (local.get $at) (i32.const 4)) (local.get $length))
    (call $pack (i32.sub (local.get $at) (i32.const 23)) (i32.add (local.get $length) (i32.const 23))))

  (func $answer_host (param $packed i64) (result i64)
    (call $answer (i32.wrap_i64 (i64.shr_u (local.get $packed) (i64.const 32))) (i32.wrap_i64 (local.get $packed))))

  (func $echo (param $n i32) (result i64) (call $answer (call $payload (local.get $n)) (call $payload_length (local.get $n))))
  (func $raw (param $n i32) (result i64) (call $answer (i32.const 0x10000) (local.get $n)))
  (func $fail (param $n i32) (result i64) (call $pack (i32.const 0x0020) (i32.const 26)))
  (func $trap (param $n i32) (result i64) unreachable)
  (func $spin (param $n i32) (result i64) (loop $again (br $again)) unreachable)
  ;; Takes memory until there is none left, then gives up.
  (func $grow (param $n i32) (result i64)
    (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    unreachable)
  ;; Takes memory until there is none left, and answers all the same.
  (func $growto (param $n i32) (result i64)
    (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (call $memory (local.get $n)))
  (func $recurse (param $n i32) (result i64) (i64.add (call $recurse (local.get $n)) (i64.const 1)))
  (func $empty (param $n i32) (result i64) (i64.const 0))
  (func $badptr (param $n i32) (result i64) (call $pack (i32.const 0xfffffff0) (i32.const 100)))
  (func $garbage (param $n i32) (result i64) (call $pack (i32.const 0x00c0) (i32.const 8)))
  (func $time (param $n i32) (result i64) (call $answer_host (call $time_now (i32.const 0x10000) (i32.const 0))))
  (func $info (param $n i32) (result i64) (call $answer_host (call $sys_info (i32.const 0x10000) (i32.const 0))))
  (func $env (param $n i32) (result i64)
    (call $answer_host (call $env_get (call $payload (local.get $n)) (call $payload_length (local.get $n)))))
  (func $log (param $n i32) (result i64)
    (call $answer_host (call $log_write (call $payload (local.get $n)) (call $payload_length (local.get $n)))))
  (func $fs (param $n i32) (result i64)
    (call $answer_host (call $fs_read (call $payload (local.get $n)) (call $payload_length (local.get $n)))))
  (func $badreq (param $n i32) (result i64) (call $answer_host (call $time_now (i32.const 0xfffffff0) (i32.const 100))))
  (func $abort (param $n i32) (result i64)
    (call $env_abort (i32.const 0x0404) (i32.const 0x0424) (i32.const 7) (i32.const 9)) unreachable)
  (func $exit (param $n i32) (result i64) (call $proc_exit (i32.const 3)) unreachable)
  (func $panic (param $n i32) (result i64)
    (drop (call $fd_write (i32.const 2) (i32.const 0x0440) (i32.const 1) (i32.const 0x0500)))
    (call $proc_exit (i32.const 2)) unreachable)
  (func $print (param $n i32) (result i64)
    (drop (call $fd_write (i32.const 1) (i32.const 0x0440) (i32.const 1) (i32.const 0x0500)))
    (call $answer (i32.const 0x10000) (i32.const 0)))
  ;; Prints, and sleeps for an hour.
  (func $sleep (param $n i32) (result i64)
    (drop (call $fd_write (i32.const 1) (i32.const 0x0440) (i32.const 1) (i32.const 0x0500)))
    (drop (call $poll_oneoff (i32.const 0x04a0) (i32.const 0x0540) (i32.const 1) (i32.const 0x0580)))
    (call $answer (i32.const 0x10000) (i32.const 0)))
  ;; Sleeps 5 ms and answers the event.
  (func $nap (param $n i32) (result i64)
    (drop (call $poll_oneoff (i32.const 0x04e0) (i32.const 0x10000) (i32.const 1) (i32.const 0x0580)))
    (call $answer (i32.const 0x10000) (i32.const 32)))
  ;; Sleeps for as long as can be said.
  (func $forever (param $n i32) (result i64)
    (drop (call $poll_oneoff (i32.const 0x0700) (i32.const 0x0540) (i32.const 1) (i32.const 0x0580)))
    (call $answer (i32.const 0x10000) (i32.const 0)))
  (func $random (param $n i32) (result i64)
    (drop (call $random_get (i32.const 0x10000) (i32.const 16)))
    (call $answer (i32.const 0x10000) (i32.const 16)))
  ;; Makes its arguments the state.
  (func $save (param $n i32) (result i64)
    (local $at i32) (local $length i32)
    (local.set $at (call $payload (local.get $n)))
    (local.set $length (call $payload_length (local.get $n)))
    (memory.copy (i32.sub (local.get $at) (i32.const 21)) (i32.const 0x00d0) (i32.const 17))
    (call $store_length (i32.sub (local.get $at) (i32.const 4)) (local.get $length))
    (call $pack (i32.sub (local.get $at) (i32.const 21)) (i32.add (local.get $length) (i32.const 21))))
  (func $llm (param $n i32) (result i64) (call $pack (i32.const 0x0040) (i32.const 52)))
  (func $commands (param $n i32) (result i64) (call $pack (i32.const 0x0080) (i32.const 46)))
  ;; Answers the size of its memory in pages, as a MessagePack uint32.
  (func $memory (param $n i32) (result i64)
    (i32.store8 (i32.const 0x10000) (i32.const 0xce))
    (call $store_length (i32.const 0x10001) (memory.size))
    (call $answer (i32.const 0x10000) (i32.const 5)))
)
