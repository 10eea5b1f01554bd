// SPDX-License-Identifier: GPL-2.0
/* Top-level IRPs, and small questions about an IRP, a status and the system. */
#include "nt_irp.h"

#define TOP_LEFT	"routine returned with a top-level IRP"

/* ---- top-level IRPs ------------------------------------------------------------- */

/* It is the thread's, with and without regions around it. */
static void top_level_irp_is_the_threads(struct kunit *test)
{
	IRP irp;

	KUNIT_EXPECT_NULL(test, IoGetTopLevelIrp());
	IoSetTopLevelIrp(NULL);
	IoSetTopLevelIrp(&irp);
	KUNIT_EXPECT_PTR_EQ(test, &irp, IoGetTopLevelIrp());
	FsRtlEnterFileSystem();
	IoSetTopLevelIrp((PIRP)FSRTL_FSP_TOP_LEVEL_IRP);
	FsRtlExitFileSystem();
	KUNIT_EXPECT_PTR_EQ(test, (PIRP)FSRTL_FSP_TOP_LEVEL_IRP, IoGetTopLevelIrp());
	FsRtlEnterFileSystem();
	IoSetTopLevelIrp(NULL);
	KUNIT_EXPECT_NULL(test, IoGetTopLevelIrp());
	KUNIT_EXPECT_TRUE(test, KeAreApcsDisabled());
	FsRtlExitFileSystem();
	KUNIT_EXPECT_FALSE(test, KeAreApcsDisabled());
}

struct nt_top {
	WORK_QUEUE_ITEM item;
	PIRP found, leaves;
	struct task_struct *thread;
	struct completion done;
};

static VOID nt_top_routine(PVOID context)
{
	struct nt_top *top = context;

	top->thread = current;
	top->found = IoGetTopLevelIrp();
	if (top->leaves)
		IoSetTopLevelIrp(top->leaves);
	complete(&top->done);
}

static struct task_struct *nt_top_runs(struct kunit *test, struct nt_top *top)
{
	ExInitializeWorkItem(&top->item, nt_top_routine, top);
	ExQueueWorkItem(&top->item, DelayedWorkQueue);
	KUNIT_ASSERT_TRUE(test, wqc_done(&top->done));
	return top->thread;
}

/* The next routine of the thread would take itself for a part of that request. */
static void top_level_irp_that_a_routine_leaves_is_reported(struct kunit *test)
{
	struct nt_top *top = kunit_kzalloc(test, sizeof(*top), GFP_KERNEL);
	u64 reports = wqc_reports(test, TOP_LEFT);
	struct task_struct *thread;
	int left = 200;

	KUNIT_ASSERT_NOT_NULL(test, top);
	init_completion(&top->done);
	wqc_test_driver(test);
	IoSetTopLevelIrp((PIRP)FSRTL_FSP_TOP_LEVEL_IRP);
	top->leaves = (PIRP)FSRTL_CACHE_TOP_LEVEL_IRP;
	thread = nt_top_runs(test, top);
	KUNIT_EXPECT_NULL(test, top->found);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(wqc_reports(test, TOP_LEFT) == reports + 1));
	top->leaves = NULL;
	/* In the same thread, or in others so often that a leak would show. */
	while (nt_top_runs(test, top) != thread && !top->found && left--)
		;
	KUNIT_EXPECT_NULL(test, top->found);
	KUNIT_EXPECT_PTR_EQ(test, (PIRP)FSRTL_FSP_TOP_LEVEL_IRP, IoGetTopLevelIrp());
	IoSetTopLevelIrp(NULL);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, TOP_LEFT));
}

/* ---- questions -------------------------------------------------------------------- */

static void synchronous_irp_is_told(struct kunit *test)
{
	static const struct {
		ULONG irp, file;
		bool synchronous;
	} cases[] = {
		{ 0, 0, false },
		{ IRP_SYNCHRONOUS_API, 0, true },
		{ 0, FO_SYNCHRONOUS_IO, true },
		{ IRP_PAGING_IO, FO_SYNCHRONOUS_IO, false },
		{ IRP_PAGING_IO | IRP_SYNCHRONOUS_API, 0, false },
		{ IRP_PAGING_IO | IRP_SYNCHRONOUS_PAGING_IO, 0, true },
		{ IRP_INPUT_OPERATION | IRP_BUFFERED_IO, 0, false },
	};
	FILE_OBJECT *file = kunit_kzalloc(test, sizeof(*file), GFP_KERNEL);
	PIRP irp = IoAllocateIrp(1, FALSE);
	int i;

	KUNIT_ASSERT_TRUE(test, file && irp);
	IoSetNextIrpStackLocation(irp);
	KUNIT_EXPECT_FALSE(test, IoIsOperationSynchronous(irp));
	IoGetCurrentIrpStackLocation(irp)->FileObject = file;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		irp->Flags = cases[i].irp;
		file->Flags = cases[i].file;
		KUNIT_EXPECT_EQ_MSG(test, (int)cases[i].synchronous,
				    (int)IoIsOperationSynchronous(irp), "case %d", i);
	}
	IoFreeIrp(irp);
}

