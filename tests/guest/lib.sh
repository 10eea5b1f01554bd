# shellcheck shell=dash
# Functions for the guest's scripts, which are sourced after this file, in /wqc/modules.
#
# t NAME COMMAND...: runs one test. COMMAND (usually a function) passes with status 0 and is
# skipped with status 4; the last line of its output is the reason. verdict.py expects a result
# for every literal "t NAME" in a script, so each t must always run.

# shellcheck disable=SC2034 # read by init
failed=0
SKIP=4

# shellcheck disable=SC1091 # written by guest.sh
. /wqc/env

# Copies lines into the kernel's log.
log() {
	while read -r line; do
		echo "guest: $line" >/dev/kmsg
	done
}

# Unloads the modules that a failed test has loaded, newest first, so that the next test finds
# what it expects: one failure is one.
tidy() { # tidy MODULES-BEFORE
	local name rest

	[ ! -e /sys/module/wqc_witness ] || witness gate 1
	while read -r name rest; do
		case " $1 " in *" $name "*) ;; *) rmmod "$name" & eventually is_gone "$name" ;; esac
	done </proc/modules
}
modules() { awk '{ print $1 }' /proc/modules | xargs; }

t() {
	local name=$1 status before

	shift
	echo "wqc-test: begin $name" >/dev/kmsg
	before=$(modules)
	("$@") >/tmp/out 2>&1
	status=$?
	log </tmp/out
	case $status in 0 | "$SKIP") ;; *) tidy "$before" 2>&1 | log ;; esac
	echo "wqc-test: end $name" >/dev/kmsg
	case $status in
	0) echo "ok $name" >&3 ;;
	"$SKIP") echo "skip $name $(tail -n 1 /tmp/out)" >&3 ;;
	*)
		failed=1
		echo "not ok $name status $status: $(tail -n 1 /tmp/out)" >&3
		;;
	esac
}

# t_dies NAME "TEXT" COMMAND...: the last test of a script. COMMAND must cause a panic that begins
# with TEXT, within ten seconds; verdict.py looks for it in the logs.
t_dies() {
	local name=$1

	echo "wqc-test: begin $name" >/dev/kmsg
	echo "DYING $name" >&3
	sleep 1		# let the status line reach the host first
	shift 2
	"$@"
	sleep 10
	failed=1
	echo "not ok $name it did not die" >&3
}

# load MODULE [PARAM=VALUE...], unload MODULE...
#
# Blockers occupy whole classes for as long as a slow machine needs, so the watchdog for stalled
# classes is off unless a script passes stall_s.
load() {
	local ko=$1.ko patience=

	shift
	[ "$ko" != wq-compat.ko ] || patience=stall_s=0
	# shellcheck disable=SC2086 # nothing, or one word
	insmod "$ko" $patience "$@"
}

# The number of lost wake-ups that wq_compat has found and repaired, a line for each time that it
# was loaded; "unknown" if debugfs does not tell. Each repair is also logged, and splats.txt
# lists the message: that covers kernels without debugfs, and guests that panic.
healed=/tmp/healed
note_healed() {
	local queues=/sys/kernel/debug/wq_compat/queues

	[ ! -e $queues ] || awk '/^class=/ && split($NF, f, "=") == 2 && f[1] == "healed" {
		sum += f[2]
		known = 1
	}
	END { print known ? sum : "unknown" }' $queues >>$healed
}
rmmod() {
	[ "$1" != wq_compat ] || note_healed
	command rmmod "$@"
}
# init runs this test after the last test of every script.
nothing_was_healed() {
	local bad

	note_healed
	bad=$(grep -s -v -x 0 $healed | paste -s -d,)
	[ -z "$bad" ] || { echo "lost wake-ups were repaired: $bad"; return 1; }
}

unload() {
	local name

	for name in "$@"; do
		rmmod "$name" || return 1
	done
}

reload() {
	load wq-compat && unload wq_compat && load wq-compat && unload wq_compat
}

