#!/bin/bash
# usage: scripts/port.sh     (make port)
#
# Tests wqc-port with folders of drivers, and wqc-new, on the headers of Debian's kernel. Prints "ok port: NAME"
# or "not ok port: NAME"; exit status.

# shellcheck disable=SC1003,SC2016,SC2317 # the sources' text; the tests are called by name

. "$(dirname "$0")/lib.sh"
. "$TOP/scripts/suite.sh"

[ $# -eq 0 ] || usage
timed port
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
status=0
vars=$("$TOP/scripts/build.sh" 6.1-stock) || exit 1
eval "$vars"
# Without objects: another run may build there meanwhile.
tree=$tmp/tree
mkdir "$tree"
copy_tree "$TOP" "$tree"
cp "$OBJECTS/Module.symvers" "$tree"

# port FOLDER OPTION...: what wqc-port prints, and its exit status
port() { "$tree/scripts/wqc-port" "--kdir=$KDIR" "${@:2}" "$tmp/$1" >"$tmp/out" 2>"$tmp/err"; }
has() { grep -q -F -e "$1" "$tmp/out" || { echo "it does not say: $1"; return 1; }; }
source_of() { mkdir -p "$(dirname "$tmp/$1")" && printf '%s\n' "${@:2}" >"$tmp/$1"; }

# The exit status is 2, with one line on standard error that has TEXT, and nothing is built.
stops() { one_line 2 "$1" port "${@:2}"; }

entry='NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P)'
good="#include <ntddk.h>
$entry { KEVENT e; KeInitializeEvent(&e, NotificationEvent, TRUE); return STATUS_SUCCESS; }"

whole_driver_is_built() {
	mkdir "$tmp/journal" && cp "$TOP"/samples/journal/*.c "$tmp/journal" || return 1
	port journal && has "journal: 1 of 1 sources compile, the module is built" &&
		has "insmod journal.ko" && has "(PC15)" && [ -e "$tmp/journal/journal.ko" ] &&
		cmp "$TOP/samples/journal/journal.c" "$tmp/journal/journal.c" &&
		grep -q "client.mk" "$tmp/journal/Kbuild"
}

absent_calls_are_listed() {
	source_of absent/absent.c "#include <ntifs.h>" "$entry" '{' \
		'/* ZwClose(0), in a comment' '*/ ZwLoadKey(NULL, NULL);' \
		'return ZwLoadKey(NULL, NULL); }'
	port absent && has "files and registry keys: 1 names, 2 places" &&
		has "ZwLoadKey  absent.c:5 absent.c:6" && has "reports itself in dmesg" || return 1
	! grep -q ZwClose "$tmp/out"
}

errors_and_unknown_names_are_listed() {
	local got=0

	source_of gap/good.c "$good"
	source_of gap/bad.c '#include <ntddk.h>' 'VOID Bad(VOID) { NO_TYPE x; ZwNotThere(1); }'
	port gap || got=$?
	[ "$got" = 1 ] && has "gap: 1 of 2 sources compile" && has "  ok  good.c" &&
		has "  no  bad.c: 2 errors" && has "Names that are not known: 2" &&
		has "ZwNotThere  bad.c:2" && has "NO_TYPE  bad.c:2" && has "the first error" || return 1
	# A header with an error is no source.
	source_of header/header.c '#include <ntddk.h>' '#include "own.h"'
	source_of header/own.h 'NO_TYPE Variable;'
	! port header && has "header: 0 of 1 sources compile" && has "own.h: 1 errors"
}

project_names_sources_and_folders() {
	source_of vc/Drv.vcxproj '<ClCompile Include="Src\one.c" />' \
		'<AdditionalIncludeDirectories>..\inc;$(DDK)\x;%(Rest)</AdditionalIncludeDirectories>'
	source_of inc/mine.h '#define MINE 1'
	source_of vc/Src/one.c '#include <mine.h>' "$good"
	source_of vc/other.c 'this is not C'
	port vc && has "drv: 1 of 1 sources compile, the module is built" || return 1
	source_of old/sources 'TARGETNAME=legacy' 'INCLUDES=..\inc' 'SOURCES=one.c \' '  two.c'
	source_of old/one.c '#include <mine.h>' "$good"
	source_of old/two.c 'int MINE;'
	port old && has "legacy: 2 of 2 sources compile, the module is built"
}

json_has_the_same() {
	port absent --json && "$PYTHON" - "$tmp/out" <<-'E'
		import json, sys
		got = json.load(open(sys.argv[1]))
		assert got["built"] and got["compiled"] == ["absent.c"] and not got["errors"]
		assert got["absent"] == {"ZwLoadKey": ["absent.c:5", "absent.c:6"]}
	E
}

