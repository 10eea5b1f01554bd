# shellcheck shell=bash disable=SC2154,SC2034
# The parts of scripts/harness.sh that need no guest; it sources this file.

# golden NAME STATUS REGEX [FILE SED-SCRIPT]: with logs of tests/harness/golden, or of $logs
golden() {
	local dir=$tmp/golden file=${4:-}

	rm -rf "$dir"
	cp -r "$h/${logs:-golden}" "$dir"
	[ -z "$file" ] || sed -i -E "$5" "$dir/$file"
	judge "$1" "$2" "$3" "$dir" "$dir/script.sh" "$dir"
}

# shellcheck disable=SC2016 # a $ of sed's
golden_logs() {
	local c=console.log stamp='[   20.000000]'

	golden "a good log passes" 0 '14 passed, 0 failed, 1 skipped'
	golden "a WARN among passing tests" 1 'log_is_clean.*on purpose.*\[in wqc_one.second_case\]' $c \
		"/ok 1 first_case/a $stamp WARNING: CPU: 1 PID: 7 at a.c:1 on purpose"
	golden "a bare call trace" 1 'log_is_clean.*Call Trace' $c "/ok 1 first_case/a $stamp Call Trace:"
	golden "a lockdep report" 1 'possible circular' $c \
		"/ok 1 first_case/a $stamp possible circular locking dependency detected"
	golden "a race of the kernel with itself" 0 '14 passed, 0 failed, 1 skipped' $c \
		"/ok 1 first_case/a $stamp BUG: KCSAN: data-race in llist_add / tick\n$stamp  tick+0x1/0x2\n$stamp ====="
	golden "a race of the kernel far below the module" 0 '14 passed, 0 failed, 1 skipped' $c \
		"/ok 1 first_case/a $stamp BUG: KCSAN: data-race in hrtimer_wakeup / tick\n$stamp  wqc_ask+0x1/0x2 [wq_compat]\n$stamp ====="
	golden "a race inside a call of the module" 1 'log_is_clean.*data-race in llist_add' $c \
		"/ok 1 first_case/a $stamp BUG: KCSAN: data-race in llist_add / tick\n$stamp  wqc_ask+0x1/0x2 [wq_compat]\n$stamp ====="
	golden "a fault on arm64" 1 'log_is_clean.*Internal error' $c \
		"/ok 1 first_case/a $stamp Internal error: synchronous external abort: 0000 [#1] SMP"
	golden "an error of arm64's hardware" 1 'log_is_clean.*SError' $c \
		"/ok 1 first_case/a $stamp SError Interrupt on CPU1, code 0x00000000be000000 -- SError"
	golden "a failed case" 1 'not ok wqc_one.second_case' $c 's/ok 2 second_case/not &/'
	golden "one failed parameter of a case" 1 'not ok wqc_one.case_with_parameters' $c \
		's/ok 2 param-1/not &/; s/ok 3 case_with/not &/'
	golden "a missing case" 1 'wqc_one.second_case: no result' $c '/ok 2 second_case/d'
	golden "a missing suite" 1 'wqc_two: the suite was not seen' $c '/Subtest: wqc_two/,/ok 2 wqc_two/d'
	golden "a failure in a second document" 1 'not ok wqc_two.only_case' $c \
		"s/ok 1 only_case/not &/; s/ok 2 wqc_two/not ok 1 wqc_two/; s/^.*Subtest: wqc_two/$stamp KTAP version 1\n$stamp 1..1\n&/"
	golden "a truncated log" 1 'wqc_two: the suite was not seen' $c '/ok 1 wqc_one/,$d'
	golden "a log without a boot" 2 'no kernel boots' $c '/Linux version/d'
	golden "an empty log" 2 'no kernel boots' $c 'd'
	golden "a leak" 1 'unreferenced object' $c \
		"/begin no_leaks/a $stamp guest: unreferenced object 0xffff888004a3c000 (size 128):"
	golden "a lost wake-up that was repaired" 1 'log_is_clean.*lost wake-up: a kicked runner' $c \
		"/ok 1 first_case/a $stamp wq_compat: class Delayed, CPU 1: lost wake-up: a kicked runner sleeps; 1 by now"
	golden "no word on lost wake-ups" 1 'guest.nothing_was_healed: no result' status.log '/healed$/d'
	golden "no END from the guest" 2 'the guest was lost' status.log '/^END/d'
	golden "END with a bad status" 1 'END status 1' status.log 's/^END 0/END 1/'
	golden "a test of the script without a result" 1 'guest.module_reloads: no result' status.log '/reloads/d'
	golden "a file that does not come" 1 'file.one.trace.json: no such file' status.log '/^file/d'
	golden "a guest that ran out of time" 2 'lost \(time limit\)' outcome 's/ended/time limit/'
	golden "sources without a suite" 3 'cannot judge' golden_kunit.c 'd'
}

