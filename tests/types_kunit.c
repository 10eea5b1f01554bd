// SPDX-License-Identifier: GPL-2.0
/*
 * Values and layouts of the published headers that a client's source or its assumptions depend
 * on.
 */
#include "rx_test.h"

/* WORK_QUEUE_TYPE and the related types have the values of wdm.h and rxworkq.h. */
static void enumerators_have_the_values_of_the_headers(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0, (int)CriticalWorkQueue);
	KUNIT_EXPECT_EQ(test, 1, (int)DelayedWorkQueue);
	KUNIT_EXPECT_EQ(test, 2, (int)HyperCriticalWorkQueue);
	KUNIT_EXPECT_EQ(test, 3, (int)NormalWorkQueue);
	KUNIT_EXPECT_EQ(test, 4, (int)BackgroundWorkQueue);
	KUNIT_EXPECT_EQ(test, 5, (int)RealTimeWorkQueue);
	KUNIT_EXPECT_EQ(test, 6, (int)SuperCriticalWorkQueue);
	KUNIT_EXPECT_EQ(test, 7, (int)MaximumWorkQueue);
	KUNIT_EXPECT_EQ(test, 32, (int)CustomPriorityWorkQueue);
	KUNIT_EXPECT_EQ(test, 3, RxMaximumWorkQueue);
	KUNIT_EXPECT_EQ(test, 0, (int)RxWorkQueueActive);
	KUNIT_EXPECT_EQ(test, 1, (int)RxWorkQueueInactive);
	KUNIT_EXPECT_EQ(test, 2, (int)RxWorkQueueRundownInProgress);
	KUNIT_EXPECT_EQ(test, 0, (int)RxDispatcherActive);
	KUNIT_EXPECT_EQ(test, 1, (int)RxDispatcherInactive);
}

/* The status values are those of ntstatus.h, and only errors fail NT_SUCCESS(). */
static void statuses_have_the_values_of_the_headers(struct kunit *test)
{
	static const struct {
		NTSTATUS status;
		u32 value;
		bool success;
	} all[] = {
		{ STATUS_SUCCESS, 0x00000000, true },
		{ STATUS_TIMEOUT, 0x00000102, true },
		{ STATUS_PENDING, 0x00000103, true },
		{ STATUS_REDIRECTOR_HAS_OPEN_HANDLES, 0x80000023, false },
		{ STATUS_UNSUCCESSFUL, 0xC0000001, false },
		{ STATUS_NOT_IMPLEMENTED, 0xC0000002, false },
		{ STATUS_INVALID_PARAMETER, 0xC000000D, false },
		{ STATUS_OBJECT_NAME_COLLISION, 0xC0000035, false },
		{ STATUS_INSUFFICIENT_RESOURCES, 0xC000009A, false },
		{ STATUS_DEVICE_NOT_READY, 0xC00000A3, false },
		{ STATUS_REDIRECTOR_NOT_STARTED, 0xC00000FB, false },
		{ STATUS_CANCELLED, 0xC0000120, false },
		{ STATUS_NOT_FOUND, 0xC0000225, false },
		{ STATUS_SYSTEM_SHUTDOWN, 0xC00002EB, false },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		KUNIT_EXPECT_EQ(test, all[i].value, (u32)all[i].status);
		KUNIT_EXPECT_EQ_MSG(test, all[i].success, NT_SUCCESS(all[i].status), "%#x",
				    all[i].value);
	}
}

/* A WORK_QUEUE_ITEM has 32 bytes, and the offsets of its members are those of Windows. */
static void work_queue_item_has_its_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0x20, (int)sizeof(WORK_QUEUE_ITEM));
	KUNIT_EXPECT_EQ(test, 0x00, (int)offsetof(WORK_QUEUE_ITEM, List.Flink));
	KUNIT_EXPECT_EQ(test, 0x08, (int)offsetof(WORK_QUEUE_ITEM, List.Blink));
	KUNIT_EXPECT_EQ(test, 0x10, (int)offsetof(WORK_QUEUE_ITEM, WorkerRoutine));
	KUNIT_EXPECT_EQ(test, 0x18, (int)offsetof(WORK_QUEUE_ITEM, Parameter));
	KUNIT_EXPECT_EQ(test, 0x00, (int)offsetof(RX_WORK_QUEUE_ITEM, List));
	KUNIT_EXPECT_EQ(test, 0x20, (int)offsetof(RX_WORK_QUEUE_ITEM, pDeviceObject));
	KUNIT_EXPECT_EQ(test, 0x00, (int)offsetof(RX_WORK_DISPATCH_ITEM, WorkQueueItem));
	KUNIT_EXPECT_EQ(test, 0x28, (int)offsetof(RX_WORK_DISPATCH_ITEM, DispatchRoutine));
	KUNIT_EXPECT_EQ(test, 0x30,
			(int)offsetof(RX_WORK_DISPATCH_ITEM, DispatchRoutineParameter));
	KUNIT_EXPECT_EQ(test, 0x00, (int)offsetof(RX_WORK_ITEM, WorkQueueItem));
	KUNIT_EXPECT_EQ(test, 0x28, (int)offsetof(RX_WORK_ITEM, LastTick));
	KUNIT_EXPECT_EQ(test, 0x2c, (int)offsetof(RX_WORK_ITEM, Options));
}

/* The first two members of an object are its type and size, in a redirector's device too. */
static void objects_begin_with_type_and_size(struct kunit *test)
{
	PRDBSS_DEVICE_OBJECT device = rx_device_new(test);

	KUNIT_EXPECT_EQ(test, 3, (int)*(CSHORT *)device);
	KUNIT_EXPECT_EQ(test, sizeof(RDBSS_DEVICE_OBJECT), (size_t)((USHORT *)device)[1]);
	KUNIT_EXPECT_EQ(test, 4, (int)*(CSHORT *)device->DriverObject);
	KUNIT_EXPECT_EQ(test, sizeof(DRIVER_OBJECT), (size_t)((USHORT *)device->DriverObject)[1]);
	/* The members of its DEVICE_OBJECT can be used by name and through the union. */
	KUNIT_EXPECT_PTR_EQ(test, (void *)&device->DeviceObject, (void *)device);
	KUNIT_EXPECT_PTR_EQ(test, (void *)&device->DeviceExtension,
			    (void *)&device->DeviceObject.DeviceExtension);
	KUNIT_EXPECT_PTR_EQ(test, device->DriverObject, device->DeviceObject.DriverObject);
}

/* The halves of a LARGE_INTEGER are those of its 64 bits. */
static void large_integer_has_its_halves(struct kunit *test)
{
	LARGE_INTEGER large = { .QuadPart = -2LL << 32 | 0x89abcdef };

	KUNIT_EXPECT_EQ(test, 0x89abcdefU, large.LowPart);
	KUNIT_EXPECT_EQ(test, -2, large.HighPart);
	KUNIT_EXPECT_EQ(test, large.LowPart, large.u.LowPart);
	KUNIT_EXPECT_EQ(test, large.HighPart, large.u.HighPart);
}

static struct kunit_case types_cases[] = {
	KUNIT_CASE(enumerators_have_the_values_of_the_headers),
	KUNIT_CASE(statuses_have_the_values_of_the_headers),
	KUNIT_CASE(work_queue_item_has_its_layout),
	KUNIT_CASE(objects_begin_with_type_and_size),
	KUNIT_CASE(large_integer_has_its_halves),
	{}
};

static struct kunit_suite wqc_types_suite = {
	.name = "wqc_types",
	.test_cases = types_cases,
};

kunit_test_suite(wqc_types_suite);
