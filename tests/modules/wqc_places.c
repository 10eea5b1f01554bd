// SPDX-License-Identifier: GPL-2.0
/*
 * A client of a class driver, the witness: the queued item has a routine of the witness, and
 * the item, its context or its device is in memory of this module, whose exit function does not
 * wait.
 */
#include <linux/cpumask.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "wqc_witness.h"

static char *place = "data";
module_param(place, charp, 0);
MODULE_PARM_DESC(place, "in this module: data, percpu or init: the item; context; device");

static char *api = "ex";
module_param(api, charp, 0);
MODULE_PARM_DESC(api, "ex, io, post or timer");

static unsigned int due_ms = 300;
module_param(due_ms, uint, 0);
MODULE_PARM_DESC(due_ms, "when a timer request is due");

static int sleep_ms;
module_param(sleep_ms, int, 0);
MODULE_PARM_DESC(sleep_ms, "sleep of the routine, which reads this with place=context");

static union wqc_witness_item data;
static union wqc_witness_item init_data __initdata;
static DEFINE_PER_CPU(union wqc_witness_item, percpu);
static RDBSS_DEVICE_OBJECT own;

static union wqc_witness_item *__init places_item(void)
{
	if (!strcmp(place, "data"))
		return &data;
	if (!strcmp(place, "init"))
		return &init_data;
	if (!strcmp(place, "percpu"))
		return per_cpu_ptr(&percpu, cpumask_last(cpu_possible_mask));
	return wqc_witness_item(sleep_ms);
}

static NTSTATUS __init places_queue(union wqc_witness_item *item, void *context)
{
	PRDBSS_DEVICE_OBJECT device = wqc_witness_rx();

	if (!strcmp(place, "device")) {
		device = &own;
		RxInitializeMRxDispatcher(device);
	}
	if (!strcmp(api, "timer"))
		return RxPostOneShotTimerRequest(device, &item->timer, wqc_witness_touch, context,
						 (LARGE_INTEGER){ .QuadPart = due_ms * 10000LL });
	wqc_witness_accepted();
	if (!strcmp(api, "post"))
		return RxPostToWorkerThread(device, HyperCriticalWorkQueue, &item->post,
					    wqc_witness_touch, context);
	if (!strcmp(api, "io")) {
		IoInitializeWorkItem(wqc_witness_device(), (PIO_WORKITEM)item->io);
		IoQueueWorkItem((PIO_WORKITEM)item->io, wqc_witness_touch_io,
				HyperCriticalWorkQueue, context);
		return STATUS_SUCCESS;
	}
	ExInitializeWorkItem(&item->ex, wqc_witness_touch, context);
	ExQueueWorkItem(&item->ex, HyperCriticalWorkQueue);
	return STATUS_SUCCESS;
}

static int __init places_init(void)
{
	union wqc_witness_item *item = places_item();
	bool ours = !strcmp(place, "context");

	if (places_queue(item, ours ? &sleep_ms : &wqc_witness_item(sleep_ms)->sleep_ms))
		return -EIO;
	return 0;
}
module_init(places_init);

static void __exit places_exit(void)
{
}
module_exit(places_exit);

MODULE_DESCRIPTION("Lends its memory to another module's routine");
MODULE_LICENSE("GPL");
