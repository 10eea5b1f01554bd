# shellcheck shell=dash
# A guest that should panic and does not.
t module_loads load wq-compat
t_dies module_stays "a panic" true
