# shellcheck shell=dash
# For scripts/crash.sh, which dumps the guest's memory: a class whose runners all wait, with items
# behind them, and then a misuse that verifier=2 turns into a panic.

modules_load() { load wq-compat verifier=2 max_runners_any=4 && load wqc_witness; }

# The fifth column is the routine, the fourth its time.
waited_for_long() {
	[ "$(awk '$5 == "witness_block" && $4 > 11000' /sys/kernel/debug/wq_compat/running | wc -l)" = 4 ]
}
class_is_full() {
	witness gate 0
	witness block 7 0 1
	eventually counts inside 4 && eventually waited_for_long
}

t modules_load modules_load
t class_is_full class_is_full
t_dies misuse_is_a_panic \
	"wq_compat: routine ended its worker thread (0xE9): routine client_io_ex [wqc_client]" \
	load wqc_client class=0 die=1 api=ioex
