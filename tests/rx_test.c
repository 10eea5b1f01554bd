// SPDX-License-Identifier: GPL-2.0
/* See rx_test.h. */
#include <linux/slab.h>
#include <linux/smp.h>

#include "rx_test.h"

static void rx_stop(void *unused)
{
	RxTearDownRxTimer();
	RxTearDownDispatcher();
	RxUninitializeLog();
}

void rx_start(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeLog());
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeDispatcher());
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeRxTimer());
	wqc_at_exit(test, rx_stop, NULL);
}

/* Also for a device that was never initialised: the spin-down then returns a status. */
static void rx_delete_device(void *device)
{
	RxSpinDownMRxDispatcher(device);
	IoDeleteDevice(device);
}

PRDBSS_DEVICE_OBJECT rx_device_new(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT device = NULL;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoCreateDevice(driver, sizeof(RDBSS_DEVICE_OBJECT) - sizeof(DEVICE_OBJECT),
				       NULL, FILE_DEVICE_NETWORK_FILE_SYSTEM, 0, FALSE, &device));
	KUNIT_ASSERT_NOT_NULL(test, device);
	wqc_at_exit(test, rx_delete_device, device);
	return (PRDBSS_DEVICE_OBJECT)device;
}

PRDBSS_DEVICE_OBJECT rx_device(struct kunit *test)
{
	PRDBSS_DEVICE_OBJECT device;

	rx_start(test);
	device = rx_device_new(test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeMRxDispatcher(device));
	return device;
}

static void rx_probe_done(void *device)
{
	RxSpinDownMRxDispatcher(device);
}

struct rx_probe *rx_probe_new(struct kunit *test, PRDBSS_DEVICE_OBJECT device)
{
	struct rx_probe *probe = kunit_kzalloc(test, sizeof(*probe), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, probe);
	init_completion(&probe->ran);
	probe->device = device;
	wqc_at_exit(test, rx_probe_done, device);
	return probe;
}

VOID rx_run(PVOID context)
{
	struct rx_probe *probe = context;

	probe->context = context;
	probe->cpu = raw_smp_processor_id();
	atomic_inc(&probe->runs);
	if (probe->gate)
		wqc_gate_wait(probe->gate);
	atomic_inc(&probe->returned);
	complete(&probe->ran);
}

NTSTATUS rx_post(struct rx_probe *probe, WORK_QUEUE_TYPE type)
{
	return RxPostToWorkerThread(probe->device, type, &probe->request.WorkQueueItem, rx_run,
				    probe);
}

bool rx_is_queued(struct rx_probe *probe)
{
	return RxIsWorkItemQueued(&probe->request.WorkQueueItem.WorkQueueItem);
}

const char *rx_pool_name(WORK_QUEUE_TYPE type)
{
	return type == CriticalWorkQueue ? "RxCritical" :
	       type == DelayedWorkQueue ? "RxDelayed" : "HyperCritical";
}

unsigned int rx_runners(struct kunit *test, WORK_QUEUE_TYPE type, int cpu)
{
	char *lines = wqc_debugfs_text(test, "queues"), *line, *at, start[48];
	unsigned int idle, busy;

	snprintf(start, sizeof(start), "class=%s cpu=%d ", rx_pool_name(type), cpu);
	while ((line = strsep(&lines, "\n"))) {
		if (strncmp(line, start, strlen(start)))
			continue;
		at = strstr(line, " idle=");
		if (at && sscanf(at, " idle=%u busy=%u", &idle, &busy) == 2)
			return idle + busy;
	}
	KUNIT_FAIL(test, "no runners of %s on CPU %d", rx_pool_name(type), cpu);
	return 0;
}

unsigned int rx_scale(void)
{
	return 10000 / wqc_rounds(10000, 1);
}

char rx_newest[512];

static void rx_log_stop(void *unused)
{
	RxUninitializeLog();
}

void rx_log_start(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RxInitializeLog());
	wqc_at_exit(test, rx_log_stop, NULL);
}

struct rx_log_head rx_log_head(struct kunit *test)
{
	char *text = wqc_debugfs_text(test, "rxlog");
	struct rx_log_head head = {};

	KUNIT_EXPECT_EQ(test, 4,
			sscanf(text, "# attempts=%llu ignored=%llu wrapped=%llu state=%31s",
			       &head.attempts, &head.ignored, &head.wrapped, head.state));
	kunit_kfree(test, text);
	return head;
}

/* The text of the newest record, which follows "cpu N: ". */
void rx_log_newest(struct kunit *test, char *newest, size_t size)
{
	char *text = wqc_debugfs_text(test, "rxlog"), *line, *at;

	newest[0] = 0;
	text[max_t(size_t, strlen(text), 1) - 1] = 0;
	line = strrchr(text, '\n');
	at = line ? strstr(line, " cpu ") : NULL;
	at = at ? strstr(at, ": ") : NULL;
	if (at)
		strscpy(newest, at + 2, size);
	kunit_kfree(test, text);
}

void rx_expect_newest(struct kunit *test, const char *expected)
{
	rx_log_newest(test, rx_newest, sizeof(rx_newest));
	KUNIT_EXPECT_STREQ(test, (const char *)rx_newest, expected);
}
