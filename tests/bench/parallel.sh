# shellcheck shell=dash
# On several CPUs, at the same time: items that take time.
t module_loads load wq-compat
t bench_runs load wqc-bench run=parallel
t modules_unload unload wqc-bench wq_compat
