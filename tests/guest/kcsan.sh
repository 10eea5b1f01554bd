# shellcheck shell=dash
# Does KCSAN look? A race that is there on purpose must be found, and it is the only one
# that allowed.txt lets pass. The races of the module itself are looked for by kunit.

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
