# shellcheck shell=dash
# A control for KCSAN: it must find a race that is there on purpose, the only one that
# allowed.txt accepts. The suites of kunit look for races of the module itself.

planted() {
	[ -e /sys/kernel/debug/kcsan ] || { echo "this kernel has no KCSAN"; return "$SKIP"; }
	load wqc_race || return 1
	eventually said "BUG: KCSAN: data-race in race_routine [wqc_race] / race_routine [wqc_race]"
	unload wqc_race
	said "BUG: KCSAN: data-race in race_routine [wqc_race]"
}

t module_loads load wq-compat
t planted_race_is_found planted
t modules_unload unload wq_compat
