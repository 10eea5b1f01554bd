# shellcheck shell=dash
# Nothing is wrong: what the other scripts are told apart from.
t module_loads load wq-compat
t client_loads load wqc_broken
t modules_unload unload wqc_broken wq_compat
