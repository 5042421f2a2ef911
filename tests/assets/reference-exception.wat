;; Uses an exception tag: the engine has it switched off.
(module
  (memory (export "memory") 1)
  (tag (export "x") (param i32)))
