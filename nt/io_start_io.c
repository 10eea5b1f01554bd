// SPDX-License-Identifier: GPL-2.0
/*
 * StartIo: IRPs that wait in the queue of their device, and are started one after the other.
 *
 * From IoStartPacket() until its completion such an IRP is held by its stack location, as any
 * other that a driver has: the unload of the driver waits for it, and names it (io_unload.c). The
 * call of StartIo has a reference to the device and a struct ntc_io_call, because StartIo may
 * complete the IRP.
 *
 * One caller at a time has the device: first the one that makes it busy (IoStartPacket()), then the
 * one that has finished with the current IRP (IoStartNextPacket()). Only that caller writes
 * CurrentIrp and the request in StartIo. With cancel routines, CurrentIrp and the queue change
 * under the cancel spin lock, so a cancel routine finds its IRP in one of them, or in neither.
 *
 * Recursion: StartIo calls IoStartNextPacket(), which calls StartIo, once for each IRP that waits.
 * A device whose StartIo is deferred has a state instead. What is to be started while StartIo
 * runs, by StartIo itself or on another CPU, is noted in it, and done by the CPU that calls StartIo
 * when that has returned.
 */
#include <linux/export.h>

#include "io_irp.h"

/* DEVICE_OBJECT.StartIo.State, of a device whose StartIo is deferred. */
enum ntc_start {
	NTC_START_IDLE,
	NTC_START_RUNS,		/* a CPU calls StartIo */
	NTC_START_CURRENT,	/* the same, and then CurrentIrp is to be started */
	NTC_START_NEXT,		/* the same, and then the next IRP of the queue is */
};

static atomic_t *ntc_start_state(PDEVICE_OBJECT device)
{
	static_assert(sizeof(device->StartIo.State) == sizeof(atomic_t));
	return (atomic_t *)&device->StartIo.State;
}

/* Makes the next IRP of the queue, by the request in StartIo, the current one. */
static PIRP ntc_start_take(PDEVICE_OBJECT device)
{
	struct wqc_start_io how = device->StartIo;
	PKDEVICE_QUEUE_ENTRY entry;
	KIRQL irql = 0;
	PIRP irp = NULL;

	if (how.Cancelable)
		IoAcquireCancelSpinLock(&irql);
	/* Before the device is idle: IoStartPacket() on another CPU may set it then. */
	device->CurrentIrp = NULL;
	entry = how.ByKey ? KeRemoveByKeyDeviceQueue(&device->DeviceQueue, how.Key) :
			    KeRemoveDeviceQueue(&device->DeviceQueue);
	if (entry) {
		irp = CONTAINING_RECORD(entry, IRP, Tail.Overlay.DeviceQueueEntry);
		device->CurrentIrp = irp;
		if (how.Cancelable && how.NonCancelable)
			IoSetCancelRoutine(irp, NULL);
	}
	if (how.Cancelable)
		IoReleaseCancelSpinLock(irql);
	return irp;
}

/*
 * NULL: there is nothing to start. The IRP may have been cancelled and freed meanwhile, so only its
 * address is used; StartIo compares it with CurrentIrp under the cancel spin lock.
 */
static void __nocfi ntc_start_call(PDEVICE_OBJECT device, PIRP irp)
{
	PDRIVER_STARTIO routine = device->DriverObject->DriverStartIo;
	struct ntc_io_call call;

	if (!irp || !routine)
		return;
	ntc_io_call_begin(&call, irp, routine, device, 0);
	routine(device, irp);
	ntc_io_call_end(&call);
}

/* ---- deferred StartIo ------------------------------------------------------ */

/* True: the caller runs StartIo. False: the CPU that does was told. */
static bool ntc_start_enter(PDEVICE_OBJECT device, enum ntc_start want)
{
	atomic_t *state = ntc_start_state(device);
	int was = atomic_read(state), to;

	do {
		/* A current IRP that is given up is not to be started any more. */
		to = was == NTC_START_IDLE ? NTC_START_RUNS : max_t(int, was, want);
	} while (!atomic_try_cmpxchg(state, &was, to));
	return was == NTC_START_IDLE;
}

