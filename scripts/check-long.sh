#!/bin/bash
# usage: [KERNELS="NAME..."] scripts/check-long.sh     (make check-long)
#
# The suites of scripts/long.txt with all their rounds, which takes hours under emulation:
# what "make check" does with fewer. Prints the figures of each, and what check.sh prints.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
export LONG=1
export SKIP="lint harness formats"
export KERNELS=${KERNELS:-$(awk '!/^#/ && NF { print $1 }' "$TOP/scripts/long.txt" | xargs)}
exec "$TOP/scripts/check.sh"