# hand_out NAME FILE: sends a file to the host. verdict.py expects one for each literal
# "hand_out NAME" in a script and checks it as files.py says; NAME must have a known ending.
hand_out() { sed "s/^/file $1 /" "$2" >&3; }

# no_leaks [FUNCTION]: kmemleak must find no leak, except allocations of the kernel's FUNCTION.
# kmemleak reports an object that is unreferenced and unchanged in two scans and 5 s old.
no_leaks() {
	local file=/sys/kernel/debug/kmemleak

	[ -e "$file" ] || { echo "this kernel has no kmemleak"; return "$SKIP"; }
	sleep 6
	echo scan >"$file" || { echo "kmemleak turned itself off"; return 1; }
	echo scan >"$file" || return 1
	awk -v but="${1:-}" '/^unreferenced/ { if (!theirs) printf "%s", object; object = ""; theirs = 0 }
		{ object = object $0 "\n" }
		but != "" && index($0, but) { theirs = 1 }
		END { if (!theirs) printf "%s", object }' "$file" >/tmp/leaks || return 1
	[ -s /tmp/leaks ] || return 0
	head -n 200 /tmp/leaks
	echo "$(grep -c '^unreferenced' /tmp/leaks) objects leaked"
	return 1
}

# how_often CHECK LONG: prints the number of rounds: CHECK in "make check", LONG in
# "make check-long", divided by the scale of the kernel.
how_often() {
	local n=$1

	[ "${long:?}" -eq 0 ] || n=$2
	n=$((n / ${scale:?}))
	[ "$n" -gt 0 ] || n=1
	echo "$n"
}

# Prints measurements of a test in a form that verdict.py passes on.
figures() { echo "figures: $*"; }

# Reproducible random numbers: seed N, then random N sets $random to a number below N.
seed() { random_state=$1; }
# shellcheck disable=SC2034 # random is read by the caller
random() {
	random_state=$(((random_state * 1103515245 + 12345) & 0x7fffffff))
	random=$(((random_state >> 12) % $1))
}

# ---- with the modules of tests/modules -------------------------------------------------

# The parameters of wqc_witness: "count ran" reads one, "witness gate 0" writes one.
count() { cat "/sys/module/wqc_witness/parameters/$1"; }
witness() {
	local name=$1

	shift
	echo "$*" >"/sys/module/wqc_witness/parameters/$name"
}

# eventually COMMAND...: repeats COMMAND until it succeeds, and fails after $patience seconds.
eventually() {
	local tries=0

	until "$@" >/tmp/eventually; do
		tries=$((tries + 1))
		if [ "$tries" -gt $((10 * ${patience:?})) ]; then
			cat /tmp/eventually
			echo "not within $patience s: $*"
			return 1
		fi
		usleep 100000
	done
}

counts() { # counts NAME NUMBER: whether the count is NUMBER now
	[ "$(count "$1")" -eq "$2" ]
}

is_gone() { [ ! -e "/sys/module/$1" ]; }

# Every accepted item has run or was taken back.
nothing_is_lost() {
	local accepted ran taken

	accepted=$(count accepted) ran=$(count ran) taken=$(count taken)
	[ "$accepted" -eq $((ran + taken)) ] && return
	echo "$accepted items were accepted, $ran have run, $taken were taken back"
	return 1
}

# ---- clients that leave, beside wqc_witness --------------------------------------------

# Loads with the minimum of runners, so that a blocker on each makes all other items wait.
load_small() {
	load wq-compat max_runners_any="$(nproc)" max_runners_rt=1 verifier=0 && load wqc_witness
}

# Occupies every runner: no other item starts until the gate opens.
block_all() {
	witness gate 0
	witness block 1
	eventually counts inside $((3 * $(nproc)))
}

# The module that is removed. For wqc_client_b, which is otherwise the same, only the module
# notifier waits.
leaver=wqc_client
client() { load "$leaver" "$@"; }

