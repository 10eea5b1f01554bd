# shellcheck shell=dash
# The guest's script of the golden log; verdict.py reads it, no guest runs it.

t module_loads load wq-compat
t kunit_module_loads load wqc-kunit
t modules_unload unload wqc_kunit wq_compat
t module_reloads reload
t no_leaks no_leaks
hand_out one.trace.json /tmp/trace.json
hand_out one.top.json /tmp/top.json
