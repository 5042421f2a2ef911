;; Uses a reference that is never null: the engine has it switched off.
(module
  (memory (export "memory") 1)
  (func (export "x") (param (ref func))))
