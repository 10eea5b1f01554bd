#!/bin/bash
# usage: scripts/build.sh NAME [SRC]
#
# Builds every module of the project in SRC (default: this tree) against kernel NAME, in a
# copy in the cache, and fails on any warning. Prints assignments to eval: MODULES='DIR' with the
# modules, Module.symvers and the tools, OBJECTS='DIR' (the copy), and those of kernel.sh.
# WQC_MAKE: more words for make. WQC_OBJECTS: the name of a private copy. WQC_BUILD: words for
# make that define another build, which has a copy and a directory of modules of its own.

. "$(dirname "$0")/lib.sh"

case $# in 1 | 2) ;; *) usage ;; esac
kernel_row "$1"
src=$(cd "${2:-$TOP}" && pwd)

# Updates the copy: writes the files whose content changed and removes deleted ones. Time
# stamps do not count, because a reverted patch makes a file older.
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

[ -n "$K_RELEASE" ] || need "$K_CC"
need "${A_TOOLS}strip"
vars=$("$TOP/scripts/kernel.sh" "$K_NAME") || exit 1
eval "$vars"
[ -e "$src/Kbuild" ] || die "there is no Kbuild in $src"

# All checkouts share one copy for each kernel, so that a new checkout compiles only the files
# that differ. Trees of another kind, such as tests/harness, have their own copy.
this=$(printf '%s' "$src" | cksum | cut -d' ' -f1)
kind=${WQC_OBJECTS:-}
[ -n "$kind" ] || [ -e "$src/wq_compat.c" ] || kind=$this
other=$(printf '%s' "${WQC_BUILD:+-$WQC_BUILD}" | tr -c '[:alnum:]_' -)
dir=$CACHE/objects/$K_NAME${kind:+-$kind}$other
out=$CACHE/build/$K_NAME-$this$other
log=$dir.log
mkdir -p "$CACHE/objects" "$CACHE/build"
lock "build-${dir##*/}"
# Objects for another kernel of the same name cannot be reused.
if [ "$(cat "$dir/.kdir" 2>/dev/null)" != "$KDIR" ]; then
	rm -rf "$dir"
fi
update_copy "$dir"
printf '%s\n' "$KDIR" >"$dir/.kdir"

mk=(${K_IN[@]+"${K_IN[@]}"} make -C "$KDIR" "M=$dir" W=1 WQC_TESTS=1 "-j$JOBS" ${A_MAKE[@]+"${A_MAKE[@]}"})
case $K_CC in
clang*) mk+=("$(llvm_of "$K_CC")" "CC=$K_CC") ;;
*-gcc*) mk+=("CC=$K_CC") ;;
esac
[ -n "$KTREE" ] || mk+=(WQC_KUNIT=0)
# W=1 runs kernel-doc on every file; make lint does that once.
[ "$K_PART" = - ] || mk+=(cmd_checkdoc=)
# A prepared tree has no list of symbols.
[ "$K_SUITES" != - ] || mk+=(KBUILD_MODPOST_WARN=1)
# shellcheck disable=SC2206 # words are meant
mk+=(${WQC_MAKE:-} ${WQC_BUILD:-})

status=0
progress "building modules for $K_NAME" "$log" "${mk[@]}" modules || status=$?
quiet='^$'
[ "$K_SUITES" != - ] || quiet='undefined!$|modpost: suppressed|Symbol version dump|Module.symvers'
# Allowed: the stock kernel was built by another patch level of the compiler, without BTF.
warnings=$(grep -E 'warning:|WARNING:|Warning:' "$log" |
	grep -v -E -e 'the compiler differs from the one' -e 'Skipping BTF' -e "$quiet" |
	sed "s|$dir/||" | sort -u) || :
if [ "$status" -ne 0 ] || [ -n "$warnings" ]; then
	# Only the build that compiles prints a warning: clean, so that the next one repeats it.
	"${mk[@]}" clean >/dev/null 2>&1 || :
	[ -z "$warnings" ] || say "$warnings"
	[ "$status" -ne 0 ] || die "the modules for $K_NAME have a warning: ${warnings%%$'\n'*} (see $log)"
	die_of "$log" "the modules for $K_NAME were not built"
fi
# Copies the modules to $out under the lock. The list of modules.order excludes stale modules.
give_out() {
	local f tools=("$dir"/scripts/wqc-*)

	# Unchanged: leave $out alone, because another process may be copying from it.
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
	"${A_TOOLS}strip" --strip-debug "$out"/*.ko
	cp "$dir/Module.symvers" "$out"
	[ ! -e "${tools[0]}" ] || cp "${tools[@]}" "$out/scripts"
	touch "$out/given"
}
[ "$K_SUITES" = - ] || give_out
unlock
printf "MODULES='%s' OBJECTS='%s' KIMAGE='%s' KDIR='%s' KTREE='%s'\n" \
	"$out" "$dir" "$KIMAGE" "$KDIR" "$KTREE"
