#!/bin/bash
# usage: [KERNELS="NAME..."] scripts/check-long.sh     (make check-long)
#
# Runs the suites of scripts/long.txt with all their rounds, which takes hours under emulation;
# "make check" runs fewer rounds. Prints the figures of each suite and the output of check.sh.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
export LONG=1
export SKIP="lint harness formats port"
export KERNELS=${KERNELS:-$(awk '!/^#/ && NF { print $1 }' "$TOP/scripts/long.txt" | xargs)}
exec "$TOP/scripts/check.sh"
