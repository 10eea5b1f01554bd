#!/bin/bash
# usage: scripts/bounded.sh SECONDS DIR COMMAND...
#
# Runs COMMAND for at most SECONDS. On a busy host a guest is slow: while the logs in DIR show new
# results of tests, COMMAND may take up to four times as long. It ends when no result has come for
# a fifth of SECONDS. Exit status: that of COMMAND, or 124, as timeout's.

set -u
limit=$1 dir=$2
shift 2

"$@" &
pid=$!
trap 'kill "$pid" 2>/dev/null' EXIT
trap 'exit 143' TERM INT

results() { cat "$dir"/{console,status}.log 2>/dev/null | grep -a -c -E '(^|\] +)(not )?ok |wqc-test: '; }

seen=0 changed=0 looked=0
while kill -0 "$pid" 2>/dev/null; do
	sleep 0.2
	if [ "$SECONDS" -lt $((limit * 4 / 5)) ] || [ "$SECONDS" -eq "$looked" ]; then continue; fi
	looked=$SECONDS
	now=$(results)
	[ "$now" -eq "$seen" ] || seen=$now changed=$SECONDS
	[ "$SECONDS" -ge "$limit" ] || continue
	[ "$SECONDS" -ge $((changed + limit / 5)) ] || [ "$SECONDS" -ge $((limit * 4)) ] || continue
	kill "$pid"
	for _ in 1 2 3 4 5; do kill -0 "$pid" 2>/dev/null && sleep 1; done
	kill -9 "$pid" 2>/dev/null
	exit 124
done
trap - EXIT
wait "$pid"
