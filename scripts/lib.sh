# shellcheck shell=bash
# Sourced by the scripts: messages, cache, progress, and leaving nothing behind.

set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${WQC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/wq_compat}
export JOBS=${JOBS:-$(nproc)}
export LC_ALL=C

# Debian's own Python first: another one in PATH may be anything.
PYTHON=/usr/bin/python3
[ -x "$PYTHON" ] || PYTHON=python3

say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# Print the header comment of the script, which is its usage, and leave.
usage() {
	sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

# What to undo when the script ends, however it ends; last in, first out.
undo_list=()
undo() { undo_list=("$*" ${undo_list[@]+"${undo_list[@]}"}); }
# shellcheck disable=SC2317 # called by the trap
undo_all() {
	local status=$? cmd

	# A child that is killed before it has become another program is us, but for its number.
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

# A child gets its own process group, so that all of it can be stopped: a shell in the
# background ignores Ctrl-C, and so would its compilers.
child=
stop_child() {
	kill -TERM -- "-$child" 2>/dev/null || :
	wait "$child" 2>/dev/null || :
	child=
}

# elapsed SINCE: the time since then, for people.
elapsed() { printf '%d:%02d' $(((SECONDS - $1) / 60)) $(((SECONDS - $1) % 60)); }

# progress LABEL LOG COMMAND...: run it with its output in LOG, and show a line every 5 s,
# with the number of lines that match $PROGRESS_COUNT if it is set.
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
		note=
		[ -z "${PROGRESS_COUNT:-}" ] ||
			note=", $(grep -c -E "$PROGRESS_COUNT" "$log" || :) ${PROGRESS_UNIT:-done}"
		if [ -t 2 ]; then
			printf '\r%s: %s%s ' "$label" "$(elapsed "$start")" "$note" >&2
		elif [ $((now % 30)) -lt 5 ] || [ "$now" -lt 10 ]; then
			say "$label: $(elapsed "$start")$note"
		fi
	done
	wait "$child" || status=$?
	child=
	[ ! -t 2 ] || [ "$next" -eq 5 ] || printf '\n' >&2
	return "$status"
}

# tree_files PATTERN...: the files of the tree that we are in, of git's or of a release (all), as
# they are: neither what git ignores nor what was deleted.
tree_files() {
	if [ -e .git ]; then
		git ls-files -co --exclude-standard -- "$@"
	else
		find . -type f | sed 's|^\./||'
	fi | while IFS= read -r f; do [ ! -f "$f" ] || printf '%s\n' "$f"; done
}

# copy_tree FROM TO
copy_tree() { (cd "$1" && tree_files . | tar -cf - -T -) | tar -xf - -C "$2"; }

# One process at a time does what follows on this cache entry.
lock() {
	mkdir -p "$CACHE/locks"
	exec 9>"$CACHE/locks/${1//\//_}"
	flock -n 9 || { say "waiting for another run that holds $1"; flock 9; }
}
unlock() { exec 9>&-; }

# The row of a kernel in kernels.txt, as variables.
kernel_row() {
	local row

	row=$(awk -v n="$1" '!/^#/ && $1 == n' "$TOP/scripts/kernels.txt")
	[ -n "$row" ] || die "no kernel '$1' in scripts/kernels.txt"
	# shellcheck disable=SC2034 # for whoever sourced us
	read -r K_NAME K_SOURCE K_FRAGMENTS K_CC K_SCALE K_SUITES K_CPUS K_LIMIT K_PART K_CMDLINE <<<"$row"
	# make check-long: other suites, and more time for them.
	[ -n "${LONG:-}" ] || return 0
	row=$(awk -v n="$1" '!/^#/ && $1 == n' "$TOP/scripts/long.txt")
	# shellcheck disable=SC2034
	[ -z "$row" ] || read -r _ K_SUITES K_LIMIT <<<"$row"
}
# What a guest script's line "# build: WORDS" asks for: modules that are built with these.
build_words() { sed -n 's/^# build: //p' "$1"; }
# What make needs besides CC= for clang or clang-19.
llvm_of() { case $1 in *-*) echo "LLVM=-${1#*-}" ;; *) echo LLVM=1 ;; esac; }
# Those that are booted: by make check, or all.
kernel_names() {
	awk -v part="${1:-check}" '!/^#/ && $6 != "-" && ($9 == "check" || $9 == part) { print $1 }' \
		"$TOP/scripts/kernels.txt"
}
