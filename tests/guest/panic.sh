# shellcheck shell=dash
# With verifier=2 misuse panics, as under Driver Verifier; correct calls do not.

reports=/sys/kernel/debug/wq_compat/reports

# Its real-time priority and policy.
policy() {
	awk '{ print $40, $41 }' "/proc/$1/stat"
}

modules_load() { load wq-compat verifier=2 && load wqc_witness; }

well_behaved() {
	local api

	for api in ex io ioex; do
		load wqc_client api="$api" count=5 && unload wqc_client && nothing_is_lost || return 1
	done
}

# A change of a worker from outside is counted and put back, without a panic.
renice_busy_worker() {
	local pid nice

	witness gate 0 && witness block 1 0 1 && eventually counts inside 1 || return 1
	pid=$(awk '$1 == "Delayed" { print $3 }' /sys/kernel/debug/wq_compat/running)
	nice=$(awk '{ print $19 }' "/proc/$pid/stat")
	renice -n 7 -p "$pid" || return 1
	[ "$(awk '{ print $19 }' "/proc/$pid/stat")" != "$nice" ] || { echo "not reniced"; return 1; }
	witness gate 1
	eventually nothing_is_lost &&
		grep "^1 0x128 policy or nice" "$reports"
}

# So is one of a HyperCritical thread, to another priority and to another policy.
chrt_busy_thread() {
	local before change pid

	for change in fifo normal; do
		before=$(awk '$2 == "0x128" && /policy or nice/ { print $1 }' "$reports")
		witness gate 0 && witness block 1 0 2 && eventually counts inside 1 || return 1
		pid=$(awk '$1 == "HyperCritical" { print $3 }' /sys/kernel/debug/wq_compat/running)
		set -- "$(policy "$pid")"
		witness policy "$pid" "$change" || return 1
		[ "$(policy "$pid")" != "$1" ] || { echo "nothing was changed"; return 1; }
		witness gate 1
		eventually nothing_is_lost && [ "$(policy "$pid")" = "$1" ] &&
			grep "^$((before + 1)) 0x128 policy or nice" "$reports" || return 1
	done
}

t modules_load modules_load
t client_without_fault_runs well_behaved
t chrt_of_a_busy_worker_is_no_panic renice_busy_worker
t chrt_of_a_busy_thread_is_no_panic chrt_busy_thread
t_dies misuse_is_a_panic \
	"wq_compat: routine ended its worker thread (0xE9): routine client_io_ex [wqc_client]" \
	load wqc_client class=1 die=1 api=ioex
