# shellcheck shell=dash
# CPUs go offline and online under the items of a mini-redirector, which belong to the CPU that
# posted them. While that CPU is offline they run elsewhere; none is lost, and none waits for
# its return.

elsewhere() { cat /sys/module/wqc_rxstorm/parameters/elsewhere; }

# Two runners for each CPU and class, so that most items wait.
load_small() {
	load wq-compat max_runners_cpu=2 max_runners_rt=2 && load wqc_witness
}

all_at_home() {
	local cpu

	for cpu in $(every_other_cpu); do
		load wqc_rxstorm cpu="$cpu" count=50 && eventually nothing_is_lost || return 1
		[ "$(elsewhere)" -eq 0 ] || { echo "CPU $cpu: $(elsewhere) ran elsewhere"; return 1; }
		unload wqc_rxstorm || return 1
	done
}

pending() {
	local cpu left

	for cpu in $(every_other_cpu); do
		load wqc_rxstorm cpu="$cpu" count=400 sleep_us=4000 && cpu_goes "$cpu" || return 1
		left=$(($(count accepted) - $(count ran)))
		[ "$left" -gt 0 ] || { echo "nothing was pending when CPU $cpu had gone"; return 1; }
		eventually nothing_is_lost || return 1
		[ "$(elsewhere)" -gt 0 ] || { echo "all ran on CPU $cpu, which is off"; return 1; }
		cpu_comes "$cpu" && unload wqc_rxstorm && nothing_is_lost || return 1
	done
}

# With hundreds of items behind them there were never more than two runners.
limit_holds() {
	awk '/^class=Rx/ {
		for (i = 1; i <= NF; i++) {
			split($i, f, "=")
			if (f[1] != "peak_busy")
				continue
			most = f[2] > most ? f[2] : most
		}
	}
	END {
		print "most runners: " most + 0
		exit most != 2
	}' /sys/kernel/debug/wq_compat/queues
}

# A spin-down while the CPU of the items is offline, and comes back.
spin_down() {
	local cpu

	for cpu in $(every_other_cpu); do
		load wqc_rxstorm cpu="$cpu" count=200 sleep_us=4000 && cpu_goes "$cpu" || return 1
		rmmod wqc_rxstorm &
		cpu_comes "$cpu" && wait "$!" && nothing_is_lost || return 1
	done
}

storm() {
	load wqc_rxstorm sleep_us=200 && every_other_cpu_in_turn || return 1
	unload wqc_rxstorm && nothing_is_lost && echo "$(count accepted) items"
}

t modules_load load_small
t items_run_on_their_cpu all_at_home
t items_of_a_cpu_that_left_run_elsewhere pending
t items_run_on_their_cpu_when_it_is_back all_at_home
t limit_of_a_cpus_runners_holds limit_holds
t spin_down_ends_while_cpus_come_and_go spin_down
t nothing_is_lost_in_a_storm_while_cpus_come_and_go storm
t items_run_on_their_cpu_after_the_storm all_at_home
t queues_balance_after_all eventually queues_balance
t modules_unload unload wqc_witness wq_compat
t no_leaks no_leaks