/* Starts the IRP, and then what was asked for meanwhile. */
static void ntc_start_run(PDEVICE_OBJECT device, PIRP irp)
{
	atomic_t *state = ntc_start_state(device);
	enum ntc_start want;

	for (;;) {
		ntc_start_call(device, irp);
		if (atomic_cmpxchg(state, NTC_START_RUNS, NTC_START_IDLE) == NTC_START_RUNS)
			return;
		/* Before the reads that follow: tests/litmus/nt-start-again.litmus. */
		want = atomic_xchg(state, NTC_START_RUNS);
		irp = want == NTC_START_NEXT ? ntc_start_take(device) :
					       READ_ONCE(device->CurrentIrp);
	}
}

/*
 * The device was idle, and the IRP is its current one. But not if it was cancelled meanwhile, and
 * the cancel routine has started another one: that would be started twice.
 */
static void ntc_start_current_deferred(PDEVICE_OBJECT device, PIRP irp)
{
	bool runs;
	KIRQL irql;

	IoAcquireCancelSpinLock(&irql);
	runs = device->CurrentIrp == irp && ntc_start_enter(device, NTC_START_CURRENT);
	IoReleaseCancelSpinLock(irql);
	if (runs)
		ntc_start_run(device, irp);
}

/*
 * The current IRP is over now, and not when the next one is taken: StartIo, which may be about to
 * begin with it on another CPU, then finds another CurrentIrp.
 */
static void ntc_start_next_deferred(PDEVICE_OBJECT device)
{
	bool runs;
	KIRQL irql;

	IoAcquireCancelSpinLock(&irql);
	device->CurrentIrp = NULL;
	runs = ntc_start_enter(device, NTC_START_NEXT);
	IoReleaseCancelSpinLock(irql);
	if (runs)
		ntc_start_run(device, ntc_start_take(device));
}

/* ---- the calls ---------------------------------------------------------------- */

/* Queues the IRP. False: the device was idle, and the IRP is its current one. */
static bool ntc_start_queue(PDEVICE_OBJECT device, PIRP irp, const ULONG *key)
{
	PKDEVICE_QUEUE_ENTRY entry = &irp->Tail.Overlay.DeviceQueueEntry;

	if (key ? KeInsertByKeyDeviceQueue(&device->DeviceQueue, entry, *key) :
		  KeInsertDeviceQueue(&device->DeviceQueue, entry))
		return true;
	device->CurrentIrp = irp;
	return false;
}

/* The same for an IRP with a cancel routine, which is called if the IRP was cancelled before. */
static bool ntc_start_queue_cancelable(PDEVICE_OBJECT device, PIRP irp, const ULONG *key,
				       PDRIVER_CANCEL cancel)
{
	bool queued;
	KIRQL irql;

	IoAcquireCancelSpinLock(&irql);
	IoSetCancelRoutine(irp, cancel);
	queued = ntc_start_queue(device, irp, key);
	if (!queued && device->StartIo.NonCancelable)
		IoSetCancelRoutine(irp, NULL);
	if (queued && READ_ONCE(irp->Cancel) && IoSetCancelRoutine(irp, NULL)) {
		irp->CancelIrql = irql;
		ntc_cancel_call(cancel, device, irp);
	} else {
		IoReleaseCancelSpinLock(irql);
	}
	return queued;
}

/**
 * IoStartPacket - call StartIo of the driver for an IRP, or queue the IRP while the device is busy
 * @DeviceObject: of the caller's driver
 * @Irp: the caller has it, and has marked it pending
 * @Key: the place in the queue, see KeInsertByKeyDeviceQueue(); NULL: at its tail
 * @CancelFunction: the IRP's cancel routine from now on; NULL: the IRP cannot be cancelled. It is
 *	called at once for an IRP that is queued and was cancelled before
 *
 * An IRP for an invalid device, or for a driver without StartIo, is reported and completed.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here process or softirq. StartIo is called at DISPATCH_LEVEL.
 *
 * Follows: DDI ntifs/nf-ntifs-iostartpacket.
 */
