;; Uses an imported global that holds a reference: the engine has it switched off.
(module
  (import "env" "x" (global (ref null struct)))
  (memory (export "memory") 1))
