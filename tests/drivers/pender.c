// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that sends an IRP to its own device and pends it. With the registry path "\Pender\Queue"
 * it starts one, and a second one waits in the queue of the device; with "\Pender\Leave" it leaves
 * an IRP, an attachment and a file object behind instead; with "\Pender\Raise" a routine of an item
 * raises an exception.
 */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD PenderUnload;
DRIVER_DISPATCH PenderDispatch;
DRIVER_DISPATCH PenderPend;
IO_COMPLETION_ROUTINE PenderCompleted;
IO_WORKITEM_ROUTINE PenderFinish;
DRIVER_DISPATCH PenderQueue;
DRIVER_STARTIO PenderStart;
IO_WORKITEM_ROUTINE PenderRaise;

static PIRP PenderIrp;
static PDEVICE_OBJECT PenderDevice, PenderUpper;
static PIO_WORKITEM PenderItem;

NTSTATUS PenderDispatch(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
	Irp->IoStatus.Status = STATUS_SUCCESS;
	Irp->IoStatus.Information = 0;
	IoCompleteRequest(Irp, IO_NO_INCREMENT);
	return STATUS_SUCCESS;
}

NTSTATUS PenderPend(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
	IoMarkIrpPending(Irp);
	PenderIrp = Irp;
	return STATUS_PENDING;
}

NTSTATUS PenderQueue(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
	IoMarkIrpPending(Irp);
	IoStartPacket(DeviceObject, Irp, NULL, NULL);
	return STATUS_PENDING;
}

/* The first IRP is finished by the work item, the second one at once. */
VOID PenderStart(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
	if (!PenderIrp) {
		PenderIrp = Irp;
		return;
	}
	DbgPrint("pender: starts the second\n");
	PenderDispatch(DeviceObject, Irp);
}

NTSTATUS PenderCompleted(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
	DbgPrint("pender: completed with %#x\n", Irp->IoStatus.Status);
	IoFreeIrp(Irp);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

/* Longer than the time after which rmmod says what it waits for. */
VOID PenderFinish(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	PIRP irp = PenderIrp;
	LARGE_INTEGER time;
	KIRQL irql;

	time.QuadPart = -70LL * 1000 * 1000;
	KeDelayExecutionThread(KernelMode, FALSE, &time);
	IoFreeWorkItem(PenderItem);
	PenderDispatch(DeviceObject, irp);
	if (DeviceObject->CurrentIrp == irp) {
		KeRaiseIrql(DISPATCH_LEVEL, &irql);
		IoStartNextPacket(DeviceObject, FALSE);
		KeLowerIrql(irql);
	}
}

VOID PenderRaise(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
	IoFreeWorkItem(PenderItem);
	ExRaiseStatus(STATUS_INSUFFICIENT_RESOURCES);
	DbgPrint("pender: goes on behind an exception\n");
}

VOID PenderUnload(_In_ PDRIVER_OBJECT DriverObject)
{
	if (PenderIrp)
		IoQueueWorkItem(PenderItem, PenderFinish, DelayedWorkQueue, NULL);
	while (DriverObject->DeviceObject)
		IoDeleteDevice(DriverObject->DeviceObject);
}

static NTSTATUS PenderLeave(PDRIVER_OBJECT DriverObject, PUNICODE_STRING Name)
{
	PFILE_OBJECT file;
	PDEVICE_OBJECT top;
	NTSTATUS status;

	IoAllocateIrp(1, FALSE);
	status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &PenderUpper);
	if (!NT_SUCCESS(status))
		return status;
	status = IoGetDeviceObjectPointer(Name, FILE_ALL_ACCESS, &file, &top);
	if (NT_SUCCESS(status) && !IoAttachDeviceToDeviceStack(PenderUpper, PenderDevice))
		status = STATUS_NO_SUCH_DEVICE;
	return status;
}

static NTSTATUS PenderSend(VOID)
{
	PIRP irp = IoAllocateIrp(PenderDevice->StackSize, FALSE);

	if (!irp)
		return STATUS_INSUFFICIENT_RESOURCES;
	IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_READ;
	IoSetCompletionRoutine(irp, PenderCompleted, NULL, TRUE, TRUE, TRUE);
	return IoCallDriver(PenderDevice, irp) == STATUS_PENDING ? STATUS_SUCCESS :
	       STATUS_UNSUCCESSFUL;
}

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
	UNICODE_STRING leave = RTL_CONSTANT_STRING(L"\\Pender\\Leave");
	UNICODE_STRING raise = RTL_CONSTANT_STRING(L"\\Pender\\Raise");
	UNICODE_STRING queue = RTL_CONSTANT_STRING(L"\\Pender\\Queue");
	UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Pender");
	NTSTATUS status;

	DriverObject->DriverUnload = PenderUnload;
	DriverObject->MajorFunction[IRP_MJ_CREATE] = PenderDispatch;
	DriverObject->MajorFunction[IRP_MJ_CLEANUP] = PenderDispatch;
	DriverObject->MajorFunction[IRP_MJ_CLOSE] = PenderDispatch;
	DriverObject->MajorFunction[IRP_MJ_READ] = PenderPend;
	status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE,
				&PenderDevice);
	if (!NT_SUCCESS(status))
		return status;
	PenderDevice->Flags &= ~DO_DEVICE_INITIALIZING;
	if (RtlEqualUnicodeString(RegistryPath, &leave, TRUE))
		return PenderLeave(DriverObject, &name);
	PenderItem = IoAllocateWorkItem(PenderDevice);
	if (!PenderItem)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (RtlEqualUnicodeString(RegistryPath, &raise, TRUE)) {
		IoQueueWorkItem(PenderItem, PenderRaise, HyperCriticalWorkQueue, NULL);
		return STATUS_SUCCESS;
	}
	if (RtlEqualUnicodeString(RegistryPath, &queue, TRUE)) {
		DriverObject->DriverStartIo = PenderStart;
		DriverObject->MajorFunction[IRP_MJ_READ] = PenderQueue;
		status = PenderSend();
		if (!NT_SUCCESS(status))
			return status;
	}
	return PenderSend();
}
