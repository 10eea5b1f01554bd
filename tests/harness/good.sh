# shellcheck shell=dash
# The control: a script without a fault must pass.
t module_loads load wq-compat
t client_loads load wqc_broken
t modules_unload unload wqc_broken wq_compat
