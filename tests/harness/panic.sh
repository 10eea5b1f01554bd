# shellcheck shell=dash
# A misuse with verifier=2 panics the guest, and the log has the reason.
t module_loads load wq-compat verifier=2
t client_misuses load wqc_broken what=misuse
t modules_unload unload wqc_broken wq_compat
