// SPDX-License-Identifier: GPL-2.0
/*
 * Four threads that post, each on a CPU of its own if there are enough, race with a fifth that
 * spins down, cancels, deletes or frees. The races run while the module loads; the load fails
 * if an item was lost, ran twice, or ran when it must not.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "wqc_random.h"
#include "wqc_witness.h"

#define NR_THREADS	4
#define NR_SLOTS	8
#define MOST_QUEUED	500

static char *race = "spindown";
module_param(race, charp, 0);
MODULE_PARM_DESC(race, "spindown, cancel, delete or free");

static unsigned int rounds = 1000;
module_param(rounds, uint, 0);
MODULE_PARM_DESC(rounds, "rounds of the race");

static unsigned int seed = 1;
module_param(seed, uint, 0);
MODULE_PARM_DESC(seed, "seed of delays and queue types");

static unsigned int patience = 120;
module_param(patience, uint, 0);
MODULE_PARM_DESC(patience, "seconds that the cancelling may take, and then that items may wait");

struct race_slot {
	RX_WORK_ITEM request;
	PIO_WORKITEM io;		/* queued once; its routine or its canceller frees it */
	atomic_t busy;			/* posted, and neither run nor taken back */
};

struct race_thread {
	struct task_struct *task;
	u64 random;
	struct race_slot slots[NR_SLOTS];
	struct completion go, done;
};

static struct race_thread threads[NR_THREADS];
static PDRIVER_OBJECT driver;
static PRDBSS_DEVICE_OBJECT rx;
static PDEVICE_OBJECT victim;		/* the device of this round */
static atomic_t posted, ran, refused, taken, inside, wrong;
static atomic_t is_down, late;		/* the device is down; routines that ran meanwhile */
static bool stop;

static void race_wrong(const char *what)
{
	if (atomic_inc_return(&wrong) == 1)
		pr_err("races: %s\n", what);
}

static int race_open(void)
{
	return atomic_read(&posted) - atomic_read(&ran) - atomic_read(&refused) -
	       atomic_read(&taken);
}

static void race_delay(u64 *random)
{
	u32 r = wqc_random(random);

	if (!(r & 7))
		cond_resched();
	else if (!(r & 0xf0))
		usleep_range(20, 200);
	else
		udelay(r >> 8 & 31);
}

/* ---- routines ----------------------------------------------------------- */

/* The device must not be down when one of its routines begins or ends. */
static void race_begins(void)
{
	atomic_inc(&inside);
	if (atomic_read(&is_down))
		atomic_inc(&late);
}

static void race_ends(void)
{
	if (atomic_read(&is_down))
		atomic_inc(&late);
	atomic_inc(&ran);
	wqc_witness_ran();
	atomic_dec(&inside);
}

static VOID race_counted(PVOID context)
{
	race_begins();
	udelay(5);
	race_ends();
}

/* Sleeps, so that a spin-down finds running routines, and items behind them. */
static VOID race_sleeps(PVOID context)
{
	race_begins();
	usleep_range(500, 4000);
	race_ends();
}

static VOID race_slot_ran(PVOID context)
{
	struct race_slot *slot = context;

	race_begins();
	if (atomic_cmpxchg(&slot->busy, 1, 0) != 1)
		race_wrong("an item ran that was not queued");
	race_ends();
}

/* Does not access the item: the fifth thread may have freed it. */
static VOID race_io_ran(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	race_counted(NULL);
}

static VOID race_io_frees(PVOID IoObject, PVOID Context, PIO_WORKITEM IoWorkItem)
{
	IoFreeWorkItem(IoWorkItem);
	race_counted(NULL);
}

/* ---- the four threads ----------------------------------------------------- */

static void race_accepted(void)
{
	atomic_inc(&posted);
	wqc_witness_accepted();
}

static void race_refused(void)
{
	atomic_inc(&refused);
	wqc_witness_taken();
}

/* Posts one item, and dispatches one routine. */
static void race_post(struct race_thread *me, struct race_slot *slot)
{
	u32 r = wqc_random(&me->random);
	WORK_QUEUE_TYPE type = r % WQC_NR_CLASSES;

	if (!atomic_cmpxchg(&slot->busy, 0, 1)) {
		race_accepted();
		if (RxPostToWorkerThread(rx, type, &slot->request.WorkQueueItem, race_slot_ran,
					 slot)) {
			atomic_set(&slot->busy, 0);
			race_refused();
		}
	}
	race_accepted();
	if (RxDispatchToWorkerThread(rx, type, r & 0x700 ? race_counted : race_sleeps, NULL))
		race_refused();
}

