# shellcheck shell=dash
# On one CPU, and with QEMU's -icount: what an item costs.
t module_loads load wq-compat
t bench_runs load wqc-bench run=instructions
t modules_unload unload wqc-bench wq_compat
