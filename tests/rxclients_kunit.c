// SPDX-License-Identifier: GPL-2.0
/*
 * How mini-redirectors use the Rx calls, in their style: a connection made inline or by a
 * worker, exchanges that post themselves, a flag against double posts.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "rx_test.h"

/* ---- inline in a worker, dispatched elsewhere ----------------------------- */

typedef struct _SRV_CALL {
	PRDBSS_DEVICE_OBJECT Device;
	WORK_QUEUE_TYPE Type;
	struct completion CalledBack;
	NTSTATUS Status;		/* the status that the call-back got */
	NTSTATUS Returned;		/* the status that the call returned */
	pid_t Caller, Worker, Back;	/* the threads that called, connected and called back */
} SRV_CALL, *PSRV_CALL;

static VOID CallBack(PSRV_CALL Call, NTSTATUS Status)
{
	Call->Status = Status;
	Call->Back = current->pid;
	complete(&Call->CalledBack);
}

static VOID ConnectWorker(PVOID Context)
{
	PSRV_CALL Call = Context;

	Call->Worker = current->pid;
	CallBack(Call, STATUS_SUCCESS);
}

/* STATUS_SUCCESS of the dispatch becomes STATUS_PENDING; a failure is passed to the call-back. */
static NTSTATUS CreateSrvCall(PSRV_CALL Call)
{
	NTSTATUS Status;

	Call->Caller = current->pid;
	if (current->flags & PF_WQ_WORKER) {
		ConnectWorker(Call);
		return STATUS_PENDING;
	}
	Status = RxDispatchToWorkerThread(Call->Device, Call->Type, ConnectWorker, Call);
	if (Status == STATUS_SUCCESS)
		return STATUS_PENDING;
	CallBack(Call, Status);
	return STATUS_PENDING;
}

static VOID CreateInWorker(PVOID Context)
{
	PSRV_CALL Call = Context;

	Call->Returned = CreateSrvCall(Call);
}

static PSRV_CALL NewSrvCall(struct kunit *test, PRDBSS_DEVICE_OBJECT device)
{
	PSRV_CALL Call = kunit_kzalloc(test, sizeof(*Call), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, Call);
	init_completion(&Call->CalledBack);
	Call->Device = device;
	Call->Type = DelayedWorkQueue;
	return Call;
}

/*
 * A call is made inline in a worker, and dispatched in any other thread. It returns
 * STATUS_PENDING, and the call-back comes once, with the status, also that of a refusal.
 */
static void call_is_inline_in_a_worker_and_dispatched_elsewhere(struct kunit *test)
{
	PRDBSS_DEVICE_OBJECT device = rx_device(test);
	PSRV_CALL outside = NewSrvCall(test, device), inside = NewSrvCall(test, device);
	PSRV_CALL refused = NewSrvCall(test, device);

	KUNIT_EXPECT_EQ(test, STATUS_PENDING, CreateSrvCall(outside));
	KUNIT_ASSERT_TRUE(test, wqc_done(&outside->CalledBack));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, outside->Status);
	KUNIT_EXPECT_NE(test, outside->Caller, outside->Worker);
	KUNIT_EXPECT_EQ(test, outside->Worker, outside->Back);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RxDispatchToWorkerThread(device, DelayedWorkQueue, CreateInWorker, inside));
	KUNIT_ASSERT_TRUE(test, wqc_done(&inside->CalledBack));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(device));
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, inside->Returned);
	KUNIT_EXPECT_EQ(test, inside->Caller, inside->Worker);
	KUNIT_EXPECT_NE(test, current->pid, inside->Worker);

	/* The device is down: the call-back gets the failure. */
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, CreateSrvCall(refused));
	KUNIT_EXPECT_TRUE(test, completion_done(&refused->CalledBack));
	KUNIT_EXPECT_EQ(test, STATUS_INSUFFICIENT_RESOURCES, refused->Status);
	KUNIT_EXPECT_EQ(test, current->pid, refused->Back);
	KUNIT_EXPECT_EQ(test, 0, refused->Worker);
}

/* ---- exchanges that post themselves --------------------------------------- */

typedef struct _NET {
	PRDBSS_DEVICE_OBJECT Device;
	atomic_t Steps, Finished, GivenUp;
} NET, *PNET;

typedef struct _EXCHANGE {
	ULONG Before;
	RX_WORK_QUEUE_ITEM WorkItem;
	PNET Net;
	ULONG Left;
} EXCHANGE, *PEXCHANGE;

static VOID ContinueExchange(PVOID Context);

/* A failed post has not queued the item: the poster frees the exchange. */
static VOID PostExchange(PEXCHANGE Exchange)
{
	PNET Net = Exchange->Net;
	ULONG Type = Exchange->Left % 3;

	/* Values that the sample redirectors leave in the item before they post it. */
	memset32((u32 *)&Exchange->WorkItem, 0xdeadbeef, sizeof(Exchange->WorkItem) / 4);
	if (RxPostToWorkerThread(Net->Device, Type, &Exchange->WorkItem, ContinueExchange,
				 Exchange) != STATUS_SUCCESS) {
		kfree(Exchange);
		atomic_inc(&Net->GivenUp);
	}
}

