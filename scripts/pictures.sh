#!/bin/bash
# usage: scripts/pictures.sh     (make pictures)
#
# Draws docs/img/wqc-top.svg and docs/img/wqc-trace.svg: the screen of wqc-top and a part of a
# recording of wqc-trace, in a guest with Debian's stock kernel where sample drivers run under load
# (tests/guest/pictures.sh). Nothing is drawn unless the guest passes its tests.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
timed pictures
"$TOP/scripts/deps.sh" pictures || exit 1
kernel_row 6.1-stock
vars=$("$TOP/scripts/build.sh" "$K_NAME") || exit 1
eval "$vars"
export MODULES KIMAGE
dir=$CACHE/results/pictures
lock pictures
"$TOP/scripts/guest.sh" "$K_NAME" pictures "$dir"
"$PYTHON" "$TOP/scripts/verdict.py" "$dir" "$TOP/tests/guest/pictures.sh" --tests "$TOP/tests" \
	--kunit-py none --name pictures >"$dir/verdict" ||
	die "the guest failed: $(matters "$dir/verdict") (see $dir/console.log)"
"$PYTHON" "$TOP/scripts/pictures.py" "$dir/screen.txt" "$dir/recording.trace.json" "$TOP/docs/img"
ls "$TOP"/docs/img/wqc-*.svg
