// SPDX-License-Identifier: GPL-2.0
/*
 * Processors: their number, indices, groups and masks.
 *
 * The index of a processor is the number of its CPU. An offline CPU leaves a gap. So the counts
 * are upper bounds of the indices, by which an array can be sized, and not the number of CPUs
 * that are online.
 */
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "nt.h"

#define NTC_GROUP_SIZE	64	/* processors in a group: bits of a KAFFINITY */

/* Number of indices below @end that are in a group; 0: there is no such group. */
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
 * KeGetProcessorNumberFromIndex - group and number of a processor
 * @ProcIndex: index of the processor in the system
 * @ProcNumber: receives its group, and its number in the group
 *
 * Context: any IRQL; here any context.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER if the system cannot have such a processor.
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
 * KeGetProcessorIndexFromNumber - index of a processor in the system
 * @ProcNumber: its group, and its number in the group
 *
 * Context: any IRQL; here any context.
 * Return: the index; INVALID_PROCESSOR_INDEX if the system cannot have such a processor.
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
 * KeGetCurrentProcessorNumber - index of the processor that runs the caller
 *
 * Below DISPATCH_LEVEL the caller may move to another processor at any time.
 *
 * Context: any IRQL; here any context.
 * Return: the index in the system, also on systems of several groups.
 *
 * Follows: DDI wdm/nf-wdm-kegetcurrentprocessornumber.
 */
ULONG KeGetCurrentProcessorNumber(void)
{
	return raw_smp_processor_id();
}
EXPORT_SYMBOL_GPL(KeGetCurrentProcessorNumber);

/**
 * KeGetCurrentProcessorNumberEx - index of the processor that runs the caller
 * @ProcNumber: receives its group, and its number in the group; or NULL
 *
 * Below DISPATCH_LEVEL the caller may move to another processor at any time.
 *
 * Context: any IRQL; here any context.
 * Return: the index in the system.
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
 * KeQueryActiveProcessorCountEx - upper bound of the numbers of active processors
 * @GroupNumber: a group; ALL_PROCESSOR_GROUPS: the system
 *
 * While a CPU below the last online one is offline, the result is more than the number of active
 * processors; KeQueryGroupAffinity() tells which are active.
 *
 * Context: any IRQL; here any context.
 * Return: the highest number of an active processor, plus 1; 0 if there is no such group.
 *
 * Follows: DDI wdm/nf-wdm-kequeryactiveprocessorcountex.
 */
ULONG KeQueryActiveProcessorCountEx(USHORT GroupNumber)
{
	return ntc_group_count(GroupNumber, ntc_active_end());
}
EXPORT_SYMBOL_GPL(KeQueryActiveProcessorCountEx);

/**
 * KeQueryActiveProcessorCount - upper bound of the indices of active processors
 * @ActiveProcessors: receives the mask of active processors among the first 64; or NULL
 *
 * Context: any IRQL; here any context.
 * Return: as KeQueryActiveProcessorCountEx() for the system.
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
 * KeQueryMaximumProcessorCountEx - upper bound of the numbers of all possible processors
 * @GroupNumber: as for KeQueryActiveProcessorCountEx()
 *
 * Constant while the system runs: the size of an array with an entry for each processor.
 *
 * Context: any IRQL; here any context.
 * Return: the highest number that a processor can have, plus 1; 0 if there is no such group.
 *
 * Follows: DDI wdm/nf-wdm-kequerymaximumprocessorcountex.
 */
ULONG KeQueryMaximumProcessorCountEx(USHORT GroupNumber)
{
	return ntc_group_count(GroupNumber, nr_cpu_ids);
}
EXPORT_SYMBOL_GPL(KeQueryMaximumProcessorCountEx);

/**
 * KeQueryGroupAffinity - mask of the active processors of a group
 * @GroupNumber: the group
 *
 * Context: any IRQL; here any context.
 * Return: a bit for each active processor; 0 if there is no such group.
 *
 * Follows: DDI wdm/nf-wdm-kequerygroupaffinity.
 */
KAFFINITY KeQueryGroupAffinity(USHORT GroupNumber)
{
	return ntc_group_mask(GroupNumber);
}
EXPORT_SYMBOL_GPL(KeQueryGroupAffinity);

/* ---- the affinity of a thread ------------------------------------------- */

/* The processors of group 0 on which the thread may run; 0: all that are online. */
static KAFFINITY ntc_thread_affinity(void)
{
	KAFFINITY mask = 0;
	unsigned int cpu;

	if (cpumask_subset(cpu_online_mask, current->cpus_ptr))
		return 0;
	for_each_cpu(cpu, current->cpus_ptr)
		if (cpu < NTC_GROUP_SIZE)
			mask |= (KAFFINITY)1 << cpu;
	return mask;
}

static void ntc_set_affinity(KAFFINITY affinity)
{
	cpumask_var_t mask;
	unsigned int cpu;

	if (!affinity) {
		set_cpus_allowed_ptr(current, cpu_possible_mask);
		return;
	}
	if (!zalloc_cpumask_var(&mask, GFP_NOFS))
		return;
	for (cpu = 0; cpu < NTC_GROUP_SIZE && cpu < nr_cpu_ids; cpu++)
		if (affinity >> cpu & 1)
			cpumask_set_cpu(cpu, mask);
	set_cpus_allowed_ptr(current, mask);
	free_cpumask_var(mask);
}

/**
 * KeSetSystemAffinityThreadEx - restrict the current thread to processors
 * @Affinity: processors of group 0; without one that is online, nothing changes
 *
 * KeSetSystemAffinityThread() is this function without a result. A worker routine that does not
 * revert it is reported.
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here process context, sleeps.
 * Return: the affinity from before; 0: the thread had none of its own.
 *
 * Follows: DDI wdm/nf-wdm-kesetsystemaffinitythreadex.
 */
KAFFINITY KeSetSystemAffinityThreadEx(KAFFINITY Affinity)
{
	KAFFINITY was;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return 0;
	was = ntc_thread_affinity();
	if (Affinity & ntc_group_mask(0))
		ntc_set_affinity(Affinity);
	return was;
}
EXPORT_SYMBOL_GPL(KeSetSystemAffinityThreadEx);

/**
 * KeRevertToUserAffinityThreadEx - restore the affinity of the current thread
 * @Affinity: from KeSetSystemAffinityThreadEx(); 0: all processors
 *
 * Context: IRQL <= DISPATCH_LEVEL on Windows; here process context, sleeps.
 *
 * Follows: DDI wdm/nf-wdm-kereverttouseraffinitythreadex.
 */
VOID KeRevertToUserAffinityThreadEx(KAFFINITY Affinity)
{
	if (wqc_may_sleep(__func__, (void *)_RET_IP_))
		ntc_set_affinity(Affinity);
}
EXPORT_SYMBOL_GPL(KeRevertToUserAffinityThreadEx);