static VOID ContinueExchange(PVOID Context)
{
	PEXCHANGE Exchange = Context;
	PNET Net = Exchange->Net;

	atomic_inc(&Net->Steps);
	if (Exchange->Left--) {
		PostExchange(Exchange);
		return;
	}
	memset(Exchange, 0x6b, sizeof(*Exchange));
	kfree(Exchange);
	atomic_inc(&Net->Finished);
}

static PNET StartExchanges(struct kunit *test, ULONG count, ULONG steps)
{
	PNET Net = kunit_kzalloc(test, sizeof(*Net), GFP_KERNEL);
	PEXCHANGE Exchange;
	ULONG i;

	KUNIT_ASSERT_NOT_NULL(test, Net);
	Net->Device = rx_device(test);
	for (i = 0; i < count; i++) {
		Exchange = kzalloc(sizeof(*Exchange), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, Exchange);
		Exchange->Net = Net;
		Exchange->Left = steps - 1;
		PostExchange(Exchange);
	}
	return Net;
}

/* One preallocated structure posts itself for each of its states, in all classes. */
static void exchange_posts_itself_through_its_states(struct kunit *test)
{
	ULONG count = 16, steps = wqc_rounds(300, 20);
	PNET Net = StartExchanges(test, count, steps);

	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&Net->Finished) == count));
	KUNIT_EXPECT_EQ(test, count * steps, (ULONG)atomic_read(&Net->Steps));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&Net->GivenUp));
}

/* A stop while exchanges are under way: each of them finishes or is given up, and none is lost. */
static void stop_gives_up_exchanges_and_loses_none(struct kunit *test)
{
	ULONG count = 16;
	PNET Net = StartExchanges(test, count, 1U << 30);

	KUNIT_EXPECT_TRUE(test, wqc_eventually(atomic_read(&Net->Steps) > 100));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(Net->Device));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&Net->Finished));
	KUNIT_EXPECT_EQ(test, count, (ULONG)atomic_read(&Net->GivenUp));
}

/* ---- a flag against double posts ------------------------------------------ */

typedef struct _VC {
	PRDBSS_DEVICE_OBJECT Device;
	spinlock_t Lock;		/* protects Outstanding and Pending */
	bool Outstanding;
	unsigned int Pending, Rounds;
	atomic_t Received, Failed;
	RX_WORK_QUEUE_ITEM WorkItem;
} VC, *PVC;

static VOID Receive(PVOID Context)
{
	PVC Vc = Context;

	spin_lock_irq(&Vc->Lock);
	atomic_add(Vc->Pending, &Vc->Received);
	Vc->Pending = 0;
	Vc->Outstanding = false;
	spin_unlock_irq(&Vc->Lock);
}

static void Indicate(void *arg, int cpu)
{
	PVC Vc = arg;
	unsigned int i;

	for (i = 0; i < Vc->Rounds; i++) {
		spin_lock_irq(&Vc->Lock);
		Vc->Pending++;
		if (!Vc->Outstanding) {
			/* InitializeListHead() */
			Vc->WorkItem.List.Flink = &Vc->WorkItem.List;
			Vc->WorkItem.List.Blink = &Vc->WorkItem.List;
			Vc->Outstanding = true;
			if (RxPostToWorkerThread(Vc->Device, CriticalWorkQueue, &Vc->WorkItem,
						 Receive, Vc))
				atomic_inc(&Vc->Failed);
		}
		spin_unlock_irq(&Vc->Lock);
		cond_resched();
	}
}

/*
 * The item is posted under the client's lock, if its flag is clear; the routine clears the
 * flag. No post finds the item queued.
 */
static void own_flag_keeps_an_item_from_double_posts(struct kunit *test)
{
	PVC Vc = kunit_kzalloc(test, sizeof(*Vc), GFP_KERNEL);
	u64 twice = wqc_reports(test, RX_REFUSED_TWICE);

	KUNIT_ASSERT_NOT_NULL(test, Vc);
	spin_lock_init(&Vc->Lock);
	Vc->Device = rx_device(test);
	Vc->Rounds = wqc_rounds(5000, 100);
	wqc_on_all_cpus(test, Indicate, Vc);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RxSpinDownMRxDispatcher(Vc->Device));
	KUNIT_EXPECT_EQ(test, Vc->Rounds * num_online_cpus(),
			(unsigned int)atomic_read(&Vc->Received));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&Vc->Failed));
	KUNIT_EXPECT_EQ(test, twice, wqc_reports(test, RX_REFUSED_TWICE));
}

static struct kunit_case rxclients_cases[] = {
	KUNIT_CASE(call_is_inline_in_a_worker_and_dispatched_elsewhere),
	KUNIT_CASE(exchange_posts_itself_through_its_states),
	KUNIT_CASE(stop_gives_up_exchanges_and_loses_none),
	KUNIT_CASE(own_flag_keeps_an_item_from_double_posts),
	{}
};

static struct kunit_suite wqc_rx_clients_suite = {
	.name = "wqc_rx_clients",
	.test_cases = rxclients_cases,
};

kunit_test_suite(wqc_rx_clients_suite);
