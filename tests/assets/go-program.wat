;; What a plain Go build exports: a program, not a skill.
(module
  (memory (export "memory") 1)
  (func (export "_start")))