/* Posts a request that is due at once or a little later. */
static void race_post_timer(struct race_thread *me, struct race_slot *slot)
{
	LARGE_INTEGER due = { .QuadPart = wqc_random(&me->random) % 4096 };

	if (atomic_cmpxchg(&slot->busy, 0, 1))
		return;
	race_accepted();
	if (RxPostOneShotTimerRequest(rx, &slot->request, race_slot_ran, slot, due)) {
		race_wrong("a timer request was refused");
		atomic_set(&slot->busy, 0);
		race_refused();
	}
}

static int race_poster(void *data)
{
	struct race_thread *me = data;
	bool timers = !strcmp(race, "cancel");
	unsigned int n = 0;

	while (!kthread_should_stop()) {
		if (READ_ONCE(stop) || race_open() > MOST_QUEUED) {
			schedule_timeout_interruptible(1);
			continue;
		}
		if (timers)
			race_post_timer(me, &me->slots[n++ % NR_SLOTS]);
		else
			race_post(me, &me->slots[n++ % NR_SLOTS]);
		race_delay(&me->random);
	}
	return 0;
}

/* The fifth thread holds a reference on the device until all threads have finished. */
static void race_queue(struct race_thread *me, bool frees_itself)
{
	PIO_WORKITEM item;
	int i;

	for (i = 0; i < NR_SLOTS; i++) {
		item = IoAllocateWorkItem(victim);
		if (!item)
			continue;
		race_accepted();
		IoQueueWorkItemEx(item, frees_itself ? race_io_frees : race_io_ran,
				  wqc_random(&me->random) % WQC_NR_CLASSES, NULL);
		if (!frees_itself)
			xchg(&me->slots[i].io, item);
		else
			race_delay(&me->random);
	}
}

