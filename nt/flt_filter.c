// SPDX-License-Identifier: GPL-2.0
/*
 * Filters: the objects that work items of minifilters reference. There is no filter manager: a
 * filter is registered, unregistered and referenced, and no I/O reaches it.
 *
 * Use-after-free: an item may be queued for a filter that was freed. So a filter that a driver
 * passes is looked up on the list of filters before it is accessed; it leaves the list before it is
 * run down, and is freed after that.
 */
#include <linux/export.h>
#include <linux/list.h>

#include "ex_pool.h"
#include "flt_filter.h"

#define NTC_FILTER_TAG	0x46746c46	/* "FltF" */

/* I: set at registration. L: protected by ntc_filter_lock. */
struct _FLT_FILTER {
	struct list_head link;			/* L */
	EX_RUNDOWN_REF references;
	PDRIVER_OBJECT driver;			/* I */
	PFLT_FILTER_UNLOAD_CALLBACK unload;	/* I: or NULL */
};

static DEFINE_RAW_SPINLOCK(ntc_filter_lock);	/* a leaf lock */
static LIST_HEAD(ntc_filters);

static PFLT_FILTER ntc_filter_find(PVOID object)
{
	PFLT_FILTER filter;

	lockdep_assert_held(&ntc_filter_lock);
	list_for_each_entry(filter, &ntc_filters, link)
		if (filter == object)
			return filter;
	return NULL;
}

/**
 * ntc_filter_get - reference a filter
 * @object: any address
 *
 * Context: any.
 * Return: what ExReleaseRundownProtection() needs; NULL: no filter, or it is being unregistered.
 */
EX_RUNDOWN_REF *ntc_filter_get(PVOID object)
{
	unsigned long flags;
	PFLT_FILTER filter;

	raw_spin_lock_irqsave(&ntc_filter_lock, flags);
	filter = ntc_filter_find(object);
	if (filter && !ExAcquireRundownProtection(&filter->references))
		filter = NULL;
	raw_spin_unlock_irqrestore(&ntc_filter_lock, flags);
	return filter ? &filter->references : NULL;
}

/* The DriverUnload of a minifilter that has set none: the filter manager's. */
static VOID ntc_filter_unload(PDRIVER_OBJECT driver)
{
	PFLT_FILTER_UNLOAD_CALLBACK unload = NULL;
	PFLT_FILTER filter;

	raw_spin_lock_irq(&ntc_filter_lock);
	list_for_each_entry(filter, &ntc_filters, link)
		if (filter->driver == driver && filter->unload)
			unload = filter->unload;
	raw_spin_unlock_irq(&ntc_filter_lock);
	if (unload)
		unload(FLTFL_FILTER_UNLOAD_MANDATORY);
}

/**
 * FltRegisterFilter - register a minifilter
 * @Driver: its driver object. A DriverUnload that is NULL is set: it calls the filter's
 *	FilterUnloadCallback
 * @Registration: of the callbacks only FilterUnloadCallback is called: no I/O reaches the filter
 * @RetFilter: where the filter is stored
 *
 * A filter that its driver does not unregister is reported at rmmod, as pool memory with the tag
 * FltF.
 *
 * Context: IRQL <= APC_LEVEL; here as ExAllocatePool().
 * Return: STATUS_SUCCESS; STATUS_INSUFFICIENT_RESOURCES; STATUS_INVALID_PARAMETER: an argument is
 * NULL, or the version of @Registration is not 2.
 *
 * Follows: DDI fltkernel/nf-fltkernel-fltregisterfilter.
 */
