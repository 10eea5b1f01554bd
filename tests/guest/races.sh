# shellcheck shell=dash disable=SC2154 # what random and counted set, and /wqc/env
# A driver is unloaded, spins down, cancels, deletes or frees while items and timers are queued,
# pending and running. No item is lost, and none runs twice.

load_modules() { load wq-compat && load wqc_witness; }

counted() { read -r "$1" <"/sys/module/wqc_witness/parameters/$1"; }

# The options of the last round, to repeat it by hand.
said_round=
fails() {
	echo "$*; $said_round"
	return 1
}

none_lost() {
	counted accepted && counted ran && counted taken
	[ "$accepted" -eq $((ran + taken)) ] ||
		fails "$accepted accepted, $ran ran, $taken taken back"
}

# No driver is loaded any more: its routines have returned, after they were counted.
none_runs() {
	local started ended

	started=$(column '*' started) ended=$(column '*' finished)
	[ "$started" -gt 0 ] || fails "nothing has run" || return 1
	[ "$started" -eq "$ended" ] || fails "$started items started, $ended have ended"
}

all_is_done() { none_lost && none_runs; }

# ---- drivers that are unloaded ----------------------------------------------------------

# Sets $options of a wqc_client, whose items are in any state when it is unloaded.
any_options() {
	random 20
	options="count=$((random + 1))"
	random 5
	options="$options sleep_ms=$random"
	random 3
	options="$options tail_ms=$random"
	random 3
	options="$options requeue=$random"
	random 2
	options="$options plain=$random"
	random 2
	options="$options at_exit=$random"
	random 4
	options="$options class=$((random - 1))"
	random 4
	case $random in
	0) options="$options api=ex" ;;
	1) options="$options api=io" ;;
	2) options="$options api=ioex" ;;
	3) options="$options api=ioex foreign=1 plain=0 requeue=0" ;;
	esac
}

# Sets the options of a wqc_rxclient, and of its timers.
any_rx_options() {
	random 20
	options="count=$((random + 1))"
	random 6
	options="$options sleep_ms=$random"
	random 20
	options="$options due_ms=$((random + 1))"
	random 2
	options="$options again=$random"
	random 2
	options="$options twice=$random"
	random 2
	options="$options plain=$random"
}

# Two drivers are loaded at the same time, and unloaded in any order, or both together.
one_round() {
	local a=wqc_client b=wqc_client_b

	random 2
	if [ "$random" -eq 0 ]; then
		a=wqc_rxclient
		any_rx_options
	else
		any_options
	fi
	said_round="$a $options"
	# shellcheck disable=SC2086 # words are meant
	load "$a" $options || fails "$a does not load" || return 1
	any_options
	said_round="$said_round; $b $options"
	# shellcheck disable=SC2086 # words are meant
	load "$b" $options || fails "$b does not load" || return 1
	random 8
	[ "$random" -ne 0 ] || usleep 5000
	random 4
	case $random in
	0) unload "$a" "$b" ;;
	1) unload "$b" "$a" ;;
	*)
		rmmod "$a" &
		rmmod "$b" && wait "$!"
		;;
	esac || fails "rmmod fails" || return 1
	all_is_done
}

rounds() {
	local left number

	number=$(how_often 60 1000)
	left=$(((number + 1) / 2))
	seed "$number"
	while [ "$left" -gt 0 ]; do
		left=$((left - 1))
		one_round || return 1
	done
	figures "$number drivers were loaded and unloaded, two at a time: $accepted items, $ran ran, $taken refused; seed $number"
}

sleeps() {
	local before now

	read -r before _ </proc/uptime
	load wqc_client class=1 sleep_ms=3000 && unload wqc_client || return 1
	read -r now _ </proc/uptime
	all_is_done || return 1
	[ $((${now%.*} - ${before%.*})) -ge 2 ] || fails "rmmod came back after less than 2 s"
}

# In a slow guest, the driver may be gone at the first look.
is_leaving() { is_gone "$1" || [ "$(cat "/sys/module/$1/initstate" 2>/dev/null)" = going ]; }

# The routine removes its own module. rmmod waits until it returns; if the routine waited for
# rmmod, that would be a deadlock, so the log says what rmmod waits for.
by_own_routine() {
	local tail=700

	[ "${long:?}" -eq 0 ] || tail=9000
	forget_log
	load wqc_client class="$1" api="$2" leave=1 tail_ms="$tail" || return 1
	eventually is_leaving wqc_client || return 1
	eventually is_gone wqc_client && all_is_done || return 1
	[ "$long" -eq 0 ] ||
		said "rmmod of wqc_client waits for routine client_$3 [wqc_client], running for"
}

each_class_by_own_routine() {
	by_own_routine 1 ex ex && by_own_routine 0 ioex io_ex && by_own_routine 2 io io
}

# ---- races --------------------------------------------------------------------------------

# race NAME CHECK LONG: the load runs all rounds, and fails if a law was broken.
race() {
	local number

	number=$(how_often "$2" "$3")
	forget_log
	load wqc_races race="$1" rounds="$number" seed="$number" patience=$((4 * patience)) || {
		dmesg | tail -n 3
		return 1
	}
	figures "$(dmesg | sed -n 's/.*races: //p' | tail -n 1)"
	unload wqc_races
}

race_and_count() { race "$@" && none_lost; }

# The sum in debugfs: items freed while queued did not run, all others did.
taken_back() { column '*' taken; }
reported() { awk -v code="$1" '$2 == code { print $1; exit }' /sys/kernel/debug/wq_compat/reports; }

free_race() {
	local before freed lost=0

	counted accepted && counted ran && counted taken
	before=$((accepted - ran - taken))
	freed=$(taken_back)
	lost=$(reported 0xE4/2)
	race free "$@" || return 1
	counted accepted && counted ran && counted taken
	freed=$(($(taken_back) - freed))
	lost=$(($(reported 0xE4/2) - lost))
	figures "free: $freed were taken back, $lost reported"
	[ $((accepted - ran - taken - before)) -eq "$freed" ] && [ "$freed" -eq "$lost" ] ||
		fails "$((accepted - ran - taken - before)) of $accepted did not run" || return 1
	[ "$freed" -gt 0 ] || [ "$(how_often "$@")" -lt 50 ] || fails "none was taken back"
}

no_deletion_pends() {
	! grep 'delete pending' /sys/kernel/debug/wq_compat/objects
}

t modules_load load_modules
t drivers_come_and_go_with_items_in_every_state rounds
t rmmod_waits_for_a_routine_that_sleeps_3_s sleeps
t routine_may_have_its_own_driver_removed each_class_by_own_routine
t posts_race_spin_down race_and_count spindown 60 1000
t posts_race_timer_cancel race_and_count cancel 300 1000
t posts_race_delete race_and_count delete 200 1000
t frees_of_queued_items_race_their_runs free_race 200 1000
t nothing_refers_to_deleted_devices eventually no_deletion_pends
t queues_balance_after_all eventually queues_balance
t modules_unload unload wqc_witness wq_compat
t no_leaks no_leaks
