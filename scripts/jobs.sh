# shellcheck shell=bash disable=SC2154 # $results is of check.sh
# Sourced by check.sh: runs several jobs at the same time, and judges each when it has ended. $whole
# is the name by which the time of a run is kept.
#
# A job is "suite KERNEL SCRIPT" or "script NAME". A guest waits more than it computes, so the
# number of jobs may be that of the CPUs. The output of a job goes to FILE.out and FILE.err, so
# outputs do not mix; judge_suite or judge_script of check.sh judges it. A suite with a line
# "# waits: WHY" uses less than half of a CPU: one such suite at a time runs beside the others, and
# takes no place.

declare -A jobs=() since=() ko=() image=() busy=([all]=0 [waiting]=0)
pending=()		# the jobs that wait for a place, filled by check.sh
waiting=" $(grep -l '^# waits: ' "$TOP"/tests/guest/*.sh | sed 's|.*/||; s|\.sh$||' | xargs) "
# The traps of the jobs stop what the jobs have started.
stop_jobs() { [ "${#jobs[@]}" -eq 0 ] || { kill "${!jobs[@]}"; wait; } 2>/dev/null; }
undo stop_jobs

lane_of() { # lane_of JOB: sets $lane, and $most, the number of jobs that may be in it
	lane=all most=${GUESTS:-$JOBS}
	if [[ $1 == suite* && $waiting == *" ${1##* } "* ]]; then lane=waiting most=1; fi
}

# Starts each pending job for which there is a place.
start_pending() {
	local job kind kernel suite file left=()

	for job in ${pending[@]+"${pending[@]}"}; do
		lane_of "$job"
		[ "${busy[$lane]}" -lt "$most" ] || { left+=("$job") && continue; }
		say "== ${job#* }: begins"
		read -r kind kernel suite <<<"$job"
		file=$results/$kernel${suite:+-$suite}
		if [ "$kind" = script ]; then
			"$TOP/scripts/$kernel.sh" >"$file.out" 2>"$file.err" &
		else
			MODULES=${ko[$job]} KIMAGE=${image[$job]} "$TOP/scripts/guest.sh" "$kernel" \
				"$suite" "$file" >"$file.out" 2>"$file.err" &
		fi
		jobs[$!]=$job since[$!]=$SECONDS
		busy[$lane]=$((busy[$lane] + 1))
	done
	pending=(${left[@]+"${left[@]}"})
}

# Waits until a job ends, and judges it; says each minute which jobs run. It polls: "wait -n"
# can miss a job that ended while the shell waited for another command.
reap() {
	local pid status=0 job ticks=0

	while :; do
		for pid in "${!jobs[@]}"; do kill -0 "$pid" 2>/dev/null || break 2; done
		[ $((++ticks % 120)) -ne 0 ] ||
			say "== $(elapsed 0)$(last_time "$whole"): $(printf '%s\n' "${jobs[@]#* }" | paste -s -d,)"
		sleep 0.5
	done
	wait "$pid" || status=$?
	job=${jobs[$pid]}
	say "== ${job#* }: took $(elapsed "${since[$pid]}")"
	unset "jobs[$pid]" "since[$pid]"
	lane_of "$job"
	busy[$lane]=$((busy[$lane] - 1))
	# shellcheck disable=SC2086 # words are meant
	judge_${job%% *} "$status" ${job#* }
}
