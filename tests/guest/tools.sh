# shellcheck shell=dash
# wqc-top and wqc-trace: their output is correct, and in a form that programs can read.

cpus=$(nproc)

load_small() { load wq-compat max_runners_any="$cpus" && load wqc_witness; }

# top OPTION...: one refresh, kept in /tmp/top
top_says() {
	wqc-top -1 -d 0.5 "$@" >/tmp/top && cat /tmp/top
}

# A column of the class's line: in/s out/s depth busy idle, waited and ran: 50%, 99%.
field() { awk -v class="$1" -v n="$2" '$1 == class { print $n }' /tmp/top; }
is() { [ "$(field "$1" "$2")" = "$3" ] || { echo "$1: column $2 is not $3"; return 1; }; }
above_zero() { [ "$(field "$1" "$2")" -gt 0 ] || { echo "$1: column $2 is 0"; return 1; }; }

idle_module() {
	top_says || return 1
	for class in Delayed Critical HyperCritical RxDelayed RxCritical; do
		is "$class" 2 0 && is "$class" 3 0 && is "$class" 4 0 && is "$class" 5 0 &&
			above_zero "$class" 6 && is "$class" 7 - && is "$class" 10 - || return 1
	done
}

# complains TEXT COMMAND...: it fails, and the only line that it prints has TEXT.
complains() {
	local text=$1

	shift
	if "$@" >/tmp/complaint 2>&1 || [ "$(wc -l </tmp/complaint)" != 1 ] ||
		! grep -q -F -- "$text" /tmp/complaint; then
		cat /tmp/complaint
		return 1
	fi
}

