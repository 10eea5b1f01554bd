#!/bin/bash
# usage: scripts/view.sh     (make view)
#
# Tests the live view of wqc-top in a terminal, its files for Prometheus, the completion of the tools,
# and what they say to bad words, on files as debugfs has them. Prints "ok view: NAME" or "not ok view: NAME"; exit status.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
timed view
vars=$("$TOP/scripts/fetch.sh" "$(dpkg --print-architecture)" promtool) || exit 1
eval "$vars"
PROMTOOL=$PROMTOOL "$PYTHON" "$TOP/scripts/view.py"
