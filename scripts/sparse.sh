#!/bin/bash
# usage: scripts/sparse.sh ARGUMENT... FILE     (CHECK= of make lint)
#
# Runs sparse, except on Windows drivers, whose four-character tags and routine types sparse
# rejects. Records each FILE that it reads in .sparse, in the build directory of the module.

f=$(realpath "${!#}")
case $f in */tests/clients/* | */samples/journal/* | */samples/stack/* | */tests/drivers/*msvc*) exit 0 ;; esac
sparse -Wsparse-error "$@" || exit
root=${f%/*}
while [ ! -e "$root/wq_compat.c" ] && [ -n "$root" ]; do root=${root%/*}; done
printf '%s\n' "$f" >>"$root/.sparse"