VOID IoStartPacket(PDEVICE_OBJECT DeviceObject, PIRP Irp, PULONG Key, PDRIVER_CANCEL CancelFunction)
{
	bool queued;
	KIRQL irql;

	if (!wqc_device_get(DeviceObject)) {
		wqc_report(WQC_R_BAD_DEVICE, "device %p, from %pS: starts no IRP", DeviceObject,
			   (void *)_RET_IP_);
		ntc_irp_fail(Irp, STATUS_NO_SUCH_DEVICE);
		return;
	}
	if (!DeviceObject->DriverObject->DriverStartIo) {
		wqc_report(WQC_R_NO_START_IO, "IRP %p, device %p, from %pS", Irp, DeviceObject,
			   (void *)_RET_IP_);
		ntc_irp_fail(Irp, STATUS_INVALID_DEVICE_REQUEST);
		ObDereferenceObject(DeviceObject);
		return;
	}
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	if (CancelFunction)
		queued = ntc_start_queue_cancelable(DeviceObject, Irp, Key, CancelFunction);
	else
		queued = ntc_start_queue(DeviceObject, Irp, Key);
	if (!queued && DeviceObject->StartIo.Deferred)
		ntc_start_current_deferred(DeviceObject, Irp);
	else if (!queued)
		ntc_start_call(DeviceObject, Irp);
	KeLowerIrql(irql);
	ObDereferenceObject(DeviceObject);
}
EXPORT_SYMBOL_GPL(IoStartPacket);

static void ntc_start_next(PDEVICE_OBJECT device, bool cancelable, const ULONG *key, void *caller)
{
	KIRQL irql;

	if (!wqc_device_get(device)) {
		wqc_report(WQC_R_BAD_DEVICE, "device %p, from %pS: starts no IRP", device, caller);
		return;
	}
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	device->StartIo.Cancelable = cancelable;
	device->StartIo.ByKey = !!key;
	device->StartIo.Key = key ? *key : 0;
	if (device->StartIo.Deferred)
		ntc_start_next_deferred(device);
	else
		ntc_start_call(device, ntc_start_take(device));
	KeLowerIrql(irql);
	ObDereferenceObject(device);
}

/**
 * IoStartNextPacket - call StartIo of the driver for the next IRP that waits
 * @DeviceObject: the caller is done with its current IRP. Without a further one CurrentIrp is
 *	NULL, and the device is idle
 * @Cancelable: TRUE if IRPs are queued with a cancel routine
 *
 * Context: IRQL DISPATCH_LEVEL; here process or softirq. StartIo is called at DISPATCH_LEVEL.
 *
 * Follows: DDI ntifs/nf-ntifs-iostartnextpacket.
 */
VOID IoStartNextPacket(PDEVICE_OBJECT DeviceObject, BOOLEAN Cancelable)
{
	ntc_start_next(DeviceObject, Cancelable, NULL, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoStartNextPacket);

/**
 * IoStartNextPacketByKey - IoStartNextPacket() for the next IRP by its key
 * @DeviceObject: as for IoStartNextPacket()
 * @Cancelable: as for IoStartNextPacket()
 * @Key: see KeRemoveByKeyDeviceQueue()
 *
 * Context: as for IoStartNextPacket().
 *
 * Follows: DDI ntifs/nf-ntifs-iostartnextpacketbykey.
 */
VOID IoStartNextPacketByKey(PDEVICE_OBJECT DeviceObject, BOOLEAN Cancelable, ULONG Key)
{
	ntc_start_next(DeviceObject, Cancelable, &Key, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoStartNextPacketByKey);

/**
 * IoSetStartIoAttributes - set how StartIo of a device is called
 * @DeviceObject: has not started an IRP yet
 * @DeferredStartIo: an IRP that is to be started while StartIo runs is started when that has
 *	returned; FALSE: at once, so StartIo may be entered again before it has returned
 * @NonCancelable: an IRP has no cancel routine when StartIo gets it
 *
 * Context: IRQL <= DISPATCH_LEVEL; here any context.
 *
 * Follows: DDI ntifs/nf-ntifs-iosetstartioattributes.
 */
VOID IoSetStartIoAttributes(PDEVICE_OBJECT DeviceObject, BOOLEAN DeferredStartIo,
			    BOOLEAN NonCancelable)
{
	DeviceObject->StartIo.Deferred = DeferredStartIo;
	DeviceObject->StartIo.NonCancelable = NonCancelable;
}
EXPORT_SYMBOL_GPL(IoSetStartIoAttributes);
