# shellcheck shell=dash disable=SC2154 # long is from /wqc/env, and f_... from figures
# Random calls, valid and invalid, in every context on four CPUs. Each invalid call is reported;
# each accepted item runs once or is taken back. The seed is in the log: the same seed makes the
# same calls again ("load wqc-fuzz seed=N steps=N").

parameters=/sys/module/wqc_fuzz/parameters

# The number of reports with this text.
reports() {
	awk -v text="$1" '{ n = $1; sub(/^[0-9]+ [^ ]+ /, ""); if ($0 == text) print n }' \
		/sys/kernel/debug/wq_compat/reports
}

# same WHAT NUMBER NUMBER
same() {
	[ "$2" -eq "$3" ] && return
	echo "$1: $2, must be $3; seed $f_seed"
	return 1
}

# See wqc_fuzz_calls.c. Items that are freed or queued too often are reported one by one.
laws_hold() {
	local twice freed

	read_figures
	twice=$(($(reports "item queued while it is queued") - f_twice))
	freed=$(reports "item freed while it is queued")
	same "accepted, ran or taken back" $((f_accepted - twice)) \
		$((f_ran + freed + f_cancelled)) || return 1
	same "refused" "$(column '*' refused)" $((f_refused + twice))
}

# Misuse that does not depend on a race is reported as often as it was done.
reports_are_exact() {
	same "wrong statuses" "$f_wrong" 0 &&
		same "bad types" "$(reports "invalid queue type")" "$f_bad_type" &&
		same "bad routines" "$(reports "invalid worker routine")" "$f_bad_routine" &&
		same "bad items" "$(reports "invalid item")" "$f_bad_item" &&
		same "bad objects" "$(reports "item without a valid IoObject")" "$f_bad_object" &&
		same "no objects" "$(reports "not an object, or deleted before")" \
			"$f_bad_device" &&
		same "waits for itself" "$(reports "routine would wait for itself")" \
			"$f_self_wait" &&
		same "interrupts" "$(reports "routine returned with interrupts disabled")" \
			"$f_irqs_off" &&
		same "preemption" "$(reports "routine returned with another preemption count")" \
			"$f_preempt" &&
		same "nice" "$(reports "policy or nice changed during a routine, or from outside")" "$f_policy" &&
		same "nothing else" "$(nothing_else)" 0
}

nothing_else() {
	awk '/invalid queue entry|softirq count|RCU|other locks|credentials|affinity|ended its|not deleted/ {
		n += $1
	}
	END { print n + 0 }' /sys/kernel/debug/wq_compat/reports
}

abuse() { # abuse PARAMETER=VALUE...
	load wq-compat && load wqc-fuzz "$@" || return 1
	eventually laws_hold && eventually queues_balance || return 1
	read_figures
	reports_are_exact
}

leave() { unload wqc_fuzz wq_compat; }

# Half a minute in "make check", ten in "make check-long"; on a slow kernel a part of that.
long_abuse() {
	local seconds=30 number

	[ "$scale" -eq 1 ] || seconds=10
	[ "$long" -eq 0 ] || seconds=$((seconds * 20))
	read -r number _ </proc/uptime
	abuse seed="${number%.*}${number#*.}" seconds="$seconds" || return 1
	figures "abuse: $seconds s, $(cat "$parameters/figures")"
	leave
}

same_seed_same_calls() {
	local hash

	abuse seed=7 steps=$(((2000 / scale) + 50)) && hash=$f_hash && leave || return 1
	abuse seed=7 steps=$(((2000 / scale) + 50)) || return 1
	[ "$f_hash" = "$hash" ] || { echo "the same seed made other calls"; return 1; }
	leave && abuse seed=8 steps=$(((2000 / scale) + 50)) && leave || return 1
	[ "$f_hash" != "$hash" ] || { echo "another seed made the same calls"; return 1; }
}

t same_seed_makes_the_same_calls same_seed_same_calls
t laws_hold_and_misuse_is_reported long_abuse
t no_leaks no_leaks
