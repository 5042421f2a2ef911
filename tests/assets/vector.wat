;; Exports a function with a vector parameter: reading its type must do no harm.
(module
  (memory (export "memory") 1)
  (func (export "x") (param v128)))
