// SPDX-License-Identifier: GPL-2.0
/*
 * Processors: how many there are and can be, their numbers, groups and masks.
 */
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/smp.h>

#include "nt.h"

/*
 * The index of a processor is the number of its CPU. A CPU that is offline leaves a gap, so what
 * arrays are sized by is a number that no CPU reaches, and not how many there are.
 */

#define NTC_GROUP_SIZE	64	/* processors of a group: bits of a KAFFINITY */

/* The CPUs of a group: the part of all CPUs below @end that is in it; 0: no such group. */
static ULONG ntc_group_count(USHORT group, unsigned int end)
{
	unsigned int first = group * NTC_GROUP_SIZE;

	if (group == ALL_PROCESSOR_GROUPS)
		return end;
	return first < end ? min_t(unsigned int, end - first, NTC_GROUP_SIZE) : 0;
}

static unsigned int ntc_active_end(void)
{
	return cpumask_last(cpu_online_mask) + 1;
}

static KAFFINITY ntc_group_mask(USHORT group)
{
	unsigned int i, first = group * NTC_GROUP_SIZE;
	KAFFINITY mask = 0;

	for (i = 0; i < NTC_GROUP_SIZE; i++)
		if (first + i < nr_cpu_ids && cpu_online(first + i))
			mask |= (KAFFINITY)1 << i;
	return mask;
}

/**
 * KeGetProcessorNumberFromIndex - the group of a processor, and its number there
 * @ProcIndex: its index in the system
 * @ProcNumber: receives them
 *
 * Context: any IRQL; any.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for a processor that there cannot be.
 *
 * Follows: DDI wdm/nf-wdm-kegetprocessornumberfromindex.
 */
NTSTATUS KeGetProcessorNumberFromIndex(ULONG ProcIndex, PPROCESSOR_NUMBER ProcNumber)
{
	if (ProcIndex >= nr_cpu_ids)
		return STATUS_INVALID_PARAMETER;
	ProcNumber->Group = ProcIndex / NTC_GROUP_SIZE;
	ProcNumber->Number = ProcIndex % NTC_GROUP_SIZE;
	ProcNumber->Reserved = 0;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(KeGetProcessorNumberFromIndex);

/**
 * KeGetProcessorIndexFromNumber - the index of a processor in the system
 * @ProcNumber: its group, and its number there
 *
 * Context: any IRQL; any.
 * Return: the index; INVALID_PROCESSOR_INDEX for a processor that there cannot be.
 *
 * Follows: DDI wdm/nf-wdm-kegetprocessorindexfromnumber.
 */
ULONG KeGetProcessorIndexFromNumber(PPROCESSOR_NUMBER ProcNumber)
{
	ULONG index = ProcNumber->Group * NTC_GROUP_SIZE + ProcNumber->Number;

	if (ProcNumber->Number >= NTC_GROUP_SIZE || ProcNumber->Reserved || index >= nr_cpu_ids)
		return INVALID_PROCESSOR_INDEX;
	return index;
}
EXPORT_SYMBOL_GPL(KeGetProcessorIndexFromNumber);

/**
 * KeGetCurrentProcessorNumber - the processor that runs the caller
 *
 * Context: any IRQL; any. Below DISPATCH_LEVEL another may run the caller at once.
 * Return: its index in the system, also if that has more than one group.
 *
 * Follows: DDI wdm/nf-wdm-kegetcurrentprocessornumber.
 */
ULONG KeGetCurrentProcessorNumber(void)
{
	return raw_smp_processor_id();
}
EXPORT_SYMBOL_GPL(KeGetCurrentProcessorNumber);

/**
 * KeGetCurrentProcessorNumberEx - the processor that runs the caller
 * @ProcNumber: receives its group and its number there; or NULL
 *
 * Context: any IRQL; any. Below DISPATCH_LEVEL another may run the caller at once.
 * Return: its index in the system.
 *
 * Follows: DDI wdm/nf-wdm-kegetcurrentprocessornumberex.
 */
ULONG KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber)
{
	ULONG index = raw_smp_processor_id();

	if (ProcNumber)
		KeGetProcessorNumberFromIndex(index, ProcNumber);
	return index;
}
EXPORT_SYMBOL_GPL(KeGetCurrentProcessorNumberEx);

/**
 * KeQueryActiveProcessorCountEx - a number that no active processor reaches
 * @GroupNumber: of this group; ALL_PROCESSOR_GROUPS: of the system
 *
 * With a CPU offline below the last one that is online it is more than there are active;
 * KeQueryGroupAffinity() says which are.
 *
 * Context: any IRQL; any.
 * Return: the highest number of an active processor, and one; 0 for a group that there is not.
 *
 * Follows: DDI wdm/nf-wdm-kequeryactiveprocessorcountex.
 */
ULONG KeQueryActiveProcessorCountEx(USHORT GroupNumber)
{
	return ntc_group_count(GroupNumber, ntc_active_end());
}
EXPORT_SYMBOL_GPL(KeQueryActiveProcessorCountEx);

/**
 * KeQueryActiveProcessorCount - a number that no active processor reaches
 * @ActiveProcessors: receives which of the first 64 are active; or NULL
 *
 * Context: any IRQL; any.
 * Return: as KeQueryActiveProcessorCountEx(), of the system.
 *
 * Follows: DDI wdm/nf-wdm-kequeryactiveprocessorcount.
 */
ULONG KeQueryActiveProcessorCount(PKAFFINITY ActiveProcessors)
{
	if (ActiveProcessors)
		*ActiveProcessors = ntc_group_mask(0);
	return ntc_active_end();
}
EXPORT_SYMBOL_GPL(KeQueryActiveProcessorCount);

/**
 * KeQueryMaximumProcessorCountEx - a number that no processor ever reaches
 * @GroupNumber: as for KeQueryActiveProcessorCountEx()
 *
 * It never changes: what has a place for each processor is sized by it.
 *
 * Context: any IRQL; any.
 * Return: the highest number that a processor can ever have, and one; 0 for a group that there
 * is not.
 *
 * Follows: DDI wdm/nf-wdm-kequerymaximumprocessorcountex.
 */
ULONG KeQueryMaximumProcessorCountEx(USHORT GroupNumber)
{
	return ntc_group_count(GroupNumber, nr_cpu_ids);
}
EXPORT_SYMBOL_GPL(KeQueryMaximumProcessorCountEx);

/**
 * KeQueryGroupAffinity - which processors of a group are active
 * @GroupNumber: the group
 *
 * Context: any IRQL; any.
 * Return: a bit for each; 0 for a group that there is not.
 *
 * Follows: DDI wdm/nf-wdm-kequerygroupaffinity.
 */
KAFFINITY KeQueryGroupAffinity(USHORT GroupNumber)
{
	return ntc_group_mask(GroupNumber);
}
EXPORT_SYMBOL_GPL(KeQueryGroupAffinity);
