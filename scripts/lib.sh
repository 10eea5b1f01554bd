# shellcheck shell=bash
# Sourced by the scripts: messages, cache, progress and cleanup.

set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${WQC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/wq_compat}
export JOBS=${JOBS:-$(nproc)}
export LC_ALL=C

# Prefers Debian's Python: another one in PATH may lack what the scripts need.
PYTHON=/usr/bin/python3
[ -x "$PYTHON" ] || PYTHON=python3

say() { printf '%s\n' "$*" >&2; }
# WQC_WHY: a file for the line too.
die() { printf '%s: %s\n' "${0##*/}" "$*" | tee ${WQC_WHY:+"$WQC_WHY"} >&2; exit 1; }

# The line of a log that matters: the first error, or the last line.
matters() {
	local why='(^|[^[:alnum:]_])(error|Error|ERROR|fatal|E): |\*\*\* |: wanted .* is [^(]*$|No space left|(^|: )(not ok|lost while running|cannot judge) '

	why=$(grep -a -m 1 -E "$why" "$1" || tail -n 1 "$1") 2>/dev/null || :
	printf '%s' "${why#"$CACHE"/objects/*/}"
}
# die_of LOG MESSAGE: fails with one line: MESSAGE, the line of LOG that matters, its path.
die_of() { die "$2: $(matters "$1") (see $1)"; }

# Prints the header comment of the script, which is its usage, and exits.
usage() {
	sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

# Commands that run when the script ends for any reason; last in, first out.
undo_list=()
undo() { undo_list=("$*" ${undo_list[@]+"${undo_list[@]}"}); }
# shellcheck disable=SC2317 # called by the trap
undo_all() {
	local status=$? cmd

	# A child that is killed between fork and exec runs this trap too: $BASHPID tells it apart.
	[ "$BASHPID" -eq "$$" ] || return "$status"
	trap '' INT TERM HUP
	[ -z "${child:-}" ] || stop_child
	for cmd in ${undo_list[@]+"${undo_list[@]}"}; do
		eval "$cmd" || :
	done
	return "$status"
}
trap undo_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# A child gets its own process group, so that its whole tree can be stopped: a shell in the
# background ignores Ctrl-C, and so do the compilers that it starts.
child=
stop_child() {
	kill -TERM -- "-$child" 2>/dev/null || :
	wait "$child" 2>/dev/null || :
	child=
}

# elapsed SINCE: prints the time since then as M:SS.
elapsed() { printf '%d:%02d' $(((SECONDS - $1) / 60)) $(((SECONDS - $1) % 60)); }

# The estimate of how long something takes is the time of its last run that succeeded, in the cache.
last_time() { # last_time NAME: prints ", last time M:SS" if that is known
	local s

	! read -r s 2>/dev/null <"$CACHE/took/${1//[!a-zA-Z0-9]/_}" ||
		printf ', last time %d:%02d' $((s / 60)) $((s % 60))
}
keep_time() { # keep_time NAME SECONDS
	mkdir -p "$CACHE/took" && echo "$2" >"$CACHE/took/${1//[!a-zA-Z0-9]/_}"
}
# timed NAME: says that a command begins, with the estimate; keeps its time when it succeeds.
timed() {
	say "$1: begins$(last_time "$1")"
	undo "[ \"\$status\" -ne 0 ] || keep_time '$1' \$SECONDS"
}

# progress LABEL LOG COMMAND...: runs COMMAND with its output in LOG and prints a line every 5 s, with
# the estimate, and the number of lines in LOG that match $PROGRESS_COUNT if it is set.
progress() {
	local label=$1 log=$2 status=0 next=5 start=$SECONDS now note

	shift 2
	setsid "$@" >"$log" 2>&1 </dev/null &
	child=$!
	while kill -0 "$child" 2>/dev/null; do
		sleep 0.2
		now=$((SECONDS - start))
		[ "$now" -ge "$next" ] || continue
		next=$((now + 5))
		note=$(last_time "$label")
		[ -z "${PROGRESS_COUNT:-}" ] ||
			note+=", $(grep -c -E "$PROGRESS_COUNT" "$log" || :) ${PROGRESS_UNIT:-done}"
		if [ -t 2 ]; then
			printf '\r%s: %s%s ' "$label" "$(elapsed "$start")" "$note" >&2
		elif [ $((now % 30)) -lt 5 ] || [ "$now" -lt 10 ]; then
			say "$label: $(elapsed "$start")$note"
		fi
	done
	wait "$child" || status=$?
	child=
	[ "$status" -ne 0 ] || keep_time "$label" $((SECONDS - start))
	[ ! -t 2 ] || [ "$next" -eq 5 ] || printf '\n' >&2
	return "$status"
}

# tree_files PATTERN...: lists the existing files of the tree in the working directory: in a git
# checkout those that git does not ignore, in a release all files, whatever PATTERN says.
tree_files() {
	if [ -e .git ]; then
		git ls-files -co --exclude-standard -- "$@"
	else
		find . -type f | sed 's|^\./||'
	fi | while IFS= read -r f; do [ ! -f "$f" ] || printf '%s\n' "$f"; done
}

# copy_tree FROM TO
copy_tree() { (cd "$1" && tree_files . | tar -cf - -T -) | tar -xf - -C "$2"; }

# lock NAME: waits until no other process holds this cache entry.
lock() {
	mkdir -p "$CACHE/locks"
	exec 9>"$CACHE/locks/${1//\//_}"
	flock -n 9 || { say "waiting for another run that holds $1"; flock 9; }
}
unlock() { exec 9>&-; }

# Sets a variable for each column of the kernel's row in kernels.txt.
kernel_row() {
	local row

	row=$(awk -v n="$1" '!/^#/ && $1 == n' "$TOP/scripts/kernels.txt")
	[ -n "$row" ] || die "no kernel '$1' in scripts/kernels.txt"
	# shellcheck disable=SC2034 # for the script that sourced this file
	read -r K_NAME K_SOURCE K_FRAGMENTS K_CC K_SCALE K_SUITES K_CPUS K_LIMIT K_PART K_CMDLINE <<<"$row"
	# Prefixes of the source. K_IN: the words that run a command where the modules are built.
	K_RELEASE='' K_IN=() K_ARCH=x86 K_CPU=max,-cx16
	# shellcheck disable=SC2034
	while [[ $K_SOURCE == *:* ]]; do
		case ${K_SOURCE%%:*} in
		arm64) K_ARCH=arm64 K_CPU=max,pauth-impdef=on ;;
		arm64-a72) K_ARCH=arm64 K_CPU=cortex-a72 ;;
		*) K_RELEASE=${K_SOURCE%%:*} ;;
		esac
		K_SOURCE=${K_SOURCE#*:}
	done
	# shellcheck disable=SC2034
	[ -z "$K_RELEASE" ] || K_IN=("$TOP/scripts/inside.sh" "$K_RELEASE")
	# shellcheck disable=SC2034
	[[ $K_RELEASE != ?* || $K_CC != clang* ]] || K_IN=("$TOP/scripts/inside.sh" --clang "$K_RELEASE")
	arch_facts
	# make check-long runs other suites and gives them more time.
	[ -n "${LONG:-}" ] || return 0
	row=$(awk -v n="$1" '!/^#/ && $1 == n' "$TOP/scripts/long.txt")
	# shellcheck disable=SC2034
	[ -z "$row" ] || read -r _ K_SUITES K_LIMIT <<<"$row"
}

