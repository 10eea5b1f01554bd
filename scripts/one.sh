#!/bin/bash
# usage: scripts/one.sh KERNEL SUITE[.CASE] [DIR]
#
# Builds, boots and judges one suite on one kernel of scripts/kernels.txt. SUITE is a KUnit
# suite (wqc_ex), of which CASE selects one case, or a guest script (unload), which
# runs as a whole. DIR (default: in the cache) gets the logs. The variables of build.sh and
# guest.sh apply: GUEST_QEMU="-s -S" waits for a debugger (docs/internals.md).
# Exit status: that of verdict.py.

. "$(dirname "$0")/lib.sh"

case $# in 2 | 3) ;; *) usage ;; esac
kernel_row "$1"
suite=${2%%.*} script=$2 case='' only=()
[ "$suite" = "$2" ] || case=${2#*.}
tree=$CACHE/one/tree-$$
undo "rm -rf '$tree'"
mkdir -p "$tree"
(cd "$TOP" && copy_tree "$TOP" "$tree")

# A KUnit suite: the module of the tests has only that one, and of its cases only CASE.
if [ ! -e "$TOP/tests/guest/$script.sh" ]; then
	file=$(grep -l -F ".name = \"$suite\"" "$TOP"/tests/*_kunit.c) ||
		die "no KUnit suite and no guest script is called '$suite'"
	file=${file##*/} script=kunit only=(--only "$suite")
	sed -i -E "/_kunit\.o/{/[ =]${file%.c}\.o/!d}" "$tree/tests/Kbuild"
	if [ -n "$case" ]; then
		grep -q -E "KUNIT_CASE\w*\($case\b" "$TOP/tests/$file" || die "$suite has no case '$case'"
		sed -i -E "/^\tKUNIT_CASE/{/\($case\b/!d}
			1i #pragma GCC diagnostic ignored \"-Wunused-function\"
			1i #pragma GCC diagnostic ignored \"-Wunused-const-variable\"" "$tree/tests/$file"
	fi
fi

dir=${3:-$CACHE/results/one-$1-$2}
mkdir -p "$dir"
words=$(build_words "$TOP/tests/guest/$script.sh")
vars=$(WQC_OBJECTS=${WQC_OBJECTS:-one} WQC_BUILD=$words "$TOP/scripts/build.sh" "$1" "$tree") || exit 3
eval "$vars"
undo "rm -rf '$MODULES'"
say "objects: $OBJECTS; kernel: $KDIR"
MODULES=$MODULES KIMAGE=$KIMAGE "$TOP/scripts/guest.sh" "$1" "$script" "$dir"
src=${KSRC:-$("$TOP/scripts/kernel.sh" --source linux-source-6.12)}
status=0
"$PYTHON" "$TOP/scripts/verdict.py" "$dir" "$TOP/tests/guest/$script.sh" --tests "$tree/tests" \
	--kunit-py "$src/tools/testing/kunit/kunit.py" ${only[@]+"${only[@]}"} --name "$1 $2" || status=$?
say "console log: $dir/console.log"
exit "$status"
