# shellcheck shell=dash
# On four CPUs, in turn, with QEMU's -icount: what an item costs when they post at once.
t cpus_come_online bring_up_cpus
t module_loads load wq-compat
t bench_runs load wqc-bench run=posters
t modules_unload unload wqc-bench wq_compat