# The client's rmmod must wait, and no item may run, until the gate opens. When rmmod returns,
# all items have run; with "eventually", items queued behind those of the client may run later.
# shellcheck disable=SC2120 # in scripts
waits_for_the_gate() { # waits_for_the_gate [eventually]
	local ran pid

	ran=$(count ran)
	rmmod "$leaver" &
	pid=$!
	usleep 400000
	kill -0 "$pid" 2>/dev/null || fails "rmmod did not wait" || return 1
	counts ran "$ran" || fails "something ran behind the blockers" || return 1
	witness gate 1
	wait "$pid" && "$@" nothing_is_lost
}

# Opens the gate before it fails, because the next test would wait for a blocker.
fails() {
	witness gate 1
	echo "$*"
	return 1
}

running() {
	local api

	for api in ex io ioex; do
		client api="$api" sleep_ms=400 tail_ms=100 "$@" || return 1
		unload "$leaver" && nothing_is_lost || return 1
	done
}

queued() {
	local api

	for api in ex io ioex; do
		block_all || return 1
		# shellcheck disable=SC2119 # its own
		client api="$api" count=3 tail_ms=50 "$@" && waits_for_the_gate || return 1
	done
}

init_text() {
	client early=1 sleep_ms=400 tail_ms=100 && nothing_is_lost || return 1
	unload "$leaver" || return 1
	client early=1 sleep_ms=400 tail_ms=100 plain=1 && nothing_is_lost && unload "$leaver"
}

failing_load() {
	! client fail=1 "$@" count=2 sleep_ms=400 tail_ms=100 2>/dev/null || return 1
	nothing_is_lost
}

failing_loads() {
	local api

	for api in ex io ioex; do
		failing_load api="$api" && failing_load api="$api" plain=1 || return 1
	done
}

is_over() { ! kill -0 "$1" 2>/dev/null; }

# forget_log clears the kernel's log; said TEXT then looks for TEXT in the new lines.
forget_log() { dmesg -c >/dev/null; }
said() {
	dmesg | grep -q -F -e "$1" && return
	echo "the kernel's log has no '$1'"
	return 1
}

# Prints the sum of a column over the CPUs of a class, or of all classes: "*".
column() { # column CLASS-NAME COLUMN
	awk -v class="class=$1" -v name="$2" '$1 == class || (class == "class=*" && /^class=/) {
		for (i = 2; i <= NF; i++) {
			split($i, f, "=")
			if (f[1] == name)
				sum += f[2]
		}
	}
	END { print sum + 0 }' /sys/kernel/debug/wq_compat/queues
}

# On an idle machine the counters in debugfs wq_compat/queues must add up.
queues_balance() {
	awk '/^class=/ {
		for (i = 1; i <= NF; i++) {
			split($i, f, "=")
			v[f[1]] = f[2]
		}
		n++
		if (v["queued"] != v["finished"] + v["taken"] || v["started"] != v["finished"] ||
		    v["depth"] || v["busy"]) {
			print
			bad = 1
		}
	}
	END { exit bad || !n }' /sys/kernel/debug/wq_compat/queues
}

# Sets $f_NAME for each figure of the test module with the directory $parameters.
read_figures() {
	local figure all

	read -r all <"${parameters:?}/figures"
	for figure in $all; do
		eval "f_${figure%%=*}=${figure#*=}"
	done
}

# ---- the storm of wqc_mix, with its $parameters --------------------------------------------

storm_is_over() {
	local idle

	read -r idle <"$parameters/idle"
	[ "$idle" = Y ] || { cat "$parameters/figures"; return 1; }
}

# shellcheck disable=SC2154 # set by read_figures
# Every accepted item ran once; every timer fired, not early, or was cancelled.
storm_laws_hold() {
	read_figures
	[ "$f_posted" -eq $((f_ran + f_refused)) ] && [ "$f_wrong" -eq 0 ] &&
		[ "$f_armed" -eq $((f_fired + f_cancelled)) ] && [ "$f_early" -eq 0 ] && return
	cat "$parameters/figures"
	return 1
}

