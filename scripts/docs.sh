#!/bin/bash
# usage: scripts/docs.sh     (make docs)
#
# Writes the pages, tables and settings that are generated from the sources: below docs/, in
# README.md, etc/modprobe.conf and dkms.conf. make lint checks that they are current.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
"$PYTHON" "$TOP/scripts/installed.py"
"$PYTHON" "$TOP/scripts/abi.py"
"$PYTHON" "$TOP/scripts/reports.py"
"$PYTHON" "$TOP/scripts/kernels.py"
"$PYTHON" "$TOP/scripts/semantics.py"
"$TOP/scripts/api.sh"
