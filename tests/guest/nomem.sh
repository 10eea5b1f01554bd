# shellcheck shell=dash disable=SC2154 # scale is from /wqc/env, f_... from the figures
# No memory for any kernel thread: those of the module, the kworkers, kthreadd, which creates
# threads, and the threads that post. Load of all kinds runs with the existing runners; more are
# made when memory is back.

parameters=/sys/module/wqc_mix/parameters
classes="Delayed Critical HyperCritical RxDelayed RxCritical"

# Two runners a CPU of Delayed and Critical, below their limit.
load_modules() { load wq-compat max_runners_any=$((4 * $(nproc))) && load wqc_witness; }

# ---- a storm ------------------------------------------------------------------------------

finished() {
	local class

	for class in $classes; do
		column "$class" finished
	done
}

# Each class has finished more items, and more timers have fired, since then.
every_class_goes_on() { # every_class_goes_on FINISHED... FIRED
	local class now

	for class in $classes; do
		now=$(column "$class" finished)
		[ "$now" -ge $(($1 + 100)) ] || { echo "$class: $now have finished, $1 before"; return 1; }
		shift
	done
	read_figures
	[ "$f_fired" -gt "$1" ] || { echo "no timer fires"; return 1; }
}

storm_with() { # storm_with PERCENT
	local refused none start timers

	read_figures
	refused=$f_refused none=$f_no_memory start=$f_posted timers=$f_timers_refused
	memory_fails "$1"
	sleep 1
	read_figures
	# shellcheck disable=SC2046 # words are meant
	eventually every_class_goes_on $(finished) "$f_fired" || return 1
	read_figures
	# Dispatches may find a spare item each time.
	[ "$f_no_memory" -gt "$none" ] || { echo "no allocation failed"; return 1; }
	[ "$1" -lt 100 ] || [ "$f_timers_refused" -gt "$timers" ] || { echo "no timer was refused"; return 1; }
	[ "$f_wrong" -eq 0 ] || { cat "$parameters/figures"; return 1; }
	figures "$1 % of allocations fail: $((f_posted - start)) posts, of them $(
	)$((f_refused - refused)) dispatches refused, $((f_no_memory - none)) items not allocated, $(
	)$((f_timers_refused - timers)) recurrent timers refused"
}

storm() {
	local status=0 percent

	load wqc_mix seed=4 || return 1
	sleep 1
	for percent in 10 50 100; do
		storm_with "$percent" || { status=1; break; }
	done
	memory_fails 0
	storm_ends || return 1
	cat "$parameters/figures"
	[ "$status" -eq 0 ] && unload wqc_mix && eventually queues_balance
}

# ---- growth -------------------------------------------------------------------------------

has_failed() { [ "$(column "$1" failed)" -gt "$2" ]; }

# More blockers than runners: runners that could not be made are counted, and made afterwards.
grows() { # grows CLASS CLASS-NAME
	local failed number=12 status=0 inside

	failed=$(column "$2" failed)
	witness gate 0
	memory_fails 100
	taskset 2 sh -c "echo $number -2 $1 >/sys/module/wqc_witness/parameters/block"
	eventually has_failed "$2" "$failed" || status=1
	sleep 1
	inside=$(count inside)
	[ "$inside" -lt "$number" ] || { echo "$2: all are inside without memory"; status=1; }
	memory_fails 0
	[ "$status" -eq 0 ] && { eventually counts inside "$number" || status=1; }
	figures "$2: $inside of $number blockers inside without memory for more runners, $(
	)$(($(column "$2" failed) - failed)) tries to make one, $(count inside) inside with it"
	witness gate 1
	eventually nothing_is_lost && eventually queues_balance && return "$status"
}

# So for the classes of Rx*, of which a CPU has few runners: 32 routines that sleep in each.
rx_has_failed() { has_failed RxDelayed 0 && has_failed RxCritical 0; }
rx_has_grown() { [ "$(column RxDelayed grown)" -gt "$1" ] && [ "$(column RxCritical grown)" -gt "$2" ]; }
rx_grows() {
	local status=0 delayed critical

	memory_fails 100
	taskset 2 insmod wqc_rxclient.ko plain=1 count=16 sleep_ms=6000 || { memory_fails 0; return 1; }
	eventually rx_has_failed || status=1
	delayed=$(column RxDelayed grown) critical=$(column RxCritical grown)
	memory_fails 0
	[ "$status" -eq 0 ] && { eventually rx_has_grown "$delayed" "$critical" || status=1; }
	figures "Rx*: $(column RxDelayed failed), $(column RxCritical failed) tries to make one $(
	)without memory; $delayed and $critical made then, $(column RxDelayed grown) and $(
	)$(column RxCritical grown) with it"
	unload wqc_rxclient && eventually nothing_is_lost && eventually queues_balance && return "$status"
}

# The storm's runners stay for half a minute, so the storm comes first.
every_class_grows() {
	unload wqc_witness wq_compat && load_modules && threads_fail 1 &&
		grows 2 HyperCritical && grows 1 Delayed && grows 0 Critical && rx_grows
}

stop() {
	memory_fails 0
	threads_fail 0
	unload wqc_witness wq_compat
}

t failures_can_be_injected kernel_threads_lack_memory
t modules_load load_modules
t storm_goes_on_without_memory storm
t growth_resumes_when_memory_is_back every_class_grows
t modules_unload stop
t no_leaks no_leaks
