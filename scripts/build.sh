#!/bin/bash
# usage: scripts/build.sh NAME [SRC]
#
# Builds every module of the project in SRC (default: this tree) against kernel NAME, in a
# copy kept in the cache, and fails on any warning. Prints MODULES='DIR' to eval, which has
# them and what belongs to them, OBJECTS='DIR', the copy, and the variables of kernel.sh.
# WQC_MAKE= adds words to the make command line; WQC_OBJECTS= names a copy of one's own.
# WQC_BUILD= adds words that make another build of it: with a copy and modules of its own.

. "$(dirname "$0")/lib.sh"

case $# in 1 | 2) ;; *) usage ;; esac
kernel_row "$1"
src=$(cd "${2:-$TOP}" && pwd)

# Bring the copy up to date: only files whose content changed are touched, whatever their
# time stamps say (a patch taken back makes a file older), and deleted ones go.
update_copy() {
	(cd "$src" && tree_files .) | "$PYTHON" -c '
import filecmp, os, shutil, sys
src, dst = sys.argv[1:]
new = set(sys.stdin.read().splitlines())
known = os.path.join(dst, ".files")
os.makedirs(dst, exist_ok=True)
old = set(open(known).read().splitlines()) if os.path.exists(known) else set()
for f in old - new:
    if os.path.lexists(os.path.join(dst, f)):
        os.remove(os.path.join(dst, f))
for f in new:
    a, b = os.path.join(src, f), os.path.join(dst, f)
    if not os.path.exists(b) or not filecmp.cmp(a, b, shallow=False):
        os.makedirs(os.path.dirname(b), exist_ok=True)
        shutil.copyfile(a, b)
        shutil.copymode(a, b)
open(known, "w").write("\n".join(sorted(new)) + "\n")
' "$src" "$1"
}

vars=$("$TOP/scripts/kernel.sh" "$K_NAME") || exit 1
eval "$vars"
[ -e "$src/Kbuild" ] || die "there is no Kbuild in $src"

# One copy for each kernel, whichever checkout asks: a new one compiles what differs. Trees
# of another kind, such as tests/harness, have theirs.
this=$(printf '%s' "$src" | cksum | cut -d' ' -f1)
kind=${WQC_OBJECTS:-}
[ -n "$kind" ] || [ -e "$src/wq_compat.c" ] || kind=$this
other=$(printf '%s' "${WQC_BUILD:+-$WQC_BUILD}" | tr -c '[:alnum:]_' -)
dir=$CACHE/objects/$K_NAME${kind:+-$kind}$other
out=$CACHE/build/$K_NAME-$this$other
log=$dir.log
mkdir -p "$CACHE/objects" "$CACHE/build"
lock "build-${dir##*/}"
# Objects made for another kernel of the same name are of no use.
if [ "$(cat "$dir/.kdir" 2>/dev/null)" != "$KDIR" ]; then
	rm -rf "$dir"
fi
update_copy "$dir"
printf '%s\n' "$KDIR" >"$dir/.kdir"

mk=(make -C "$KDIR" "M=$dir" W=1 WQC_TESTS=1 "-j$JOBS")
case $K_CC in clang*) mk+=("$(llvm_of "$K_CC")" "CC=$K_CC") ;; esac
[ -n "$KTREE" ] || mk+=(WQC_KUNIT=0)
# With W=1 kernel-doc reads every file again: once will do, by make lint.
[ "$K_SUITES" = - ] || mk+=(cmd_checkdoc=)
# A prepared tree has no list of symbols.
[ "$K_SUITES" != - ] || mk+=(KBUILD_MODPOST_WARN=1)
# shellcheck disable=SC2206 # words are meant
mk+=(${WQC_MAKE:-} ${WQC_BUILD:-})

status=0
progress "building modules for $K_NAME" "$log" "${mk[@]}" modules || status=$?
quiet='^$'
[ "$K_SUITES" != - ] || quiet='undefined!$|modpost: suppressed|Symbol version dump|Module.symvers'
# Not ours: the stock kernel was built by another patch level of the compiler, without BTF.
if grep -E 'warning:|WARNING:|Warning:' "$log" |
	grep -v -E -e 'the compiler differs from the one' -e 'Skipping BTF' -e "$quiet" |
	sed "s|$dir/||" | sort -u | grep .; then
	status=1
fi >&2
if [ "$status" -ne 0 ]; then
	# A warning is printed once, by the build that compiles: do not lose it.
	"${mk[@]}" clean >/dev/null 2>&1 || :
	grep -m 10 -E 'error:|ERROR:|Error ' "$log" | sed "s|$dir/||" >&2 || :
	die "building the modules for $K_NAME failed, see $log"
fi
# Given out while nobody else builds here. A module that is made no more stays behind.
give_out() {
	local f tools=("$dir"/scripts/wqc-*)

	# Somebody may be copying from there.
	if [ -e "$out/given" ] && [ -z "$(find "$dir" -newer "$out/given" \( -name '*.ko' \
		-o -name 'wqc-*' -o -name modules.order -o -name Module.symvers \) -print -quit)" ]; then
		return
	fi
	rm -rf "$out"
	mkdir -p "$out/scripts"
	while read -r f; do
		f=${f#"$dir/"}
		printf '%s\n' "$dir/${f%.*}.ko"
	done <"$dir/modules.order" | xargs cp -t "$out"
	strip --strip-debug "$out"/*.ko
	cp "$dir/Module.symvers" "$out"
	[ ! -e "${tools[0]}" ] || cp "${tools[@]}" "$out/scripts"
	touch "$out/given"
}
[ "$K_SUITES" = - ] || give_out
unlock
printf "MODULES='%s' OBJECTS='%s' KIMAGE='%s' KDIR='%s' KTREE='%s'\n" \
	"$out" "$dir" "$KIMAGE" "$KDIR" "$KTREE"
