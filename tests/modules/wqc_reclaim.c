// SPDX-License-Identifier: GPL-2.0
/*
 * A model of the paging path of a file system, which has memory that only its items can free. All
 * pages of the machine are allocated; a shrinker owns "dirty" pages, and frees some by queueing an
 * item and waiting until its routine has "written" them. So a task that needs a page waits for a
 * work item. If the item needed memory, this would be a deadlock.
 *
 * Before that, all idle kworkers of the pool that the item would run on are kept busy, by a
 * workqueue of this module, on the CPU of the caller. The item then needs a new kworker, and
 * the script makes sure that none can be created.
 *
 *   press    "CLASS API": one of the first three WORK_QUEUE_TYPEs; ex, io or rx. The writer
 *            must be bound to a CPU
 *   figures  of the last press
 */
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include <wq_compat.h>

#define NR_WANTED	256	/* pages that a caller needs */
#define NR_DIRTY	2048	/* more pages than other tasks take meanwhile */
#define NR_BATCH	32	/* pages that an item frees */
#define NR_HOGS		256
#define PATIENCE	(20 * HZ)

enum reclaim_api { RECLAIM_EX, RECLAIM_IO, RECLAIM_RX, RECLAIM_NR_APIS };

static const char *const api_names[] = { "ex", "io", "rx" };

static struct {
	unsigned int got, batches, late, hogs;
	atomic_t in_rescuer, in_kworker, in_rt;
} figures;

static PRDBSS_DEVICE_OBJECT device;

/* ---- dirty pages, and the item that writes them ----------------------------- */

static LIST_HEAD(dirty);
static struct task_struct *presser;	/* the task that needs memory; others get no dirty pages */
static unsigned long nr_dirty;

static struct {
	RX_WORK_QUEUE_ITEM item;
	PIO_WORKITEM io;
	struct list_head pages;
	struct completion written;
	WORK_QUEUE_TYPE type;
	enum reclaim_api api;
} batch;

static void free_pages_of(struct list_head *pages)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, pages, lru) {
		list_del(&page->lru);
		__free_pages(page, page_private(page));
	}
}

static void note_where(void)
{
	if (!strncmp(current->comm, "wqc_rt/", 7))
		atomic_inc(&figures.in_rt);
	else if (strncmp(current->comm, "kworker/", 8) || !strncmp(current->comm, "kworker/R-", 10))
		atomic_inc(&figures.in_rescuer);
	else
		atomic_inc(&figures.in_kworker);
}

static VOID batch_write(PVOID context)
{
	note_where();
	free_pages_of(&batch.pages);
	complete(&batch.written);
}

static VOID batch_write_io(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	batch_write(Context);
}

static void batch_queue(void)
{
	switch (batch.api) {
	case RECLAIM_EX:
		ExInitializeWorkItem(&batch.item, batch_write, NULL);
		ExQueueWorkItem(&batch.item.WorkQueueItem, batch.type);
		break;
	case RECLAIM_IO:
		IoQueueWorkItem(batch.io, batch_write_io, batch.type, NULL);
		break;
	default:
		RxPostToWorkerThread(device, batch.type, &batch.item, batch_write, NULL);
	}
}

static unsigned long dirty_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	return current == presser ? nr_dirty : 0;
}

/* Direct reclaim, by the task that needs the memory. */
static unsigned long dirty_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long freed = 0;
	struct page *page;

	if (current != presser || !(sc->gfp_mask & __GFP_FS))
		return SHRINK_STOP;
	while (freed < NR_BATCH && (page = list_first_entry_or_null(&dirty, struct page, lru))) {
		list_move(&page->lru, &batch.pages);
		nr_dirty--;
		freed++;
	}
	if (freed) {
		figures.batches++;
		reinit_completion(&batch.written);
		batch_queue();
		if (!wait_for_completion_timeout(&batch.written, PATIENCE)) {
			figures.late++;
			wait_for_completion(&batch.written);
		}
	}
	return freed ?: SHRINK_STOP;
}

#ifdef SHRINKER_ALLOCATED	/* not in this module */
static struct shrinker *shrinker;

static bool shrinker_begin(void)
{
	shrinker = shrinker_alloc(0, "wqc_reclaim");
	if (!shrinker)
		return false;
	shrinker->count_objects = dirty_count;
	shrinker->scan_objects = dirty_scan;
	shrinker->batch = NR_BATCH;
	shrinker_register(shrinker);
	return true;
}

static void shrinker_end(void)
{
	shrinker_free(shrinker);
}
#else
static struct shrinker shrinker = {
	.count_objects = dirty_count,
	.scan_objects = dirty_scan,
	.seeks = DEFAULT_SEEKS,
	.batch = NR_BATCH,
};

static bool shrinker_begin(void)
{
	return !register_shrinker(&shrinker, "wqc_reclaim");
}

static void shrinker_end(void)
{
	unregister_shrinker(&shrinker);
}
#endif

/* ---- busy kworkers ------------------------------------------------------ */

static struct hog {
	struct work_struct work;
	struct completion started;
} *hogs;

static DECLARE_COMPLETION(hog_gate);

static void hog_work(struct work_struct *work)
{
	complete(&container_of(work, struct hog, work)->started);
	wait_for_completion(&hog_gate);
}

