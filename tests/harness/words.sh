# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # a $ for make and sh; variables of harness.sh
# A part of scripts/harness.sh, which sources this file: what commands print while they run, and last.

# ends NAME REGEX COMMAND...: COMMAND fails, and the last line that it prints matches REGEX.
ends() {
	local got=0

	WQC_CACHE=$tmp/cache "${@:3}" >"$tmp/out" 2>&1 || got=$?
	if [ "$got" -ne 0 ] && tail -n 1 "$tmp/out" | grep -q -E "$2"; then
		echo "ok harness: $1"
	else
		tail -n 20 "$tmp/out"
		echo "not ok harness: $1 (status $got, or the last line is not: $2)"
		status=1
	fi
}

# of LINE...: a log with these lines is the log of a command that failed.
of() {
	printf '%s\n' "$@" >"$tmp/log"
	bash -c '. "$1/scripts/lib.sh" && die_of "$2" "it failed"' bash "$TOP" "$tmp/log"
}

words_at_the_end() {
	local see="\(see $tmp/log\)\$" make="make[1]: *** [Makefile:7: a.o] Error 1" tree=$tmp/tree

	ends "an error among others ends the output" ": it failed: a.c:7:2: error: no type $see" \
		of "  CC  lib/error.o" "a.c:7:2: error: no type" "b.c:1:1: error: another" "$make"
	ends "make's own error ends the output" "\*\*\* \[Makefile:7: a.o\] Error 1 $see" of "  LD  a.o" "$make" "end"
	ends "apt's error ends the output" ": E: Unable to fetch it $see" of "Get:1 here" "E: Unable to fetch it" "W: end"
	ends "a disk that is full ends the output" "write error: No space left on device $see" \
		of "begin" "tar: write error: No space left on device" "end"
	ends "a log without an error ends by its last line" ": it failed: killed $see" of "begin" "killed"
	ends "an empty log has its path" ": it failed:  $see" of

	# A kernel that would compile, and whose configuration is refused.
	mkdir -p "$tree/scripts/kconfig" "$tree/include/generated"
	printf '#!/bin/sh\n' >"$tree/scripts/kconfig/merge_config.sh" && chmod +x "$tree/scripts/kconfig/merge_config.sh"
	printf '%s:\n\t%s\n' kernelversion '@echo 6.1.0' tinyconfig '@touch $(O)/.config' \
		'olddefconfig clean bzImage' '@:' modules '@echo "$(M)/a.c:7:2: $(SAY)"; $(THEN)' >"$tree/Makefile"
	ends "a configuration that is refused ends the output" \
		"^kernel.sh: kernel 6.1-plain was not built: CONFIG_[A-Z0-9_]+: wanted .*, is .* \(see .*/kernels/6.1-plain.log\)$" \
		env "KSRC=$tree" "$TOP/scripts/kernel.sh" 6.1-plain
	: >"$tree/image"
	builds() { ends "$1" "^build.sh: the modules for 6.1-stock $2 \(see .*/objects/6.1-stock.*\.log\)$" \
		env "KERNEL_IMAGE=$tree/image" "KDIR=$tree" "$3" "$4" "$TOP/scripts/build.sh" 6.1-stock; }
	builds "modules that do not compile end the output" "were not built: a.c:7:2: error: no type" \
		"SAY=error: no type" THEN=false
	builds "modules with a warning end the output" "have a warning: a.c:7:2: warning: odd" \
		"SAY=warning: odd" THEN=true
}

# says NAME REGEX COMMANDS: they succeed, after lib.sh, and print a line that matches REGEX.
says() {
	if WQC_CACHE=$tmp/cache bash -c ". '$TOP/scripts/lib.sh'; $3" >"$tmp/out" 2>&1 &&
		grep -q -x -E "$2" "$tmp/out"; then
		echo "ok harness: $1"
	else
		cat "$tmp/out"
		echo "not ok harness: $1 (no line: $2)"
		status=1
	fi
}

words_meanwhile() {
	local log="$tmp/progress.log" seen

	# Ends when a line of progress is there.
	seen="timeout 60 sh -c 'echo CC; echo CC; until grep -q : \"$tmp/out\"; do sleep 0.2; done'"
	says "progress has the time of the last run" 'some \(x86\): 0:[0-5][0-9], last time 1:30, 2 done' \
		"keep_time 'some (x86)' 90; PROGRESS_COUNT=CC progress 'some (x86)' '$log' $seen"
	says "progress keeps the time of a run" ', last time 0:[0-5][0-9]' "last_time 'some (x86)'; echo"
	says "progress without a last run has none" 'new: 0:[0-5][0-9]' "progress new '$log' $seen"
	says "a run that fails keeps no time" '' "! progress bad '$log' false && last_time bad; echo"
	says "a command has the time of its last run" 'all: begins, last time 1:[0-5][0-9]' \
		"keep_time all 7; bash -c '. \"$TOP/scripts/lib.sh\"; timed all; SECONDS=65'; timed all"
	says "a command that fails keeps no time" 'part: begins, last time 0:07' \
		"keep_time part 7; bash -c '. \"$TOP/scripts/lib.sh\"; timed part; exit 3' 2>/dev/null || timed part"
}