NTSTATUS FltRegisterFilter(PDRIVER_OBJECT Driver, const FLT_REGISTRATION *Registration,
			   PFLT_FILTER *RetFilter)
{
	unsigned long flags;
	PFLT_FILTER filter;

	if (!Driver || !Registration || !RetFilter || Registration->Version >> 8 != 2)
		return STATUS_INVALID_PARAMETER;
	filter = ntc_pool_alloc(sizeof(*filter), NTC_FILTER_TAG, true, (void *)_RET_IP_);
	if (!filter)
		return STATUS_INSUFFICIENT_RESOURCES;
	ExInitializeRundownProtection(&filter->references);
	filter->driver = Driver;
	filter->unload = Registration->FilterUnloadCallback;
	raw_spin_lock_irqsave(&ntc_filter_lock, flags);
	list_add(&filter->link, &ntc_filters);
	raw_spin_unlock_irqrestore(&ntc_filter_lock, flags);
	if (filter->unload && !Driver->DriverUnload)
		Driver->DriverUnload = ntc_filter_unload;
	*RetFilter = filter;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(FltRegisterFilter);

/**
 * FltStartFiltering - start a minifilter
 * @Filter: from FltRegisterFilter()
 *
 * Nothing follows: no I/O reaches a filter.
 *
 * Context: IRQL <= APC_LEVEL; here any.
 * Return: STATUS_SUCCESS; STATUS_FLT_DELETING_OBJECT: no filter, or it is being unregistered.
 *
 * Follows: DDI fltkernel/nf-fltkernel-fltstartfiltering.
 */
NTSTATUS FltStartFiltering(PFLT_FILTER Filter)
{
	EX_RUNDOWN_REF *held = ntc_filter_get(Filter);

	if (!held)
		return STATUS_FLT_DELETING_OBJECT;
	ExReleaseRundownProtection(held);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(FltStartFiltering);

/**
 * FltUnregisterFilter - unregister a minifilter
 * @Filter: from FltRegisterFilter(); else reported (0xE4/0)
 *
 * From now on no item can be queued for the filter. Waits until the routines of those that were
 * queued have returned, and until each FltObjectReference() is undone. At DISPATCH_LEVEL or above
 * the call is reported and does nothing.
 *
 * Context: IRQL <= APC_LEVEL; here process context, sleeps.
 *
 * Follows: DDI fltkernel/nf-fltkernel-fltunregisterfilter, DRV ifs/unregistering-the-minifilter.
 */
VOID FltUnregisterFilter(PFLT_FILTER Filter)
{
	PFLT_FILTER filter;

	if (!wqc_may_sleep(__func__, (void *)_RET_IP_))
		return;
	raw_spin_lock_irq(&ntc_filter_lock);
	filter = ntc_filter_find(Filter);
	if (filter)
		list_del(&filter->link);
	raw_spin_unlock_irq(&ntc_filter_lock);
	if (!filter) {
		wqc_report(WQC_R_BAD_ITEM, "filter %p, from %pS", Filter, (void *)_RET_IP_);
		return;
	}
	ExWaitForRundownProtectionRelease(&filter->references);
	ntc_pool_free(filter, NTC_FILTER_TAG, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(FltUnregisterFilter);

/**
 * FltObjectReference - reference a filter
 * @FltObject: from FltRegisterFilter()
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any.
 * Return: STATUS_SUCCESS; STATUS_FLT_DELETING_OBJECT: no filter, or it is being unregistered.
 *
 * Follows: DDI fltkernel/nf-fltkernel-fltobjectreference.
 */
NTSTATUS FltObjectReference(PVOID FltObject)
{
	return ntc_filter_get(FltObject) ? STATUS_SUCCESS : STATUS_FLT_DELETING_OBJECT;
}
EXPORT_SYMBOL_GPL(FltObjectReference);

/**
 * FltObjectDereference - undo one FltObjectReference()
 * @FltObject: referenced
 *
 * Context: IRQL <= APC_LEVEL; here any.
 *
 * Follows: DDI fltkernel/nf-fltkernel-fltobjectdereference.
 */
VOID FltObjectDereference(PVOID FltObject)
{
	ExReleaseRundownProtection(&((PFLT_FILTER)FltObject)->references);
}
EXPORT_SYMBOL_GPL(FltObjectDereference);
