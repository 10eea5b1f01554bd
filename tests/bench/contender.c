// SPDX-License-Identifier: GPL-2.0
/*
 * The contenders: io_* and rx_* are the queue calls of wq_compat, raw_* the calls that a Linux
 * driver would make instead.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "../../wq_compat.h"
#include "contender.h"

struct bench_item {
	unsigned int i;
	union {
		struct work_struct work;
		struct kthread_work kwork;
		RX_WORK_QUEUE_ITEM rx;
		PIO_WORKITEM io;
	};
};

static struct bench_item *items[BENCH_CONTENDERS];
static unsigned int nr_items;	/* of each contender */
static bench_body_t bench_body;
atomic_t bench_left;
DECLARE_COMPLETION(bench_done);
static PDRIVER_OBJECT driver;
static PDEVICE_OBJECT device;
static PRDBSS_DEVICE_OBJECT rx_device;
static struct workqueue_struct *unbound, *unbound_highpri, *highpri, *ordered;
static struct kthread_worker *worker;

void bench_set_body(bench_body_t body)
{
	bench_body = body;
}

static __always_inline void bench_ran(unsigned int i)
{
	if (unlikely(bench_body))
		bench_body(i);
	else
		bench_count();
}

/* The loop is part of the function, so that no indirect call is measured with each queue call. */
#define BENCH_QUEUE(name, statement)					\
	static void name(unsigned int from, unsigned int to)		\
	{								\
		unsigned int i;						\
									\
		for (i = from; i < to; i++) {				\
			statement;					\
		}							\
	}

#define BENCH_CONTEXT	((void *)(unsigned long)i)

/* ---- wq_compat ----------------------------------------------------------- */

static void io_routine(PVOID object, PVOID context, PIO_WORKITEM item)
{
	bench_ran((unsigned long)context);
}

static void rx_routine(PVOID context)
{
	bench_ran((unsigned long)context);
}

static void io_free_routine(PVOID object, PVOID context, PIO_WORKITEM item)
{
	IoFreeWorkItem(item);
	bench_ran((unsigned long)context);
}

BENCH_QUEUE(queue_io_delayed, IoQueueWorkItemEx(items[IO_DELAYED][i].io, io_routine,
						DelayedWorkQueue, BENCH_CONTEXT))
BENCH_QUEUE(queue_io_critical, IoQueueWorkItemEx(items[IO_CRITICAL][i].io, io_routine,
						 CriticalWorkQueue, BENCH_CONTEXT))
BENCH_QUEUE(queue_io_hyper, IoQueueWorkItemEx(items[IO_HYPER][i].io, io_routine,
					      HyperCriticalWorkQueue, BENCH_CONTEXT))
BENCH_QUEUE(queue_rx_delayed, RxPostToWorkerThread(rx_device, DelayedWorkQueue,
						   &items[RX_DELAYED][i].rx, rx_routine,
						   BENCH_CONTEXT))
BENCH_QUEUE(queue_rx_critical, RxPostToWorkerThread(rx_device, CriticalWorkQueue,
						    &items[RX_CRITICAL][i].rx, rx_routine,
						    BENCH_CONTEXT))
BENCH_QUEUE(queue_rx_hyper, RxPostToWorkerThread(rx_device, HyperCriticalWorkQueue,
						 &items[RX_HYPER][i].rx, rx_routine,
						 BENCH_CONTEXT))
BENCH_QUEUE(queue_rx_dispatch, RxDispatchToWorkerThread(rx_device, CriticalWorkQueue, rx_routine,
							BENCH_CONTEXT))
BENCH_QUEUE(queue_io_allocated, IoQueueWorkItemEx(IoAllocateWorkItem(device), io_free_routine,
						  CriticalWorkQueue, BENCH_CONTEXT))

/* ---- the kernel's workqueues and kthread workers --------------------------- */

static void work_routine(struct work_struct *work)
{
	bench_ran(container_of(work, struct bench_item, work)->i);
}

static void kwork_routine(struct kthread_work *work)
{
	bench_ran(container_of(work, struct bench_item, kwork)->i);
}

static void alloc_routine(struct work_struct *work)
{
	struct bench_item *item = container_of(work, struct bench_item, work);
	unsigned int i = item->i;

	kfree(item);
	bench_ran(i);
}

static __always_inline void queue_allocated(unsigned int i)
{
	struct bench_item *item = kmalloc(sizeof(*item), GFP_ATOMIC);

	INIT_WORK(&item->work, alloc_routine);
	item->i = i;
	queue_work(highpri, &item->work);
}

BENCH_QUEUE(queue_raw_unbound, queue_work(unbound, &items[RAW_UNBOUND][i].work))
BENCH_QUEUE(queue_raw_unbound_highpri,
	    queue_work(unbound_highpri, &items[RAW_UNBOUND_HIGHPRI][i].work))
BENCH_QUEUE(queue_raw_highpri, queue_work(highpri, &items[RAW_HIGHPRI][i].work))
BENCH_QUEUE(queue_raw_kthread, kthread_queue_work(worker, &items[RAW_KTHREAD][i].kwork))
BENCH_QUEUE(queue_raw_allocated, queue_allocated(i))
BENCH_QUEUE(queue_raw_ordered, queue_work(ordered, &items[RAW_ORDERED][i].work))

