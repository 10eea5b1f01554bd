#!/bin/bash
# usage: scripts/docs.sh     (make docs)
#
# Writes the generated pages, and parts of pages, below docs/ from what they are generated of.
# make lint checks that they are current.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
"$PYTHON" "$TOP/scripts/kernels.py"
"$PYTHON" "$TOP/scripts/semantics.py"
"$TOP/scripts/api.sh"