own_kbuild_stays() {
	source_of kept/a.c "$good"
	source_of kept/Kbuild '# mine' 'obj-m += other.o' 'other-y := a.o' "include $tree/client.mk"
	port kept && has "other: 1 of 1 sources compile" && grep -q '# mine' "$tmp/kept/Kbuild" || return 1
	port kept --name=third && [ ! -e "$tmp/kept/third.ko" ] || return 1
	source_of named/a.c "$good"
	port named --name=third && [ -e "$tmp/named/third.ko" ]
}

# Only what leaves a __try with a __finally, and not what stays inside.
jumps_out_of_try_are_listed() {
	source_of try/try.c '#include <ntddk.h>' 'LONG Value;' "$entry {" \
		'__try { for (;;) if (Value) break; else continue; goto in; in: Value++; }' \
		'__finally { Value = 0; }' \
		'__try { __try { if (Value) return 1; } __except (1) { Value = 2; } }' \
		'__finally { Value = 0; }' \
		'for (;;) { __try { if (Value) break; goto out; } __finally { Value = 0; } }' \
		'__try { return 2; } __except (1) { Value = 0; }' \
		'out: return STATUS_SUCCESS; }'
	port try && has "__finally does not run: 3" && has "try.c:6 try.c:8 try.c:8" || return 1
	port try --json && grep -A 4 '"leaves"' "$tmp/out" | grep -c 'try.c:[68]"' | grep -q -x 3
}

# The compiler does not list headers that only Windows' rules find, nor what these include.
changed_headers_compile_again() {
	local header

	source_of again/again.c '#include <NTDDK.h>' '#include "Inc\Outer.h"' "$entry" '{ return INNER; }'
	source_of again/inc/outer.h '#include "inner.h"'
	source_of again/inc/inner.h '#define INNER STATUS_SUCCESS'
	port again && has "again: 1 of 1 sources compile" || return 1
	for header in "$tmp/again/inc/inner.h" "$tree/wq_types.h" "$tree/include/ntdef.h"; do
		cp "$header" "$tmp/kept.h"
		echo '#error "it has changed"' >>"$header"
		! port again && has "again: 0 of 1 sources compile" || return 1
		cp "$tmp/kept.h" "$header"
		port again && has "again: 1 of 1 sources compile" || return 1
	done
}

new_module_is_made_and_built() {
	"$tree/scripts/wqc-new" "$tmp/new/my-first" && make -C "$tmp/new/my-first" "KDIR=$KDIR" &&
		grep -a -q 'depends=wq-compat' "$tmp/new/my-first/my-first.ko"
}

# refuses TEXT ARGUMENT...: wqc-new prints one line with TEXT, and makes nothing.
refuses() {
	local got=0

	(cd "$tmp/new" && "$tree/scripts/wqc-new" "${@:2}") >"$tmp/out" 2>"$tmp/err" || got=$?
	[ "$got" = 2 ] && [ "$(wc -l <"$tmp/err")" = 1 ] && [ ! -s "$tmp/out" ] &&
		grep -q -F -e "$1" "$tmp/err" && [ "$(ls "$tmp/new")" = my-first ]
}

bad_directory_is_one_line() {
	refuses "is there already" my-first && refuses "small letters" My && refuses "small letters" "a b" &&
		refuses "usage" && refuses "usage" one two && refuses "unknown option --fast" --fast ||
		return 1
	# On a machine where no headers are installed.
	[ ! -e /usr/share/wq-compat ] && [ ! -e /usr/local/share/wq-compat ] || return 0
	mkdir -p "$tmp/alone/scripts" && cp "$tree/scripts/wqc-new" "$tmp/alone/scripts" &&
		tree=$tmp/alone refuses "wq_compat.mk is not found" other
}

bad_input_is_one_line() {
	local KDIR=$KDIR

	mkdir "$tmp/empty"
	source_of foreign/a.c "$good"
	source_of foreign/Makefile 'all:'
	source_of lost/lost.vcxproj '<ClCompile Include="gone.c" />'
	stops "is no folder" nowhere && stops "has no C sources" empty &&
		stops "builds something else" foreign && stops "gone.c, which is not there" lost &&
		stops "unknown option --fast" gap --fast && stops "--name= needs a value" gap --name= ||
		return 1
	[ ! -e "$tmp/empty/Kbuild" ] && [ ! -e "$tmp/lost/Kbuild" ] || return 1
	KDIR=$tmp/empty
	stops "has no headers of a kernel" gap
}

tree_that_was_not_built_is_named() {
	local got=0

	rm "$tree/Module.symvers"
	source_of early/early.c "$good"
	port early || got=$?
	[ "$got" = 1 ] && has "build wq_compat for this kernel first"
}

run_tests port whole_driver_is_built absent_calls_are_listed errors_and_unknown_names_are_listed \
	project_names_sources_and_folders json_has_the_same own_kbuild_stays \
	jumps_out_of_try_are_listed changed_headers_compile_again new_module_is_made_and_built \
	bad_directory_is_one_line bad_input_is_one_line tree_that_was_not_built_is_named
exit "$status"