# Sets what depends on the architecture of the row: words for make, the kernel's target and image,
# QEMU, the device names of the guest's console and of its own channel.
# shellcheck disable=SC2034 # for the script that sourced this file
arch_facts() {
	case $K_ARCH in
	x86)
		A_MAKE=() A_TARGET=bzImage A_IMAGE=arch/x86/boot/bzImage A_TOOLS=''
		A_QEMU=qemu-system-x86_64 A_BOARD=pc A_CONSOLE=ttyS0 A_STATUS=ttyS1
		;;
	arm64)
		A_TOOLS=aarch64-linux-gnu-
		A_MAKE=(ARCH=arm64 "CROSS_COMPILE=$A_TOOLS") A_TARGET=Image A_IMAGE=arch/arm64/boot/Image
		A_QEMU=qemu-system-aarch64 A_BOARD=virt A_CONSOLE=ttyAMA0 A_STATUS=ttyS0
		;;
	esac
}
# need PROGRAM: fails with one line if a program that the row needs is missing.
need() { command -v "$1" >/dev/null || die "kernel $K_NAME needs $1, which is not installed"; }

# Prints WORDS of a guest script's line "# build: WORDS": its modules are built with them, and with
# gcov's counters if WQC_COVERAGE is set.
build_words() { { sed -n 's/^# build: //p' "$1"; echo "${WQC_COVERAGE:+GCOV_PROFILE=y}"; } | xargs; }
# Prints the word that make needs besides CC= for clang or clang-19.
llvm_of() { case $1 in *-*) echo "LLVM=-${1#*-}" ;; *) echo LLVM=1 ;; esac; }
# Prints the kernels of make check, or of make check-all.
kernel_names() {
	awk -v part="${1:-check}" '!/^#/ && ($9 == "check" || $9 == part) { print $1 }' \
		"$TOP/scripts/kernels.txt"
}