# Waits until the queued items have run, which may be many on a slow machine.
storm_ends() {
	echo 1 >"$parameters/stop"
	eventually storm_is_over && storm_laws_hold
}

# ---- allocations that fail -----------------------------------------------------------------

faults="/sys/kernel/debug/failslab /sys/kernel/debug/fail_page_alloc"

# Makes every allocation eligible, of any size and GFP flags. No allocation fails yet.
any_allocation_may_fail() {
	local kind

	for kind in $faults; do
		[ -e "$kind" ] || { echo "this kernel cannot inject failures"; return "$SKIP"; }
		echo N >"$kind/ignore-gfp-wait" && echo 0 >"$kind/verbose" || return 1
	done
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order &&
		echo N >/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem
}

# Sets whether allocations fail in each existing kernel thread, and in its children.
threads_fail() { # threads_fail 0|1
	local dir

	for dir in /proc/[0-9]*; do
		[ -e "$dir/exe" ] || echo "$1" 2>/dev/null >"$dir/make-it-fail"
	done
}

# Lets the percentage of memory_fails fail, in kernel threads only.
kernel_threads_lack_memory() {
	local kind

	any_allocation_may_fail || return
	for kind in $faults; do
		echo Y >"$kind/task-filter" && echo -1 >"$kind/times" || return 1
	done
	threads_fail 1
}

memory_fails() { # memory_fails PERCENT
	local kind

	for kind in $faults; do
		echo "$1" >"$kind/probability"
	done
}

# ---- CPU hotplug -----------------------------------------------------------------------

cpu_goes() { echo 0 >"/sys/devices/system/cpu/cpu$1/online"; }
cpu_comes() { echo 1 >"/sys/devices/system/cpu/cpu$1/online"; }
every_other_cpu() { seq 1 "$(sed 's/.*-//' /sys/devices/system/cpu/present)"; }

# Takes every CPU but the first offline, and online again at once or after the last is offline.
every_other_cpu_in_turn() {
	local round=0 cpu

	while [ "$round" -lt $((20 / ${scale:?} + 3)) ]; do
		round=$((round + 1))
		for cpu in $(every_other_cpu); do
			cpu_goes "$cpu" || return 1
			[ $((round % 2)) -eq 0 ] || cpu_comes "$cpu" || return 1
		done
		for cpu in $(every_other_cpu); do
			cpu_comes "$cpu" 2>/dev/null
		done
	done
}

# Prints the HyperCritical threads of a CPU from /proc.
rt_threads() {
	grep -l -x "wqc_rt/$1" /proc/[0-9]*/comm | cut -d/ -f3
}

# The thread is bound to its CPU and is SCHED_FIFO (1) with priority 50.
rt_thread_is_home() {
	local allowed policy

	[ -e "/proc/$2" ] || return 0	# a surplus thread that has exited
	allowed=$(awk '/^Cpus_allowed_list:/ { print $2 }' "/proc/$2/status")
	policy=$(awk '{ print $41, $40 }' "/proc/$2/stat")
	[ "$allowed" = "$1" ] && [ "$policy" = "1 50" ] && return
	echo "wqc_rt/$1, pid $2: CPUs $allowed, policy and priority $policy"
	return 1
}

rt_threads_are_home() {
	local pid threads

	threads=$(rt_threads "$1")
	[ -n "$threads" ] || { echo "no threads wqc_rt/$1"; return 1; }
	for pid in $threads; do
		eventually rt_thread_is_home "$1" "$pid" || return 1
	done
}

# Brings up the CPUs of a guest that was booted with maxcpus=1. If QEMU counts instructions, the
# next CPU starts only when the first one pauses: see tests/bench/wqc_hog.c.
bring_up_cpus() {
	local cpu

	load wqc_hog || return 1
	for cpu in /sys/devices/system/cpu/cpu[1-9]*/online; do
		echo 1 >"$cpu" || return 1
	done
	unload wqc_hog
}
