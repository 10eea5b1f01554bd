#!/bin/bash
# usage: scripts/crash.sh     (make crash)
#
# Tests wqc-crash with the memory of a guest in which the runners of a class wait and a misuse has
# ended in a panic (tests/guest/dump.sh). Prints "ok crash: NAME" or "not ok crash: NAME"; exit status.

# shellcheck disable=SC2317 # the tests are called by name

. "$(dirname "$0")/lib.sh"
. "$TOP/scripts/suite.sh"

[ $# -eq 0 ] || usage
timed crash
kernel_row 6.1-plain
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
vars=$("$TOP/scripts/fetch.sh" "$(dpkg --print-architecture)" drgn) || exit 1
eval "$vars"
vars=$(WQC_OBJECTS=${WQC_OBJECTS:-}crash WQC_MAKE=KCFLAGS=-g "$TOP/scripts/build.sh" 6.1-plain) || exit 1
eval "$vars"
: "${CRASH_MODULE:=$OBJECTS/wq-compat.ko}"
status=0

# crash WORD...: what wqc-crash prints
crash() {
	LD_LIBRARY_PATH=$ROOT/usr/lib/x86_64-linux-gnu:$ROOT/lib/x86_64-linux-gnu \
		PYTHONPATH=$ROOT/usr/lib/python3/dist-packages \
		"$PYTHON" "$TOP/scripts/wqc-crash" "$@" >"$tmp/out" 2>"$tmp/err"
}
has() { grep -q -E -e "$1" "$tmp/out" || { echo "it does not say: $1"; return 1; }; }

# The guest panics and stays: QEMU is asked for its memory then.
memory_is_dumped() {
	local guest tries=0

	MODULES=$MODULES KIMAGE=$KIMAGE GUEST_CMDLINE=panic=0 \
		GUEST_QEMU="-m 512M -qmp unix:$tmp/qmp,server=on,wait=off" \
		"$TOP/scripts/guest.sh" 6.1-plain dump "$tmp/run" 2>"$tmp/guest.err" &
	guest=$!
	until grep -q "Kernel panic" "$tmp/run/console.log" 2>/dev/null; do
		kill -0 "$guest" 2>/dev/null || { tail "$tmp/run/console.log"; return 1; }
		[ $((++tries)) -lt 36000 ] || return 1
		sleep 0.1
	done
	"$PYTHON" "$TOP/scripts/dump.py" "$tmp/qmp" "$tmp/dump" && wait "$guest"
	grep -q "routine ended its worker thread" "$tmp/run/console.log"
}

queues_and_runs_are_shown() {
	crash "$tmp/dump" "$CRASH_MODULE" "$KDIR/vmlinux" || return 1
	has "^Delayed +0 +3 +[0-4] " && has "^RxCritical +3 +0 +0 " &&
		has "^ *[0-9]+ Critical .* client_io_ex \[wqc_client\]$" || return 1
	[ "$(grep -c -E '^ *[1-9][0-9]{4,} Delayed .* witness_block \[wqc_witness\]$' "$tmp/out")" = 4 ]
}
waiting_items_are_shown() { has "^ *3 Delayed +0 witness_block \[wqc_witness\]$"; }
stuck_runs_are_named() {
	[ "$(grep -c -E '^  witness_block \[wqc_witness\] runs for [0-9]+ s in pid [0-9]+; on its stack: .*witness_block \[wqc_witness\]' \
		"$tmp/out")" = 4 ] && ! has "client_io_ex .* runs for" >/dev/null
}

# stops TEXT WORD...: the exit status is 1, with one line on standard error that has TEXT.
stops() { one_line 1 "$1" crash "${@:2}"; }
bad_files_are_one_line() {
	: >"$tmp/empty"
	head -c 4096 "$tmp/dump" >"$tmp/cut"
	echo "ffffffff81000000 T _text" >"$tmp/few"
	stops "there is no file" "$tmp/none" "$CRASH_MODULE" "$KDIR/vmlinux" &&
		stops "is empty" "$tmp/empty" "$CRASH_MODULE" "$KDIR/vmlinux" &&
		stops "is no ELF dump" "$CRASH_MODULE" "$CRASH_MODULE" "$KDIR/vmlinux" &&
		stops "the dump cannot be read" "$tmp/cut" "$CRASH_MODULE" "$KDIR/vmlinux" &&
		stops "has no debug information" "$tmp/dump" "$MODULES/wq-compat.ko" "$KDIR/vmlinux" &&
		stops "has no symbol modules" "$tmp/dump" "$CRASH_MODULE" "$tmp/few"
}

run_tests crash memory_is_dumped queues_and_runs_are_shown waiting_items_are_shown stuck_runs_are_named \
	bad_files_are_one_line
exit "$status"
