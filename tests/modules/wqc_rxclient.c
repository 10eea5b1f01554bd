// SPDX-License-Identifier: GPL-2.0
/*
 * A mini-redirector that leaves items and timer requests behind: its exit function does not
 * cancel, spin down or wait, unless a parameter says so.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "wqc_witness.h"

static unsigned int count = 10;
module_param(count, uint, 0);
MODULE_PARM_DESC(count, "posts, dispatches and one-shots, each, a class");

static unsigned int sleep_ms = 20;
module_param(sleep_ms, uint, 0);
MODULE_PARM_DESC(sleep_ms, "sleep of a routine");

static unsigned int due_ms = 1;
module_param(due_ms, uint, 0);
MODULE_PARM_DESC(due_ms, "due time of one-shots, and interval of the recurrent request");

static bool again;
module_param(again, bool, 0);
MODULE_PARM_DESC(again, "one-shots post themselves again, and a recurrent request is posted");

static bool twice;
module_param(twice, bool, 0);
MODULE_PARM_DESC(twice, "posted items post themselves once more");

static bool plain;
module_param(plain, bool, 0);
MODULE_PARM_DESC(plain, "no DriverEntry, a device in module data, an exit that does nothing");

static bool spin_down;
module_param(spin_down, bool, 0);
MODULE_PARM_DESC(spin_down, "DriverUnload begins with RxSpinDownMRxDispatcher()");

struct rxclient_item {
	RX_WORK_ITEM request;
	WORK_QUEUE_TYPE type;
	bool again;
};

/*
 * A routine that posts needs its device. A device that IoDeleteDevice() has freed is not valid,
 * and this client does not spin down; so such routines use a device in this module's data.
 */
static RDBSS_DEVICE_OBJECT own;
static PRDBSS_DEVICE_OBJECT device;
static PDEVICE_OBJECT made;
static struct rxclient_item timers[32];

static VOID rxclient_posted(PVOID context)
{
	struct rxclient_item *item = context;

	msleep(sleep_ms);
	wqc_witness_ran();
	if (!item->again) {
		kfree(item);
		return;
	}
	item->again = false;
	wqc_witness_accepted();
	if (RxPostToWorkerThread(device, item->type, &item->request.WorkQueueItem,
				 rxclient_posted, item)) {
		wqc_witness_taken();
		kfree(item);
	}
}

static VOID rxclient_dispatched(PVOID context)
{
	msleep(sleep_ms);
	wqc_witness_ran();
}

/* Posts its request again, so that it is pending when the routine ends. */
static VOID rxclient_timer(PVOID context)
{
	struct rxclient_item *item = context;
	LARGE_INTEGER due = { .QuadPart = due_ms * 10000LL };

	msleep(sleep_ms);
	if (item->again)
		RxPostOneShotTimerRequest(device, &item->request, rxclient_timer, item, due);
}

static VOID rxclient_recurrent(PVOID context)
{
	msleep(sleep_ms);
}

static VOID rxclient_unload(PDRIVER_OBJECT DriverObject)
{
	if (spin_down)
		RxSpinDownMRxDispatcher(device);
	IoDeleteDevice(made);
}

static void rxclient_post(WORK_QUEUE_TYPE type)
{
	struct rxclient_item *item = kzalloc(sizeof(*item), GFP_KERNEL);

	if (item) {
		item->type = type;
		item->again = twice;
		wqc_witness_accepted();
		if (RxPostToWorkerThread(device, type, &item->request.WorkQueueItem,
					 rxclient_posted, item)) {
			wqc_witness_taken();
			kfree(item);
		}
	}
	wqc_witness_accepted();
	if (RxDispatchToWorkerThread(device, type, rxclient_dispatched, NULL))
		wqc_witness_taken();
}

static void rxclient_start(void)
{
	LARGE_INTEGER due = { .QuadPart = due_ms * 10000LL };
	unsigned int i;

	RxInitializeDispatcher();
	RxInitializeRxTimer();
	RxInitializeMRxDispatcher(device);
	for (i = 0; i < 3 * count; i++)
		rxclient_post(i % 3);
	for (i = 0; i < min_t(unsigned int, count, ARRAY_SIZE(timers)); i++) {
		timers[i].again = again;
		RxPostOneShotTimerRequest(device, &timers[i].request, rxclient_timer, &timers[i],
					  due);
	}
	if (again)
		RxPostRecurrentTimerRequest(device, rxclient_recurrent, NULL, due);
}

static NTSTATUS rxclient_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	PDEVICE_OBJECT DeviceObject;
	NTSTATUS Status;

	DriverObject->DriverUnload = rxclient_unload;
	Status = IoCreateDevice(DriverObject, sizeof(*device), NULL,
				FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &DeviceObject);
	if (!NT_SUCCESS(Status))
		return Status;
	made = DeviceObject;
	device = again || twice ? &own : (PRDBSS_DEVICE_OBJECT)DeviceObject;
	rxclient_start();
	return STATUS_SUCCESS;
}

static PDRIVER_OBJECT driver;

static int __init rxclient_init(void)
{
	if (!plain)
		return wqc_driver_load(THIS_MODULE, rxclient_entry, &driver);
	device = &own;
	rxclient_start();
	return 0;
}
module_init(rxclient_init);

/*
 * The timer requests are in the data of this module: wq_compat cancels them before the data is
 * freed.
 */
static void __exit rxclient_exit(void)
{
	if (!plain)
		wqc_driver_unload(driver);
}
module_exit(rxclient_exit);

MODULE_DESCRIPTION("A mini-redirector that leaves items and timers behind");
MODULE_LICENSE("GPL");
