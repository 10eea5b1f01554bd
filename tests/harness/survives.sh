# shellcheck shell=dash
# A guest that should die and lives on.
t module_loads load wq-compat
t_dies module_stays "a panic" true
