// SPDX-License-Identifier: GPL-2.0
/* MDLs of resident memory: size, pages, parts, chains. */
#include <linux/highmem.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "nt_test.h"

#define BAD_MDL	"MDL that was not built, or does not fit"

static UCHAR nt_mdl_data[3 * PAGE_SIZE];

static PMDL nt_mdl_new(struct kunit *test, PVOID buffer, ULONG length)
{
	PMDL mdl = IoAllocateMdl(buffer, length, FALSE, FALSE, NULL);

	KUNIT_ASSERT_NOT_NULL(test, mdl);
	MmBuildMdlForNonPagedPool(mdl);
	return mdl;
}

/* The layout is Windows'. */
static void mdl_has_its_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0x30, (int)sizeof(MDL));
	KUNIT_EXPECT_EQ(test, 0x08, (int)offsetof(MDL, Size));
	KUNIT_EXPECT_EQ(test, 0x0a, (int)offsetof(MDL, MdlFlags));
	KUNIT_EXPECT_EQ(test, 0x10, (int)offsetof(MDL, Process));
	KUNIT_EXPECT_EQ(test, 0x18, (int)offsetof(MDL, MappedSystemVa));
	KUNIT_EXPECT_EQ(test, 0x20, (int)offsetof(MDL, StartVa));
	KUNIT_EXPECT_EQ(test, 0x28, (int)offsetof(MDL, ByteCount));
	KUNIT_EXPECT_EQ(test, 0x2c, (int)offsetof(MDL, ByteOffset));
}