/* Queues works until one does not start: then all kworkers are busy, and none can be created. */
static void hog_kworkers(struct workqueue_struct *wq)
{
	for (figures.hogs = 0; figures.hogs < NR_HOGS; figures.hogs++) {
		struct hog *hog = &hogs[figures.hogs];

		INIT_WORK(&hog->work, hog_work);
		init_completion(&hog->started);
		queue_work(wq, &hog->work);
		/* The work would wait for a kworker longer than the test's limits: cancel it. */
		if (!wait_for_completion_timeout(&hog->started, HZ / 2) && cancel_work(&hog->work))
			break;
	}
}

/* ---- pressure ------------------------------------------------------------------- */

static unsigned long take(struct list_head *pages, unsigned long most, unsigned int order,
			  gfp_t gfp)
{
	unsigned long count;
	struct page *page;

	for (count = 0; count < most; count++) {
		page = alloc_pages(gfp | __GFP_NOWARN, order);
		if (!page)
			break;
		set_page_private(page, order);
		list_add(&page->lru, pages);
	}
	return count;
}

/* Takes all free pages, without reclaim. */
static void take_all(struct list_head *pages)
{
	int order;

	for (order = 9; order >= 0; order--) {
		take(pages, ULONG_MAX, order, 0);
		cond_resched();
	}
}

static int press(void)
{
	LIST_HEAD(all);
	LIST_HEAD(wanted);

	presser = current;
	nr_dirty = take(&dirty, NR_DIRTY, 0, GFP_KERNEL);
	if (nr_dirty != NR_DIRTY || !shrinker_begin()) {
		free_pages_of(&dirty);
		nr_dirty = 0;
		return -ENOMEM;
	}
	take_all(&all);
	/* Retries, but does not invoke the OOM killer. */
	figures.got = take(&wanted, NR_WANTED, 0, GFP_KERNEL | __GFP_RETRY_MAYFAIL);
	free_pages_of(&all);
	free_pages_of(&wanted);
	shrinker_end();
	free_pages_of(&dirty);
	nr_dirty = 0;
	return 0;
}

static bool parse(const char *val)
{
	unsigned int type, api;
	char name[4];

	if (sscanf(val, "%u %3s", &type, name) != 2 || type > HyperCriticalWorkQueue)
		return false;
	for (api = 0; api < RECLAIM_NR_APIS; api++)
		if (!strcmp(name, api_names[api]))
			break;
	batch.type = type;
	batch.api = api;
	return api < RECLAIM_NR_APIS;
}

static int reclaim_set_press(const char *val, const struct kernel_param *kp)
{
	struct workqueue_struct *wq = NULL;
	unsigned int flags = 0;
	int err = -ENOMEM;

	if (!parse(val))
		return -EINVAL;
	memset(&figures, 0, sizeof(figures));
	reinit_completion(&hog_gate);
	/* The attributes of backend_wq.c, so that both workqueues use the same pool. */
	if (batch.type == CriticalWorkQueue)
		flags |= WQ_HIGHPRI;
	if (batch.api != RECLAIM_RX)
		flags |= WQ_UNBOUND;
	hogs = kcalloc(NR_HOGS, sizeof(*hogs), GFP_KERNEL);
	batch.io = IoAllocateWorkItem(&device->DeviceObject);
	if (hogs && batch.io)
		wq = alloc_workqueue("wqc_reclaim_hog", flags, NR_HOGS);
	if (wq) {
		if (batch.type != HyperCriticalWorkQueue)
			hog_kworkers(wq);
		err = press();
		complete_all(&hog_gate);
		destroy_workqueue(wq);
	}
	if (batch.io)
		IoFreeWorkItem(batch.io);
	kfree(hogs);
	return err;
}

static int reclaim_get_figures(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer,
			  "wanted=%u got=%u batches=%u late=%u rescuer=%d kworker=%d rt=%d hogs=%u\n",
			  NR_WANTED, figures.got, figures.batches, figures.late,
			  atomic_read(&figures.in_rescuer), atomic_read(&figures.in_kworker),
			  atomic_read(&figures.in_rt), figures.hogs);
}

static const struct kernel_param_ops press_ops = { .set = reclaim_set_press };
static const struct kernel_param_ops figures_ops = { .get = reclaim_get_figures };

module_param_cb(press, &press_ops, NULL, 0200);
module_param_cb(figures, &figures_ops, NULL, 0400);

static VOID reclaim_unload(PDRIVER_OBJECT DriverObject)
{
	RxSpinDownMRxDispatcher(device);
	RxTearDownDispatcher();
	IoDeleteDevice(&device->DeviceObject);
}

static NTSTATUS reclaim_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	PDEVICE_OBJECT DeviceObject;
	NTSTATUS status;

	DriverObject->DriverUnload = reclaim_unload;
	status = IoCreateDevice(DriverObject, sizeof(*device), NULL,
				FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &DeviceObject);
	if (!NT_SUCCESS(status))
		return status;
	device = (PRDBSS_DEVICE_OBJECT)DeviceObject;
	INIT_LIST_HEAD(&batch.pages);
	init_completion(&batch.written);
	RxInitializeDispatcher();
	status = RxInitializeMRxDispatcher(device);
	if (!NT_SUCCESS(status)) {
		RxTearDownDispatcher();
		IoDeleteDevice(DeviceObject);
	}
	return status;
}

WQC_DRIVER(reclaim_entry);
MODULE_DESCRIPTION("Memory that only work items can give back");
MODULE_LICENSE("GPL");