const struct bench_contender bench_contenders[BENCH_CONTENDERS] = {
	[IO_DELAYED] = { "io_delayed", queue_io_delayed },
	[IO_CRITICAL] = { "io_critical", queue_io_critical },
	[IO_HYPER] = { "io_hyper", queue_io_hyper },
	[RX_DELAYED] = { "rx_delayed", queue_rx_delayed },
	[RX_CRITICAL] = { "rx_critical", queue_rx_critical },
	[RX_HYPER] = { "rx_hyper", queue_rx_hyper },
	[RX_DISPATCH] = { "rx_dispatch", queue_rx_dispatch },
	[IO_ALLOCATED] = { "io_allocated", queue_io_allocated },
	[RAW_UNBOUND] = { "raw_unbound", queue_raw_unbound },
	[RAW_UNBOUND_HIGHPRI] = { "raw_unbound_highpri", queue_raw_unbound_highpri },
	[RAW_HIGHPRI] = { "raw_highpri", queue_raw_highpri },
	[RAW_KTHREAD] = { "raw_kthread", queue_raw_kthread },
	[RAW_ALLOCATED] = { "raw_allocated", queue_raw_allocated },
	[RAW_ORDERED] = { "raw_ordered", queue_raw_ordered },
};

static void bench_unload(PDRIVER_OBJECT unused)
{
}

static NTSTATUS bench_entry(PDRIVER_OBJECT new, PUNICODE_STRING path)
{
	NTSTATUS status;

	new->DriverUnload = bench_unload;
	status = IoCreateDevice(new, sizeof(RDBSS_DEVICE_OBJECT) - sizeof(DEVICE_OBJECT), NULL,
				FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &device);
	if (!NT_SUCCESS(status))
		return status;
	rx_device = (PRDBSS_DEVICE_OBJECT)device;
	RxInitializeDispatcher();
	return RxInitializeMRxDispatcher(rx_device);
}

/*
 * Makes as many spare entries as a burst needs. A warm-up burst would leave fewer: on a kernel with
 * voluntary preemption, an allocation that may sleep lets a runner run and free entries meanwhile.
 * Then the rounds would measure the slab.
 */
static void bench_warm_cache(void)
{
	unsigned int i;

	for (i = 0; i < nr_items; i++)
		items[RX_DISPATCH][i].io = IoAllocateWorkItem(device);
	for (i = 0; i < nr_items; i++)
		if (items[RX_DISPATCH][i].io)
			IoFreeWorkItem(items[RX_DISPATCH][i].io);
}

static int bench_items_init(void)
{
	unsigned int id, i;

	for (id = 0; id < BENCH_CONTENDERS; id++) {
		items[id] = vzalloc(array_size(nr_items, sizeof(**items)));
		if (!items[id])
			return -ENOMEM;
		for (i = 0; i < nr_items; i++) {
			struct bench_item *item = &items[id][i];

			item->i = i;
			if (id <= IO_HYPER) {
				item->io = IoAllocateWorkItem(device);
				if (!item->io)
					return -ENOMEM;
			} else if (id == RAW_KTHREAD) {
				kthread_init_work(&item->kwork, kwork_routine);
			} else if (id >= RAW_UNBOUND) {
				INIT_WORK(&item->work, work_routine);
			}
		}
	}
	bench_warm_cache();
	return 0;
}

int bench_contenders_init(unsigned int nr)
{
	nr_items = nr;
	unbound = alloc_workqueue("bench_unbound", WQ_UNBOUND | WQ_MEM_RECLAIM, 512);
	unbound_highpri = alloc_workqueue("bench_unbound_hi",
					  WQ_UNBOUND | WQ_HIGHPRI | WQ_MEM_RECLAIM, 512);
	highpri = alloc_workqueue("bench_hi", WQ_HIGHPRI | WQ_MEM_RECLAIM, 256);
	ordered = alloc_ordered_workqueue("bench_ordered", WQ_MEM_RECLAIM);
	worker = kthread_create_worker_on_cpu(0, 0, "bench_fifo");
	if (IS_ERR(worker))
		worker = NULL;
	if (!unbound || !unbound_highpri || !highpri || !ordered || !worker)
		return -ENOMEM;
	sched_set_fifo(worker->task);
	if (wqc_driver_load(THIS_MODULE, bench_entry, &driver))
		return -ENOMEM;
	return bench_items_init();
}

void bench_contenders_exit(void)
{
	struct workqueue_struct ** const queues[] = {
		&ordered, &highpri, &unbound_highpri, &unbound,
	};
	unsigned int id, i;

	for (id = 0; id <= IO_HYPER; id++)
		for (i = 0; items[id] && i < nr_items; i++)
			if (items[id][i].io)
				IoFreeWorkItem(items[id][i].io);
	if (driver) {
		RxSpinDownMRxDispatcher(rx_device);
		RxTearDownDispatcher();
		IoDeleteDevice(device);
		wqc_driver_unload(driver);
	}
	if (worker)
		kthread_destroy_worker(worker);
	for (id = 0; id < ARRAY_SIZE(queues); id++)
		if (*queues[id])
			destroy_workqueue(*queues[id]);
	for (id = 0; id < BENCH_CONTENDERS; id++)
		vfree(items[id]);
}
