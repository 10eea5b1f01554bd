#!/bin/bash
# usage: scripts/sparse.sh ARGUMENT... FILE     (CHECK= of make lint)
#
# Sparse, but not of Windows drivers: they have tags of four characters, and routines of other
# types. FILE is noted in .sparse, in the directory of the module's build, when it was read.

f=$(realpath "${!#}")
case $f in */tests/clients/* | */samples/journal/*) exit 0 ;; esac
sparse -Wsparse-error "$@" || exit
root=${f%/*}
while [ ! -e "$root/wq_compat.c" ] && [ -n "$root" ]; do root=${root%/*}; done
printf '%s\n' "$f" >>"$root/.sparse"