# The output of the tools: the Trace Event Format, and the fields of wqc-top --json.
spoilt() { golden "$1" 1 "file.$2: .*$3" status.log "$4"; }
golden_files() {
	local t=one.trace.json p=one.top.json e='file one.trace.json {"ph":"X","cat":"routine","name"'

	spoilt "a trace that is cut" $t "not JSON" '/one.trace.json \]/d'
	spoilt "an event of an unknown phase" $t "event 3 is of a phase" '/"ts":5/s/"X"/"Y"/; /"queue r/s/"X"/"Y"/'
	spoilt "a slice without its length" $t "has no duration" 's/"dur":3.000,//'
	spoilt "a time stamp in quotes" $t "has no time stamp" 's/"ts":5.000/"ts":"5.000"/'
	spoilt "an event of no thread" $t "has no pid or tid" '/"ph":"s"/s/,"tid":1//'
	spoilt "a process number in quotes" $t "has no pid or tid" '/"ph":"s"/s/"pid":1/"pid":"1"/'
	spoilt "metadata of another name" $t "no metadata that the format" 's/thread_name/thread_title/'
	spoilt "a thread without a name" $t "no thread_name of 1/2" '/kworker/d'
	spoilt "a thread of two processes" $t "thread 1 is of several" '/"queue r/s/"pid":1/"pid":2/'
	spoilt "slices that overlap" $t "slice .* overlaps" \
		"/\"ph\":\"f\"/a $e:\"q\",\"ts\":4.000,\"dur\":2.000,\"pid\":1,\"tid\":2},"
	spoilt "an arrow without its end" $t "1 begins and 0 ends" '/"ph":"f"/d'
	spoilt "an arrow whose ends differ" $t "0 begins and 1 ends" '/"ph":"f"/s/"id":1/"id":2/'
	spoilt "an arrow without a number" $t "has no id" '/"ph":"f"/s/"id":1,//'
	spoilt "an arrow to the slice behind" $t "ends an arrow at the next" 's/"bp":"e",//'
	spoilt "an arrow from nowhere" $t "begins no slice" '/"ph":"s"/s/1.000/0.500/'
	spoilt "an arrow back in time" $t "goes back in time" 's/"ph":"s"/"ph":"f","bp":"e"/; t; s/"ph":"f"/"ph":"s"/'
	spoilt "a trace without slices" $t "no slice" '/"ph":"[Xsf]"/d; /u9:0/s/,$//'
	spoilt "a queue call without its class" $t "queue .* without a class" '/"queue r/s/"class":"[A-Za-z]*"/"class":""/'
	spoilt "numbers that are no JSON" $p "JSONDecodeError" 's/"depth":/&0/'
	spoilt "a class that is not shown" $p "other classes" 's/\{"class":"Critical"[^}]*\}[^}]*\}\},//'
	spoilt "a negative rate" $p "queued_per_s of Delayed" 's/("queued_per_s":)0/\1-1/'
	spoilt "a field that is not there" $p "KeyError: .depth" 's/"depth":[0-9]*,//'
	spoilt "a median above the worst" $p "p50 1000000000" 's/"p50_below_ns":[0-9]+/"p50_below_ns":1e9/'
	spoilt "a run without its routine" $p "a strange run" 's/"routine":"[^"]*"/"routine":""/'
}

# A guest that must panic.
golden_deaths() {
	local logs=death c=console.log s=status.log n=misuse_is_a_panic

	golden "an expected death passes" 0 '3 passed, 0 failed'
	golden "a death of another panic" 2 'the guest was lost' $c 's/: a misuse/: another misuse/'
	golden "a death of no panic" 2 'the guest was lost' $c '/panic/d'
	golden "a panic before the expected one" 2 'the guest was lost' $c \
		'/begin misuse/a Kernel panic - not syncing: out of luck'
	golden "a death in another test" 2 'the guest was lost' $c '/begin misuse/d'
	golden "a death before its test" 2 "guest.$n: no result" $s '/^DYING/d'
	golden "an expected death with a WARN before" 1 'log_is_clean: WARNING: .*in modules_load' $c \
		'/begin modules/a WARNING: CPU: 1 PID: 7 at a.c:1'
	golden "an expected death after a failure" 1 'not ok guest.modules_load' $s 's/^ok/not ok/'
	golden "an expected death that takes too long" 2 'lost \(time limit\)' outcome 's/ended/time limit/'
	golden "a guest that lives on" 1 "not ok guest.$n: it did" $s "s/^DYING.*/&\nnot ok $n it did not die\nEND 1/"
	golden "a guest that lives on and says nothing" 1 "guest.$n: no result" $s 's/^DYING.*/&\nEND 0/'
	golden "two expected deaths" 3 'cannot judge' script.sh '/^t_dies/p'
}

# bounded NAME STATUS LIMIT COMMAND: what bounded.sh does with COMMAND
bounded() {
	local got=0

	rm -rf "$tmp/logs" && mkdir "$tmp/logs"
	LOG=$tmp/logs/console.log "$TOP/scripts/bounded.sh" "$3" "$tmp/logs" sh -c "$4" || got=$?
	[ "$got" -eq "$2" ] && echo "ok harness: bounded: $1" && return
	echo "not ok harness: bounded: $1 (status $got instead of $2)"
	status=1
}

# shellcheck disable=SC2016 # a $ of sh's
bounded_commands() {
	local results='do echo "[ 1.0] ok 1 case" >>"$LOG"; sleep 0.1; done'

	bounded "a command ends by itself" 7 5 'exit 7'
	bounded "silence" 124 3 'while :; do echo "[ 1.0] tick" >>"$LOG"; sleep 0.1; done'
	bounded "a slow host" 0 10 "for i in \$(seq 130); $results"
	bounded "results without an end" 124 3 "while :; $results"
}