static void statuses_of_bugs_are_not_expected(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, FsRtlIsNtstatusExpected(STATUS_ACCESS_VIOLATION));
	KUNIT_EXPECT_FALSE(test, FsRtlIsNtstatusExpected(STATUS_DATATYPE_MISALIGNMENT));
	KUNIT_EXPECT_FALSE(test, FsRtlIsNtstatusExpected(STATUS_ILLEGAL_INSTRUCTION));
	KUNIT_EXPECT_FALSE(test, FsRtlIsNtstatusExpected(STATUS_INSTRUCTION_MISALIGNMENT));
	KUNIT_EXPECT_TRUE(test, FsRtlIsNtstatusExpected(STATUS_INSUFFICIENT_RESOURCES));
	KUNIT_EXPECT_TRUE(test, FsRtlIsNtstatusExpected(STATUS_SUCCESS));
}

/* Nothing behind the size that the caller has is written to. */
static void version_is_that_of_the_headers(struct kunit *test)
{
	RTL_OSVERSIONINFOEXW info;

	memset(&info, 0xff, sizeof(info));
	info.dwOSVersionInfoSize = sizeof(RTL_OSVERSIONINFOW);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlGetVersion((PRTL_OSVERSIONINFOW)&info));
	KUNIT_EXPECT_EQ(test, _WIN32_WINNT, (int)(info.dwMajorVersion << 8 | info.dwMinorVersion));
	KUNIT_EXPECT_EQ(test, (ULONG)sizeof(RTL_OSVERSIONINFOW), info.dwOSVersionInfoSize);
	KUNIT_EXPECT_EQ(test, (ULONG)VER_PLATFORM_WIN32_NT, info.dwPlatformId);
	KUNIT_EXPECT_EQ(test, 0, (int)info.szCSDVersion[0]);
	KUNIT_EXPECT_EQ(test, 0xff, (int)info.wProductType);
	info.dwOSVersionInfoSize = sizeof(info);
	RtlGetVersion((PRTL_OSVERSIONINFOW)&info);
	KUNIT_EXPECT_EQ(test, VER_NT_WORKSTATION, (int)info.wProductType);
	KUNIT_EXPECT_EQ(test, 0, (int)info.wServicePackMajor);
	KUNIT_EXPECT_EQ(test, MmLargeSystem, MmQuerySystemSize());
}

/* Calls that are left of the power manager, and the lock of volume parameter blocks. */
static void power_irp_is_sent_at_once(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_complete_now);
	struct nt_made *made = nt_make(test, level, IRP_MJ_POWER);
	KIRQL irql;

	PoStartNextPowerIrp(made->irp);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, PoCallDriver(level->device, made->irp));
	KUNIT_EXPECT_EQ(test, 1, made->calls);
	KUNIT_EXPECT_EQ(test, IRP_MJ_POWER, (int)level->major);
	IoAcquireVpbSpinLock(&irql);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, (int)irql);
	KUNIT_EXPECT_EQ(test, DISPATCH_LEVEL, (int)KeGetCurrentIrql());
	IoReleaseVpbSpinLock(irql);
	KUNIT_EXPECT_EQ(test, PASSIVE_LEVEL, (int)KeGetCurrentIrql());
}

static struct kunit_case nt_system_cases[] = {
	KUNIT_CASE(top_level_irp_is_the_threads),
	KUNIT_CASE(top_level_irp_that_a_routine_leaves_is_reported),
	KUNIT_CASE(synchronous_irp_is_told),
	KUNIT_CASE(statuses_of_bugs_are_not_expected),
	KUNIT_CASE(version_is_that_of_the_headers),
	KUNIT_CASE(power_irp_is_sent_at_once),
	{}
};

static struct kunit_suite nt_system_suite = {
	.name = "wqc_nt_system",
	.test_cases = nt_system_cases,
};

kunit_test_suite(nt_system_suite);
