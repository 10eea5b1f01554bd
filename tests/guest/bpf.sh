# shellcheck shell=dash
# wqc-bpf: bpftrace shows the waiting and running times, and who queues what.
#
# fetch: bpftrace
# one thread: trace events are switched on under load.

load_both() { load wq-compat && load wqc_witness; }

complains() { # complains TEXT WORD...
	local text=$1

	shift
	! wqc-bpf "$@" >/tmp/said 2>&1 && [ "$(wc -l </tmp/said)" = 1 ] && grep -q -F -- "$text" /tmp/said && return
	cat /tmp/said
	return 1
}

bad_words() {
	complains "neither latency nor queued" all && complains "whole number" latency soon &&
		complains "bpftrace is missing" latency && wqc-bpf --help | grep -q "^usage: wqc-bpf" || return 1
	PATH=$PATH:/usr/bin
	complains "is wq_compat loaded" queued 1
}

# record WORD COMMAND...: what it prints while COMMAND runs, in /tmp/shown.
record() {
	local word=$1 pid

	shift
	PATH=$PATH:/usr/bin wqc-bpf "$word" >/tmp/shown 2>&1 &
	pid=$!
	eventually is_tracing && "$@" || return 1
	kill -INT "$pid"
	wait "$pid"
	cat /tmp/shown
}
is_tracing() { grep -q "are counted; Ctrl-C" /tmp/shown; }
shows() { grep -q -e "$1" /tmp/shown || { echo "it does not show '$1'"; return 1; }; }

# 10 items, each queued three times, whose routine sleeps 20 ms.
client() { load wqc_client class=1 count=10 sleep_ms=20 requeue=2 && eventually nothing_is_lost; }

# sum MAP RANGE: of the counts of the client's histogram in lines that begin with RANGE, which has no
# backslash: awk would take it away.
sum() {
	awk -v map="@$1[client_ex]:" -v range="$2" '/^@/ { on = $1 == map }
		on && $0 ~ range && match($0, /\) *[0-9]+ /) { n += substr($0, RSTART + 1) }
		END { print n + 0 }' /tmp/shown
}

# Each routine ran for at least 16 ms, and those at the end have waited for others.
times_of_a_routine() {
	record latency client && unload wqc_client || return 1
	[ "$(sum waited_us .)" = 30 ] || { echo "not 30 waiting times"; return 1; }
	[ "$(sum ran_us .)" = 30 ] || { echo "not 30 running times"; return 1; }
	[ "$(sum ran_us '^.(1[6-9]|[2-9].|...)K|^.[0-9]*M')" = 30 ] || { echo "a time is too short"; return 1; }
}

who_queues() {
	record queued client && unload wqc_client || return 1
	shows "^@queued\[Delayed, client_ex" && shows "wqc_ex_queue+" && shows "client_.*+" || return 1
	[ "$(awk '/^@queued/ { on = /client_ex/ } on && /^\]: / { n += $2 } END { print n + 0 }' /tmp/shown)" = 30 ] ||
		{ echo "not 30 queue calls"; return 1; }
}

ends_by_itself() {
	PATH=$PATH:/usr/bin
	wqc-bpf latency 1 >/tmp/shown && ! grep "^@" /tmp/shown
}

t tools_say_what_is_wrong_with_their_words bad_words
t modules_load load_both
t times_of_a_routine_are_shown times_of_a_routine
t who_queues_what_is_shown who_queues
t recording_ends_after_its_time ends_by_itself
t modules_unload unload wqc_witness wq_compat