# An earlier recording is kept.
kept() { [ "$(cat "$1")" = earlier ] && [ "$(find "${1%/*}" -name '*.part.*' | wc -l)" = 0 ]; }

without_module() {
	echo earlier >/tmp/none
	complains "is wq_compat loaded" wqc-top -1 &&
		complains "is wq_compat loaded" wqc-trace -s 0.1 -o /tmp/none && kept /tmp/none
}

bad_input() {
	complains "-o needs the name of a file" wqc-trace -o &&
		complains "-s needs a number" wqc-trace -s soon &&
		complains "cannot read /tmp/missing" wqc-trace -t /tmp/missing &&
		complains "it is a directory" wqc-trace -o /tmp &&
		complains "cannot write /tmp/missing/" wqc-trace -o /tmp/missing/file &&
		complains "-n needs a number" wqc-top -n some &&
		complains "is wq_compat loaded" wqc-top --prometheus &&
		wqc-top --help | grep -q "^usage: wqc-top" &&
		wqc-trace --help | grep -q "^usage: wqc-trace"
}

# All runners of Delayed wait at a gate, with items behind them; Critical is idle.
blocked_class() {
	witness gate 0
	witness block 4 -1 1
	eventually counts inside "$cpus" && top_says || return 1
	is Delayed 2 0 && is Delayed 3 0 && is Delayed 4 $((3 * cpus)) &&
		is Delayed 5 "$cpus" && is Critical 4 0 && is Critical 5 0 || return 1
	grep -q "^ *[0-9]* *$cpus Delayed .* witness_block \[wqc_witness\]$" /tmp/top ||
		{ echo "the routines that block are not shown"; return 1; }
	top_says -c && above_zero Delayed/1 4 && is Critical/1 4 0 || return 1
	wqc-top -n 2 -d 0.3 --json >/tmp/json && hand_out blocked.top.json /tmp/json || return 1
	grep -q "\"routine\":\"witness_block\",\"module\":\"wqc_witness\",\"class\":\"Delayed\",\"runs\":$cpus," \
		/tmp/json || { echo "the routines that block are not in the JSON"; return 1; }
	witness gate 1
	eventually nothing_is_lost
}

# Items of two drivers behind routines that block. A search goes by parts of 64 items.
items_of_drivers() {
	local n=$((3 * cpus))

	witness gate 0
	witness block 4 -1 1
	eventually counts inside "$cpus" && load wqc_client api=ioex class=1 count=200 cpu=0 || return 1
	grep -v "^#" /sys/kernel/debug/wq_compat/drivers >/tmp/drivers
	printf 'class=Delayed driver=%s\n' "- waiting=$n running=$cpus" "wqc_client waiting=200 running=0" |
		diff /tmp/drivers - || return 1
	top_says -m && grep -q "^ *- *0 *200 *0 *1 wqc_client  *-\$" /tmp/top &&
		grep -q "^ *- *0 *$n *0 *0 (none)  *-\$" /tmp/top || return 1
	witness gate 1
	eventually nothing_is_lost && unload wqc_client && eventually no_item_of_a_driver
}
no_item_of_a_driver() { ! grep -v "^#" /sys/kernel/debug/wq_compat/drivers; }

# The first refresh may come before the first sample.
rates_and_times() {
	top_says && above_zero Delayed 2 && above_zero Delayed 3 &&
		is Critical 2 0 && is Critical 3 0 &&
		[ "$(field Delayed 7)" != - ] && [ "$(field Delayed 8)" != - ] &&
		[ "$(field Delayed 9)" != - ] && [ "$(field Delayed 10)" != - ]
}

# The routine takes 20 us: half of the runs cannot read as less than 16.
flooded_class() {
	load wqc_offender && eventually rates_and_times || return 1
	cat /tmp/top
	case $(field Delayed 9) in *ns | [0-9].*us | 1[0-6].*us) echo "it runs longer"; return 1 ;; esac
	wqc-top -1 -d 1 --json >/tmp/json && hand_out flooded.top.json /tmp/json &&
		unload wqc_offender && top_says || return 1
	# Events before the last refresh do not count.
	is Delayed 3 0 && is Delayed 7 - && is Delayed 8 - && is Delayed 9 - && is Delayed 10 -
}

# The counters since the load, which are still now.
prometheus() {
	local queued

	wqc-top --prometheus -o /tmp/prom && wqc-top --prometheus -c >/tmp/prom.cpus || return 1
	queued=$(sed -n 's/^class=Delayed .*[ ]queued=\([0-9]*\) .*/\1/p' \
		/sys/kernel/debug/wq_compat/queues | awk '{ n += $1 } END { print n }')
	grep "^wq_compat_items_.*\"Delayed" /tmp/prom
	[ "$queued" -gt 0 ] && grep -q "^wq_compat_items_queued_total{class=\"Delayed\"} $queued\$" \
		/tmp/prom && grep -q '^wq_compat_items_queued_total{class="Delayed",cpu="1"} ' \
		/tmp/prom.cpus && grep -q '^wq_compat_item_run_seconds_count{class="Delayed"} [1-9]' \
		/tmp/prom || return 1
	mount -t tmpfs -o size=8k none /tmp/small && echo earlier >/tmp/small/prom || return 1
	complains "cannot write /tmp/small/prom" wqc-top --prometheus -o /tmp/small/prom &&
		kept /tmp/small/prom && umount /tmp/small
}

as_nobody() { su -s /bin/sh nobody -c "$1"; }
without_root() {
	mkdir -p /etc && echo "nobody:x:65534:65534::/:/bin/sh" >/etc/passwd || return 1
	complains "are you root?" as_nobody "wqc-top -1" &&
		complains "only root can record" as_nobody "wqc-trace -s 0.1 -o /tmp/nobodys"
}

# The line is cut, and still names the module.
narrow() {
	load wqc_offender what=sleep && top_says && cp /tmp/top /tmp/sleeps || return 1
	top_says -c && cat /tmp/top /tmp/sleeps >/tmp/both || return 1
	unload wqc_offender
	grep -q "HyperCritical .* offender_sleeps.*~ \[wqc_offender\]$" /tmp/both ||
		{ echo "the routine that sleeps in HyperCritical is not shown"; return 1; }
	awk 'length > 79 { print "too long: " $0; bad = 1 } END { exit bad }' /tmp/both
}

holds() {
	[ "$(grep -c "$2" /tmp/trace.json)" -eq "$1" ] || { echo "the trace does not hold $1 times $2"; return 1; }
}
# 10 items, each queued three times, by its routine after the first time.
recorded() {
	wqc-trace -o /tmp/trace.json sh -c '. /wqc/lib.sh; load wqc_client class=1 count=10 sleep_ms=20 requeue=2 && eventually nothing_is_lost && eventually queues_balance' \
		>/tmp/said || { cat /tmp/said; return 1; }
	cat /tmp/said
	grep -q "30 items queued, 30 started, 30 ended; at the end 0 wait, 0 run" /tmp/said ||
		{ echo "not all items were seen"; return 1; }
	holds 30 '"ph":"s"' && holds 30 '"name":"client_ex \[wqc_client\]","cat":"routine"' || return 1
	# Each slept 20 ms; with a runner a CPU the last of ten waited for others.
	awk '$1 == "worst" { part = $2 }
		$1 == "client_ex" && $4 == 30 && ($8 == "s" || $8 == "ms" && $7 >= 20) &&
			($8 != $6 || $7 >= $5) { seen[part] = 1 }
		END { exit !(seen["waiting"] && seen["running"]) }' /tmp/said ||
		{ echo "the worst times are wrong"; return 1; }
	hand_out load.trace.json /tmp/trace.json && unload wqc_client
}

# Each of 200 items, all on one CPU, sleeps 2 ms, and there is a runner a CPU: most have waited for the
# routines of others. The shares are rounded.
explained() {
	wqc-trace -w -o /tmp/trace.json sh -c '. /wqc/lib.sh; load wqc_client class=1 count=200 cpu=0 sleep_ms=2 && eventually nothing_is_lost' \
		>/tmp/said || { cat /tmp/said; return 1; }
	cat /tmp/said
	sed 's/%//g' /tmp/said | awk '$1 == "slowest" { on = 1 }
		on && $1 == "Delayed" { found = $2 >= 2 && $2 <= 40 && $7 >= 50 && $5 + $6 + $7 + $8 >= 98 && $5 + $6 + $7 + $8 <= 102 }
		END { exit !found }' || { echo "the waiting is not explained"; return 1; }
	unload wqc_client
}

# A file system of 8 KB is full before the recording is written.
disk_full() {
	local i=0

	mkdir -p /tmp/small && mount -t tmpfs -o size=8k none /tmp/small || return 1
	echo earlier >/tmp/small/file
	while [ $i -lt 200 ]; do
		echo " rt/0-9 [000] d..1 $i.000001: item_start: item=$i routine=a_long_name context=1 class=2"
		i=$((i + 1))
	done >/tmp/text
	if wqc-trace -t /tmp/text -o /tmp/small/file >/tmp/said 2>&1 ||
		! grep -q "cannot write /tmp/small/file" /tmp/said; then
		cat /tmp/said
		return 1
	fi
	kept /tmp/small/file && umount /tmp/small
}

# Two run at the same time, and leave nothing behind; a signal ends one early.
side_by_side() {
	local first

	wqc-trace -s 100 -o /tmp/first.json >/tmp/first &
	first=$!
	eventually recording 1 || return 1
	wqc-trace -s 0.2 -o /tmp/second.json >/tmp/second || return 1
	load wqc_client class=0 && eventually nothing_is_lost && unload wqc_client || return 1
	kill "$first"
	wait "$first"
	cat /tmp/first /tmp/second
	grep -q "1 items queued, 1 started, 1 ended" /tmp/first &&
		grep -q "0 items queued" /tmp/second && recording 0
}
recording() {
	local buffers

	buffers=$(find /sys/kernel/tracing/instances -maxdepth 1 -name 'wqc-trace.*')
	# shellcheck disable=SC2086 # words are meant
	set -- "$1" $buffers
	[ $(($# - 1)) -eq "$1" ] || return 1
	[ "$1" -eq 0 ] || [ "$(cat "$2/events/wq_compat/enable")" = 1 ]
}

t tools_say_that_there_is_no_module without_module
t tools_say_what_is_wrong_with_their_words bad_input
t full_disk_keeps_the_earlier_recording disk_full
t modules_load load_small
t idle_module_is_shown_idle idle_module
t class_that_is_full_shows_depth_and_routines blocked_class
t items_are_shown_by_driver items_of_drivers
t class_under_load_shows_rates_and_times flooded_class
t counters_are_those_since_the_load prometheus
t tools_say_that_they_need_root without_root
t output_fits_a_serial_console narrow
t trace_has_every_item recorded
t waiting_is_explained explained
t recordings_do_not_disturb_each_other side_by_side
t modules_unload unload wqc_witness wq_compat
