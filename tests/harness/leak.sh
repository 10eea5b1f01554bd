# shellcheck shell=dash
# A routine leaks memory: only kmemleak detects it.
t module_loads load wq-compat
t client_loads load wqc_broken what=leak
t modules_unload unload wqc_broken wq_compat
t no_leaks no_leaks
