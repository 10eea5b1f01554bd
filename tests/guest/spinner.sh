# shellcheck shell=dash
# build: WQC_WINDOWS=1 WQC_KUNIT=0
# A routine ends the thread of a spinner, on which waiting items rely. The watchdog, which would wake
# another runner within 400 us, has a period of 10 s here (core/window.h). A kworker that has ended
# pins wq_compat, so this script ends without an unload.

modules_load() {
	load wq-compat && load wqc_witness || return 1
	echo 0 >/sys/module/wq_compat/parameters/windows
	echo 10000000000 >/sys/module/wq_compat/parameters/spin_ns
}

now_ms() { awk '{ print int(1000 * $1) }' /proc/uptime; }

# A burst after which the queue is trusted, so that its next runner begins as the spinner if it is
# on another CPU than the caller.
trusted() {
	load wqc_client class=1 count=2000 cpu="$1" && eventually nothing_is_lost && unload wqc_client
}

# The keeper removes the runner within a second or two, and kicks another one.
ended() {
	local round=0 since waited longest=0

	while [ $round -lt 12 ]; do
		trusted $((round % 4)) && load wqc_client class=1 die=1 cpu=$((round % 4)) || return 1
		since=$(now_ms)
		load wqc_client_b class=1 cpu=$((round % 4)) && eventually nothing_is_lost || return 1
		waited=$(($(now_ms) - since))
		[ $waited -le $longest ] || longest=$waited
		unload wqc_client wqc_client_b || return 1
		round=$((round + 1))
	done
	figures "items waited up to $longest ms for the removal of a spinner"
	[ "$longest" -lt 8000 ] || { echo "an item waited $longest ms"; return 1; }
}

t modules_load modules_load
t item_behind_a_spinner_that_ended_its_thread_runs ended
