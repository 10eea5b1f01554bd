#!/bin/bash
# usage: scripts/headers.sh KERNEL...
#
# Tests the headers of include/ with a compiler: sources of drivers that must compile, and
# sources that must be refused with a given message. For each KERNEL of scripts/kernels.txt it
# makes a folder as a porter has it, with client.mk, and compiles it.

. "$(dirname "$0")/lib.sh"

[ $# -gt 0 ] || usage
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
bad=0

fail() {
	printf '%s: %s\n' "$K_NAME" "$*"
	bad=1
}

# The warnings that gcc 14 treats as errors, before the flags of client.mk: a source fails if the
# "-Wno-error=" of one of them is missing in client.mk. In gcc 14 a part of return-type is
# return-mismatch.
errors="-Werror=incompatible-pointer-types -Werror=int-conversion -Werror=return-type"
errors+=" -Werror=implicit-function-declaration -Werror=implicit-int"

# Collects the sources, which one make compiles. Each has a title, and the message with which
# the compiler must refuse it; an empty message means that it must compile.
what=() says=()
source_of() {
	printf '%s\n' "$3" >"$tmp/s${#what[@]}.c"
	what+=("$1")
	says+=("$2")
}
accepted() { source_of "$1" "" "$2"; }
refused() { source_of "$@"; }		# WHAT TEXT SOURCE

# Writes the output of a target to $tmp/said.
said_of() {
	awk -v object="/$1" '/^  CC / { mine = substr($NF, length($NF) - length(object) + 1) == object }
		mine' "$tmp/log" >"$tmp/said"
}

judge() {
	# -O keeps the output of each target together, after its name.
	local mk=(make -k -j "$(nproc)" -O -C "$KDIR" "M=$tmp" W=1 KBUILD_MODPOST_WARN=1)
	local i object targets=()

	for i in "${!what[@]}"; do
		echo "obj-m += s$i.o"
		targets+=("wqc_source_s$i.o")
	done >"$tmp/Kbuild"
	printf 'include %s/client.mk\n' "$TOP" >>"$tmp/Kbuild"
	rm -f "$tmp"/*.o
	[ "$K_CC" != clang ] || mk+=(LLVM=1)
	"${mk[@]}" KCFLAGS="$errors" "${targets[@]}" >"$tmp/log" 2>&1 || :
	for i in "${!what[@]}"; do
		object=wqc_source_s$i.o
		said_of "$object"
		if [ -z "${says[i]}" ] && [ ! -e "$tmp/$object" ]; then
			grep -m 3 -E 'error' "$tmp/said" || tail -n 3 "$tmp/log"
			fail "${what[i]}: this does not compile"
		elif [ -n "${says[i]}" ] && [ -e "$tmp/$object" ]; then
			fail "${what[i]}: this compiles"
		elif [ -n "${says[i]}" ] && ! grep -q -F -e "${says[i]}" "$tmp/said"; then
			fail "${what[i]}: the compiler does not say '${says[i]}'"
		fi
	done
}

collect() {
	local name

	mkdir -p "$tmp/Inc"
	printf '#define PUBLIC_TAG 0x1234\r\n' >"$tmp/Inc/Public.h"

	# Those that are an #error are below.
	for name in $(cd "$TOP/include" && grep -L '^#error' ./*.h) NTDDK.H Wdm.h; do
		name=${name#./}
		[[ $name != pshpack* ]] || continue	# on purpose, what follows is packed
		accepted "<$name>, before and after <ntddk.h>" "#include <$name>
#include <ntddk.h>
#include <$name>
LONG Number; PVOID Pointer; NTSTATUS Status;"
	done
	accepted "names with backslashes, and of another case" $'#include <ntddk.h>\r
#include "inc\\public.h"\r
LONG Tag = PUBLIC_TAG;\r'
	accepted "what Windows compilers take" '#include <ntddk.h>
#pragma warning(disable: 4100)
#pragma prefast(disable: 28101)
NTSTATUS Routine(IN PVOID Context, OUT PLONG Result OPTIONAL);
#pragma alloc_text(PAGE, Routine)
typedef struct _BASE { LONG Number; } BASE;
typedef struct _DERIVED { BASE; union { LONG A; ULONG B; }; __int64 Big; } DERIVED;
_IRQL_requires_max_(PASSIVE_LEVEL) _Must_inspect_result_
NTSTATUS Routine(_In_opt_ PVOID Context, _Out_writes_bytes_(4) PLONG Result)
{
	PAGED_CODE();
	UNREFERENCED_PARAMETER(Context); // a comment
	*Result = 0;
	DERIVED derived = { 0 };
	ULONG tag = '"'Tag1'"';
	static const WCHAR name[] = L"\\Device\\Name";
	PLIST_ENTRY current = NULL;
	return derived.Number + derived.A + tag + name[0] + min(tag, 5) + (current != NULL);
}'
	accepted "routines of another type" '#include <ntddk.h>
static NTSTATUS Item(PLONG Context) { return *Context; }
static VOID Dpc(PKDPC Dpc, PLONG Context) { }
static NTSTATUS Thread(VOID) { return 0; }
VOID Routine(PWORK_QUEUE_ITEM WorkItem, PKDPC D, PHANDLE Handle, PIO_WORKITEM IoItem)
{
	ExInitializeWorkItem(WorkItem, Item, WorkItem);
	KeInitializeDpc(D, Dpc, D);
	PsCreateSystemThread(Handle, 0, NULL, NULL, NULL, Thread, NULL);
	IoQueueWorkItem(IoItem, Item, DelayedWorkQueue, NULL);
}'
	accepted "integers for pointers, and a return that is missing" '#include <ntddk.h>
static PVOID Context = 5;
ULONG_PTR Routine(PLONG P) { ULONG_PTR n = P; PVOID q = n; return q == Context; }
LONG Other(PLONG P) { if (P) return; }'
	accepted "locks that are said to be zero" '#include <ntddk.h>
KSPIN_LOCK Lock = 0;
static KSPIN_LOCK Locks[2] = { 0 };
EX_SPIN_LOCK Shared = 0;
C_ASSERT(sizeof(KSPIN_LOCK) == sizeof(ULONG_PTR));
C_ASSERT(sizeof(EX_SPIN_LOCK) == sizeof(LONG));
struct { USHORT Type; KSPIN_LOCK Lock; } Extension = { 1, 0 };
VOID Routine(VOID)
{
	KIRQL irql;
	KeInitializeSpinLock(&Locks[0]);
	KeAcquireSpinLock(&Lock, &irql);
	KeReleaseSpinLock(&Lock, irql);
	irql = ExAcquireSpinLockShared(&Shared);
	ExReleaseSpinLockShared(&Shared, irql);
}'
	accepted "names that come along" '#include <ntddk.h>
ULONG Routine(PVOID Object)
{
	C_ASSERT(ROUND_TO_SIZE(9, 8) == 16);
	KAFFINITY cpus = KeQueryActiveProcessors();
	if (NT_SUCCESS(ObReferenceObjectByPointer(Object, 0, NULL, KernelMode)))
		ExFreePool2(Object, 0, NULL, 0);
	return cpus & 1;
}'
	for name in 0 1; do
		accepted "assertions, which are expressions where they are compiled in: DBG=$name" "#define DBG $name
#include <ntddk.h>
BOOLEAN Routine(PLIST_ENTRY Head, LONG n)
{
	ASSERT(Head != NULL);
	NT_ASSERTMSG(\"empty\", !IsListEmpty(Head));
	(VOID)RTL_SOFT_ASSERT(n);
	if (!NT_VERIFY(n++ > 0))
		return FALSE;
	RtlAssert(\"n\", __FILE__, __LINE__, NULL);
	KdBreakPoint();
	return RTL_VERIFY(n > 1);
}"
	done
	for name in list.h sched.h fs.h slab.h mutex.h wait.h; do
		accepted "<ntddk.h>, then <linux/$name>" "#include <ntddk.h>
#include <linux/$name>
#include <linux/sched.h>
int Routine(KSPIN_LOCK *Lock) { return current->pid + min(1, 2); }"
		accepted "<linux/$name>, then <ntddk.h>" "#include <linux/$name>
#include <linux/sched.h>
#include <ntddk.h>
int Routine(KSPIN_LOCK *Lock) { return current->pid + min(1, 2); }"
	done

	refused "a call that is absent, with WQC_STRICT" "implemented: see docs/porting.md" '#define WQC_STRICT
#include <ntifs.h>
VOID Routine(VOID) { CcFlushCache(NULL, NULL, 0, NULL); }'
	refused "another architecture" "wq_compat is only tested on x86-64 and arm64" '#undef CONFIG_X86_64
#include <ntddk.h>'
	refused "a big-endian kernel" "wq_compat needs a little-endian kernel" '#define CONFIG_CPU_BIG_ENDIAN 1
#include <ntddk.h>'
	refused "tagged pointers" "without tags" $'#define CONFIG_KASAN_HW_TAGS 1\n#include <ntddk.h>'
	refused "a call that does not exist" "ZwNoSuchCall" '#include <ntddk.h>
VOID Routine(VOID) { ZwNoSuchCall(); }'
}

collect
for k in "$@"; do
	kernel_row "$k"
	vars=$("$TOP/scripts/kernel.sh" "$K_NAME") || exit 1
	eval "$vars"
	judge
done
exit "$bad"
