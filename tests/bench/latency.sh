# shellcheck shell=dash
# On two CPUs, in turn, with QEMU's -icount: four hogs a CPU, and a flood whose items work
# for $flood_ns each.
t cpus_come_online bring_up_cpus
t module_loads load wq-compat
t hogs_run load wqc_hog hogs=4
# shellcheck disable=SC2154 # given by the host
t bench_runs load wqc-bench run=latency flood_ns="$flood_ns"
t modules_unload unload wqc_hog wqc-bench wq_compat