/* The size counts the pages that the buffer touches. */
static void size_counts_the_pages(struct kunit *test)
{
	static const struct { size_t offset, length, pages; } cases[] = {
		{ 0, 0, 0 }, { 0, 1, 1 }, { 0, PAGE_SIZE, 1 }, { 0, PAGE_SIZE + 1, 2 },
		{ 1, PAGE_SIZE, 2 }, { PAGE_SIZE - 1, 1, 1 }, { PAGE_SIZE - 1, 2, 2 },
		{ 5, 2 * PAGE_SIZE, 3 }, { PAGE_SIZE, 1, 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		KUNIT_EXPECT_EQ_MSG(test, sizeof(MDL) + cases[i].pages * sizeof(PFN_NUMBER),
				    (size_t)MmSizeOfMdl((PVOID)cases[i].offset, cases[i].length),
				    "%u", i);
		KUNIT_EXPECT_EQ(test, cases[i].pages,
				(size_t)ADDRESS_AND_SIZE_TO_SPAN_PAGES(cases[i].offset,
								       cases[i].length));
	}
}

/* Checks the members, and that the pages are those of the buffer: a write to each is seen. */
static void nt_mdl_check(struct kunit *test, PUCHAR buffer, ULONG length)
{
	PMDL mdl = nt_mdl_new(test, buffer, length);
	ULONG i, pages = ADDRESS_AND_SIZE_TO_SPAN_PAGES(buffer, length);
	PUCHAR mapped, page;

	KUNIT_EXPECT_PTR_EQ(test, MmGetMdlVirtualAddress(mdl), (PVOID)buffer);
	KUNIT_EXPECT_EQ(test, length, MmGetMdlByteCount(mdl));
	KUNIT_EXPECT_EQ(test, (ULONG)offset_in_page(buffer), MmGetMdlByteOffset(mdl));
	KUNIT_EXPECT_PTR_EQ(test, MmGetMdlBaseVa(mdl), (PVOID)(buffer - offset_in_page(buffer)));
	KUNIT_EXPECT_TRUE(test, mdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL);
	mapped = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
	KUNIT_EXPECT_PTR_EQ(test, mapped, buffer);
	KUNIT_EXPECT_PTR_EQ(test, (PUCHAR)MmMapLockedPages(mdl, KernelMode), buffer);
	MmUnmapLockedPages(mapped, mdl);
	for (i = 0; i < pages; i++) {
		page = kmap_local_page(pfn_to_page(MmGetMdlPfnArray(mdl)[i]));
		/* The last byte of the page that is in the buffer. */
		mapped = i == pages - 1 ? buffer + length - 1 :
			(PUCHAR)MmGetMdlBaseVa(mdl) + (i + 1) * PAGE_SIZE - 1;
		page[offset_in_page(mapped)] = 0x5a + i;
		KUNIT_EXPECT_EQ(test, 0x5a + i, (ULONG)READ_ONCE(*mapped));
		kunmap_local(page);
	}
	IoFreeMdl(mdl);
}

/* Each kind of memory of the kernel: slab, whole pages, vmalloc, data of a module, the stack. */
static void pages_are_those_of_the_buffer(struct kunit *test)
{
	UCHAR stack[100];
	PUCHAR pool = ExAllocatePool2(POOL_FLAG_NON_PAGED, 300, 0x74736554);
	PUCHAR large = ExAllocatePool2(POOL_FLAG_NON_PAGED, 3 * PAGE_SIZE, 0x74736554);
	PUCHAR area = vmalloc(3 * PAGE_SIZE);

	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_ASSERT_NOT_NULL(test, large);
	KUNIT_ASSERT_NOT_NULL(test, area);
	nt_mdl_check(test, pool, 300);
	nt_mdl_check(test, pool + 17, 1);
	nt_mdl_check(test, large, 3 * PAGE_SIZE);
	nt_mdl_check(test, large + 100, 2 * PAGE_SIZE);
	nt_mdl_check(test, area + PAGE_SIZE - 1, 2);
	nt_mdl_check(test, area + 5, 3 * PAGE_SIZE - 5);
	nt_mdl_check(test, nt_mdl_data + 9, 2 * PAGE_SIZE);
	nt_mdl_check(test, stack, sizeof(stack));
	ExFreePoolWithTag(pool, 0x74736554);
	ExFreePoolWithTag(large, 0x74736554);
	vfree(area);
}

/* A partial MDL describes its part of the source: address, length and pages; it may be reused. */
static void part_describes_its_part(struct kunit *test)
{
	PUCHAR area = vmalloc(4 * PAGE_SIZE);
	u64 bad = wqc_reports(test, BAD_MDL);
	PMDL source, part;

	KUNIT_ASSERT_NOT_NULL(test, area);
	source = nt_mdl_new(test, area + 10, 4 * PAGE_SIZE - 10);
	part = IoAllocateMdl(area + 10, 2 * PAGE_SIZE, FALSE, FALSE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, part);

	IoBuildPartialMdl(source, part, area + PAGE_SIZE + 20, 2 * PAGE_SIZE - 20);
	KUNIT_EXPECT_PTR_EQ(test, MmGetMdlVirtualAddress(part), (PVOID)(area + PAGE_SIZE + 20));
	KUNIT_EXPECT_EQ(test, 2 * PAGE_SIZE - 20, (size_t)MmGetMdlByteCount(part));
	KUNIT_EXPECT_PTR_EQ(test, (PUCHAR)MmGetSystemAddressForMdlSafe(part, LowPagePriority),
			    area + PAGE_SIZE + 20);
	KUNIT_EXPECT_TRUE(test, part->MdlFlags & MDL_PARTIAL);
	KUNIT_EXPECT_EQ(test, vmalloc_to_pfn(area + PAGE_SIZE),
			(unsigned long)MmGetMdlPfnArray(part)[0]);
	KUNIT_EXPECT_EQ(test, vmalloc_to_pfn(area + 2 * PAGE_SIZE),
			(unsigned long)MmGetMdlPfnArray(part)[1]);

	/* Length 0: the rest. */
	MmPrepareMdlForReuse(part);
	IoBuildPartialMdl(source, part, area + 3 * PAGE_SIZE, 0);
	KUNIT_EXPECT_EQ(test, PAGE_SIZE, (size_t)MmGetMdlByteCount(part));
	KUNIT_EXPECT_EQ(test, vmalloc_to_pfn(area + 3 * PAGE_SIZE),
			(unsigned long)MmGetMdlPfnArray(part)[0]);
	KUNIT_EXPECT_EQ(test, bad, wqc_reports(test, BAD_MDL));

	/* Too large for the target; outside of the source; before it. Nothing is changed. */
	IoBuildPartialMdl(source, part, area + 10, 3 * PAGE_SIZE);
	IoBuildPartialMdl(source, part, area + 3 * PAGE_SIZE, PAGE_SIZE + 1);
	IoBuildPartialMdl(source, part, area, 1);
	KUNIT_EXPECT_EQ(test, bad + 3, wqc_reports(test, BAD_MDL));
	KUNIT_EXPECT_PTR_EQ(test, MmGetMdlVirtualAddress(part), (PVOID)(area + 3 * PAGE_SIZE));
	IoFreeMdl(part);
	IoFreeMdl(source);
	vfree(area);
}

/* The first MDL of an IRP replaces the others, a secondary one is appended. */
static void secondary_mdls_are_chained(struct kunit *test)
{
	struct { CSHORT Type; USHORT Size; PMDL MdlAddress; } irp = {};
	struct _IRP *address = (struct _IRP *)&irp;
	PMDL first, second, third;

	first = IoAllocateMdl(nt_mdl_data, 1, FALSE, FALSE, address);
	second = IoAllocateMdl(nt_mdl_data, 2, TRUE, FALSE, address);
	third = IoAllocateMdl(nt_mdl_data, 3, TRUE, FALSE, address);
	KUNIT_ASSERT_TRUE(test, first && second && third);
	KUNIT_EXPECT_PTR_EQ(test, irp.MdlAddress, first);
	KUNIT_EXPECT_PTR_EQ(test, first->Next, second);
	KUNIT_EXPECT_PTR_EQ(test, second->Next, third);
	KUNIT_EXPECT_PTR_EQ(test, third->Next, (PMDL)NULL);
	IoFreeMdl(first);
	IoFreeMdl(second);
	IoFreeMdl(third);
	first = IoAllocateMdl(nt_mdl_data, 1, FALSE, FALSE, address);
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_EXPECT_PTR_EQ(test, irp.MdlAddress, first);
	KUNIT_EXPECT_PTR_EQ(test, first->Next, (PMDL)NULL);
	IoFreeMdl(first);
}

/* The driver's own memory may hold an MDL. */
static void mdl_may_be_in_the_drivers_memory(struct kunit *test)
{
	u64 storage[(sizeof(MDL) + 2 * sizeof(PFN_NUMBER)) / 8];
	PMDL mdl = (PMDL)storage;

	KUNIT_ASSERT_LE(test, (size_t)MmSizeOfMdl(nt_mdl_data, 100), sizeof(storage));
	memset(storage, 0xa5, sizeof(storage));
	MmInitializeMdl(mdl, nt_mdl_data, 100);
	MmBuildMdlForNonPagedPool(mdl);
	KUNIT_EXPECT_PTR_EQ(test, (PUCHAR)MmGetSystemAddressForMdl(mdl), &nt_mdl_data[0]);
	KUNIT_EXPECT_PTR_EQ(test, mdl->Next, (PMDL)NULL);
}

/* Locked pages have an address like resident memory, and may be locked again afterwards. */
static void pages_are_locked_mapped_and_unlocked(struct kunit *test)
{
	u64 bad = wqc_reports(test, BAD_MDL);
	PMDL mdl = IoAllocateMdl(nt_mdl_data + 5, 2 * PAGE_SIZE, FALSE, FALSE, NULL);
	PMDL part = IoAllocateMdl(nt_mdl_data + 5, 2 * PAGE_SIZE, FALSE, FALSE, NULL);
	PMDL built = nt_mdl_new(test, nt_mdl_data + 5, 2 * PAGE_SIZE);
	int i;

	KUNIT_ASSERT_TRUE(test, mdl && part);
	for (i = 0; i < 2; i++) {
		MmProbeAndLockPages(mdl, KernelMode, i ? IoWriteAccess : IoReadAccess);
		KUNIT_EXPECT_EQ(test, MDL_ALLOCATED_FIXED_SIZE | MDL_PAGES_LOCKED |
				(i ? MDL_WRITE_OPERATION : 0), (int)mdl->MdlFlags);
		KUNIT_EXPECT_EQ(test, 0, memcmp(MmGetMdlPfnArray(built), MmGetMdlPfnArray(mdl),
						3 * sizeof(PFN_NUMBER)));
		KUNIT_EXPECT_PTR_EQ(test, (PUCHAR)MmGetSystemAddressForMdlSafe(mdl, 0),
				    nt_mdl_data + 5);
		KUNIT_EXPECT_TRUE(test, mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA);
		IoBuildPartialMdl(mdl, part, nt_mdl_data + 105, 1);
		KUNIT_EXPECT_PTR_EQ(test, (PUCHAR)MmGetSystemAddressForMdlSafe(part, 0),
				    nt_mdl_data + 105);
		KUNIT_EXPECT_TRUE(test, part->MdlFlags & MDL_PARTIAL_HAS_BEEN_MAPPED);
		MmPrepareMdlForReuse(part);
		KUNIT_EXPECT_FALSE(test, part->MdlFlags & MDL_PARTIAL_HAS_BEEN_MAPPED);
		MmUnlockPages(mdl);
		KUNIT_EXPECT_EQ(test, MDL_ALLOCATED_FIXED_SIZE, (int)mdl->MdlFlags);
	}
	KUNIT_EXPECT_EQ(test, bad, wqc_reports(test, BAD_MDL));
	MmUnlockPages(mdl);
	KUNIT_EXPECT_PTR_EQ(test, MmGetSystemAddressForMdlSafe(mdl, 0), (PVOID)NULL);
	KUNIT_EXPECT_EQ(test, bad + 2, wqc_reports(test, BAD_MDL));
	MmProbeAndLockPages(mdl, KernelMode, IoModifyAccess);
	MmProbeAndLockPages(mdl, KernelMode, IoModifyAccess);
	KUNIT_EXPECT_EQ(test, bad + 3, wqc_reports(test, BAD_MDL));
	MmUnlockPages(mdl);
	IoFreeMdl(built);
	IoFreeMdl(part);
	IoFreeMdl(mdl);
}

/* What cannot be mapped is reported, and there is no address. */
static void misuse_of_an_mdl_is_reported(struct kunit *test)
{
	u64 bad = wqc_reports(test, BAD_MDL);
	u64 pool = wqc_reports(test, "pool memory freed twice, or not pool memory");
	PMDL mdl = IoAllocateMdl(nt_mdl_data, 100, FALSE, FALSE, NULL);
	PMDL user = IoAllocateMdl((PVOID)4096, 100, FALSE, FALSE, NULL);

	KUNIT_ASSERT_TRUE(test, mdl && user);
	KUNIT_EXPECT_PTR_EQ(test, MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority),
			    (PVOID)NULL);
	IoBuildPartialMdl(mdl, user, nt_mdl_data, 1);
	MmBuildMdlForNonPagedPool(user);
	MmProbeAndLockPages(user, UserMode, IoReadAccess);
	KUNIT_EXPECT_EQ(test, bad + 4, wqc_reports(test, BAD_MDL));
	MmBuildMdlForNonPagedPool(mdl);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)MmMapLockedPages(mdl, UserMode), (PVOID)NULL);
	MmUnmapLockedPages(mdl, mdl);
	KUNIT_EXPECT_EQ(test, bad + 6, wqc_reports(test, BAD_MDL));
	IoFreeMdl(user);
	IoFreeMdl(mdl);
	IoFreeMdl(mdl);
	KUNIT_EXPECT_EQ(test, pool + 1,
			wqc_reports(test, "pool memory freed twice, or not pool memory"));
}

static struct kunit_case nt_mdl_cases[] = {
	KUNIT_CASE(mdl_has_its_layout),
	KUNIT_CASE(size_counts_the_pages),
	KUNIT_CASE(pages_are_those_of_the_buffer),
	KUNIT_CASE(part_describes_its_part),
	KUNIT_CASE(secondary_mdls_are_chained),
	KUNIT_CASE(mdl_may_be_in_the_drivers_memory),
	KUNIT_CASE(pages_are_locked_mapped_and_unlocked),
	KUNIT_CASE(misuse_of_an_mdl_is_reported),
	{}
};

static struct kunit_suite nt_mdl_suite = {
	.name = "wqc_nt_mdl",
	.test_cases = nt_mdl_cases,
};

kunit_test_suite(nt_mdl_suite);
