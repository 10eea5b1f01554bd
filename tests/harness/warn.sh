# shellcheck shell=dash
# A routine warns and every test passes: only the log shows it.
t module_loads load wq-compat
t client_loads load wqc_broken what=warn
t modules_unload unload wqc_broken wq_compat
