# shellcheck shell=dash
# The guest's script that the logs beside it are of; read by verdict.py, not run.

t modules_load load wq-compat verifier=2
t_dies misuse_is_a_panic "wq_compat: a misuse: routine broken" load wqc_broken