/* Works in rounds: waits for the start of a round, and reports its end. */
static int race_rounder(void *data)
{
	struct race_thread *me = data;

	while (!wait_for_completion_interruptible(&me->go) && !READ_ONCE(stop)) {
		race_queue(me, !strcmp(race, "delete"));
		complete(&me->done);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void race_threads_stop(void)
{
	int i;

	WRITE_ONCE(stop, true);
	for (i = 0; i < NR_THREADS; i++) {
		if (!threads[i].task)
			continue;
		complete(&threads[i].go);
		kthread_stop(threads[i].task);
		threads[i].task = NULL;
	}
}

static bool race_threads_start(int (*fn)(void *data))
{
	struct task_struct *task;
	int i;

	for (i = 0; i < NR_THREADS; i++) {
		init_completion(&threads[i].go);
		init_completion(&threads[i].done);
		threads[i].random = wqc_random_begin(seed, i);
		task = kthread_create_on_cpu(fn, &threads[i], i % num_online_cpus(),
					     "wqc_races/%u");
		if (IS_ERR(task))
			return false;
		threads[i].task = task;
		wake_up_process(task);
	}
	return true;
}

/* ---- the fifth thread ------------------------------------------------------ */

/* Waits until routines run and items wait behind them. */
static void race_await_items(void)
{
	unsigned long end = jiffies + 10 * HZ;

	while (!atomic_read(&inside) || race_open() <= atomic_read(&inside)) {
		if (time_after(jiffies, end)) {
			race_wrong("nothing waits and runs at the same time");
			break;
		}
		usleep_range(50, 100);
	}
}

static void race_spindown(u64 *random, unsigned int *round)
{
	for (; *round < rounds; (*round)++) {
		race_delay(random);
		usleep_range(200, 2000);
		race_await_items();
		if (RxSpinDownMRxDispatcher(rx))
			race_wrong("a spin-down failed");
		atomic_set(&is_down, 1);
		if (atomic_read(&inside))
			race_wrong("a routine ran when the spin-down had returned");
		race_delay(random);
		usleep_range(2000, 5000);	/* longer than a routine sleeps */
		atomic_set(&is_down, 0);
		if (atomic_read(&late))
			race_wrong("routines ran while their device was down");
		if (RxInitializeMRxDispatcher(rx))
			race_wrong("the device could not be initialised again");
	}
}

/* Cancels until each outcome was seen often enough. */
static void race_cancel(u64 *random, unsigned int *round)
{
	unsigned long end = jiffies + patience * HZ;
	struct race_slot *slot;
	u32 r;

	while (atomic_read(&taken) < rounds || atomic_read(&ran) < rounds) {
		if (time_after(jiffies, end)) {
			race_wrong("too seldom cancelled, or too seldom run");
			break;
		}
		r = wqc_random(random);
		slot = &threads[r % NR_THREADS].slots[r / NR_THREADS % NR_SLOTS];
		(*round)++;
		if (!RxCancelTimerRequest(rx, race_slot_ran, slot)) {
			if (atomic_cmpxchg(&slot->busy, 1, 0) != 1)
				race_wrong("a request was cancelled that was not pending");
			atomic_inc(&taken);
			wqc_witness_taken();
		}
		cond_resched();
	}
}

static void race_all_go(void)
{
	int i;

	for (i = 0; i < NR_THREADS; i++)
		complete(&threads[i].go);
}

static void race_all_are_through(void)
{
	int i;

	for (i = 0; i < NR_THREADS; i++)
		wait_for_completion(&threads[i].done);
}

static void race_delete(u64 *random, unsigned int *round)
{
	for (; *round < rounds; (*round)++) {
		if (IoCreateDevice(driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &victim)) {
			race_wrong("no device");
			return;
		}
		ObReferenceObject(victim);
		race_all_go();
		race_delay(random);
		IoDeleteDevice(victim);
		race_all_are_through();
		ObDereferenceObject(victim);
	}
}

static void race_free_all(void)
{
	PIO_WORKITEM item;
	int i, j;

	for (i = 0; i < NR_THREADS; i++) {
		for (j = 0; j < NR_SLOTS; j++) {
			item = xchg(&threads[i].slots[j].io, NULL);
			if (item)
				IoFreeWorkItem(item);
		}
	}
}

/* The module's counter has the number of items that were taken back: see races.sh. */
static void race_free(u64 *random, unsigned int *round)
{
	victim = &rx->DeviceObject;
	for (; *round < rounds; (*round)++) {
		race_all_go();
		race_free_all();
		race_delay(random);
		race_free_all();
		race_all_are_through();
		race_free_all();
	}
}

static void race_end_timers(void)
{
	int i, j;

	for (i = 0; i < NR_THREADS; i++) {
		for (j = 0; j < NR_SLOTS; j++) {
			if (RxCancelTimerRequest(rx, race_slot_ran, &threads[i].slots[j]))
				continue;
			atomic_set(&threads[i].slots[j].busy, 0);
			atomic_inc(&taken);
			wqc_witness_taken();
		}
	}
}

static void race_run(void)
{
	u64 random = wqc_random_begin(seed, NR_THREADS);
	bool spindown = !strcmp(race, "spindown"), cancel = !strcmp(race, "cancel");
	unsigned long end;
	unsigned int round = 0;

	if (!race_threads_start(spindown || cancel ? race_poster : race_rounder))
		race_wrong("no threads");
	else if (spindown)
		race_spindown(&random, &round);
	else if (cancel)
		race_cancel(&random, &round);
	else if (!strcmp(race, "delete"))
		race_delete(&random, &round);
	else
		race_free(&random, &round);
	race_threads_stop();
	if (cancel)
		race_end_timers();
	end = jiffies + patience * HZ;
	while (strcmp(race, "free") && race_open() && !atomic_read(&wrong)) {
		if (time_after(jiffies, end))
			race_wrong("items were lost");
		schedule_timeout_uninterruptible(1);
	}
	if (spindown && !atomic_read(&refused))
		race_wrong("no post met a spin-down");
	pr_info("races: %s: %u rounds, posted=%d ran=%d refused=%d cancelled=%d late=%d wrong=%d, seed %u\n",
		race, round, atomic_read(&posted), atomic_read(&ran), atomic_read(&refused),
		atomic_read(&taken), atomic_read(&late), atomic_read(&wrong), seed);
}

static VOID races_unload(PDRIVER_OBJECT DriverObject)
{
}

static NTSTATUS races_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	PDEVICE_OBJECT DeviceObject;
	NTSTATUS status;

	driver = DriverObject;
	DriverObject->DriverUnload = races_unload;
	status = IoCreateDevice(DriverObject, sizeof(*rx), NULL, FILE_DEVICE_NETWORK_FILE_SYSTEM,
				0, FALSE, &DeviceObject);
	if (!NT_SUCCESS(status))
		return status;
	rx = (PRDBSS_DEVICE_OBJECT)DeviceObject;
	RxInitializeDispatcher();
	RxInitializeRxTimer();
	if (RxInitializeMRxDispatcher(rx))
		race_wrong("the device could not be initialised");
	else
		race_run();
	RxSpinDownMRxDispatcher(rx);
	RxTearDownRxTimer();
	RxTearDownDispatcher();
	IoDeleteDevice(DeviceObject);
	return atomic_read(&wrong) ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

WQC_DRIVER(races_entry);
MODULE_DESCRIPTION("Races posts against spin-down, cancel, delete and free");
MODULE_LICENSE("GPL");
