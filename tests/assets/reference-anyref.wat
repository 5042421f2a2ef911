;; Uses a reference of the garbage collection proposal: the engine has it switched off.
(module
  (memory (export "memory") 1)
  (func (export "x") (param anyref)))
