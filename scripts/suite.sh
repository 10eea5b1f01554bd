# shellcheck shell=bash disable=SC2034,SC2154 # $status and $tmp are of the script
# Sourced by scripts whose tests are functions.

# run_tests LABEL FUNCTION...: prints "ok LABEL: NAME" or "not ok LABEL: NAME (WHY)" of each, after what
# it said and the files $tmp/out and $tmp/err. Sets $status; the last line is the first failure.
run_tests() {
	local label=$1 t said first=

	shift
	for t; do
		if said=$("$t" 2>&1); then
			echo "ok $label: $t"
			continue
		fi
		printf '%s\n' "$said" | head -n 20
		[ ! -e "$tmp/out" ] || tail -n 15 "$tmp/out" "$tmp/err"
		said=${said##*$'\n'}
		echo "not ok $label: $t${said:+ ($said)}"
		status=1 first=${first:-$t${said:+: $said}}
	done
	[ -z "$first" ] || say "$label: failed: $first"
}

# one_line STATUS TEXT COMMAND...: COMMAND, which writes to $tmp/out and $tmp/err, ends with STATUS, one
# line on standard error that has TEXT, and no output.
one_line() {
	local want=$1 text=$2 got=0

	shift 2
	"$@" || got=$?
	[ "$got" = "$want" ] && [ "$(wc -l <"$tmp/err")" = 1 ] && [ ! -s "$tmp/out" ] &&
		grep -q -F -e "$text" "$tmp/err" && return
	echo "exit status $got, and not the one line '$text'"
	return 1
}
