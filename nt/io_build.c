// SPDX-License-Identifier: GPL-2.0
/*
 * IRPs that are built for a request: IoBuild...().
 *
 * An IRP with an event belongs to the thread that builds it: its completion copies the result to
 * the caller's buffer and status block, frees the IRP and sets the event (ntc_irp_finish()). On
 * Windows the end of the thread cancels it; here the thread has to wait.
 */
#include <linux/export.h>
#include <linux/slab.h>

#include "io_build.h"
#include "io_irp.h"

#define NTC_BUFFER_TAG	0x42536f49	/* "IoSB" */

/* The system's copy of a buffer, which the IRP's last owner frees as pool memory. */
static bool ntc_irp_add_buffer(PIRP irp, const void *from, ULONG copied, ULONG size)
{
	PVOID buffer;

	if (!size)
		return true;
	buffer = ExAllocatePoolWithTag(NonPagedPoolNx, size, NTC_BUFFER_TAG);
	if (!buffer)
		return false;
	if (copied)
		memcpy(buffer, from, copied);
	if (size > copied)
		memset(buffer + copied, 0, size - copied);
	irp->AssociatedIrp.SystemBuffer = buffer;
	irp->Flags |= IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER;
	return true;
}

/* An MDL of the caller's buffer. */
static bool ntc_irp_add_mdl(PIRP irp, PVOID buffer, ULONG length)
{
	if (!length)
		return true;
	if (!IoAllocateMdl(buffer, length, FALSE, FALSE, irp))
		return false;
	MmBuildMdlForNonPagedPool(irp->MdlAddress);
	return true;
}

void ntc_irp_free_mdls(PIRP irp)
{
	PMDL mdl;

	while ((mdl = irp->MdlAddress)) {
		irp->MdlAddress = mdl->Next;
		IoFreeMdl(mdl);
	}
}

/* An IRP that could not be built. */
static PIRP ntc_irp_drop(PIRP irp)
{
	ntc_irp_free_mdls(irp);
	if (irp->Flags & IRP_DEALLOCATE_BUFFER)
		ExFreePool(irp->AssociatedIrp.SystemBuffer);
	ntc_irp_release(irp);
	return NULL;
}

PIRP ntc_irp_build(PDEVICE_OBJECT device, UCHAR major, u8 flags, PKEVENT event,
		   PIO_STATUS_BLOCK iosb, void *caller)
{
	PIRP irp = ntc_irp_alloc(device->StackSize, flags, caller);

	if (!irp)
		return NULL;
	irp->UserEvent = event;
	irp->UserIosb = iosb;
	irp->RequestorMode = KernelMode;
	irp->Tail.Overlay.Thread = (PETHREAD)KeGetCurrentThread();
	IoGetNextIrpStackLocation(irp)->MajorFunction = major;
	return irp;
}

static bool ntc_irp_add_control(PIRP irp, ULONG code, PVOID in, ULONG in_length, PVOID out,
				ULONG out_length)
{
	PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);

	next->Parameters.DeviceIoControl.IoControlCode = code;
	next->Parameters.DeviceIoControl.InputBufferLength = in_length;
	next->Parameters.DeviceIoControl.OutputBufferLength = out_length;
	switch (code & (METHOD_IN_DIRECT | METHOD_OUT_DIRECT)) {
	case METHOD_BUFFERED:
		irp->UserBuffer = out;
		ntc_irp_head(irp)->output = out_length;
		if (out_length)
			irp->Flags |= IRP_INPUT_OPERATION;
		return ntc_irp_add_buffer(irp, in, in_length, max(in_length, out_length));
	case METHOD_NEITHER:
		next->Parameters.DeviceIoControl.Type3InputBuffer = in;
		irp->UserBuffer = out;
		return true;
	}
	return ntc_irp_add_buffer(irp, in, in_length, in_length) &&
	       ntc_irp_add_mdl(irp, out, out_length);
}

/**
 * IoBuildDeviceIoControlRequest - build an IRP for a device control request
 * @IoControlCode: has the method
 * @DeviceObject: the device to which the caller sends it
 * @InputBuffer: in the kernel's memory; NULL if @InputBufferLength is 0
 * @InputBufferLength: bytes
 * @OutputBuffer: in the kernel's memory; NULL if @OutputBufferLength is 0
 * @OutputBufferLength: bytes
 * @InternalDeviceIoControl: IRP_MJ_INTERNAL_DEVICE_CONTROL instead of IRP_MJ_DEVICE_CONTROL
 * @Event: set when the IRP has completed, for a caller that got STATUS_PENDING from
 *	IoCallDriver(); NULL if the caller sets a completion routine
 * @IoStatusBlock: receives the result
 *
 * An IRP that fails and was not marked pending changes neither @Event nor @IoStatusBlock: the
 * result is that of IoCallDriver(). The IRP is freed by its completion.
 *
 * Context: IRQL <= APC_LEVEL; here as for IoAllocateIrp().
 * Return: the IRP; NULL without memory.
 *
 * Follows: DDI wdm/nf-wdm-iobuilddeviceiocontrolrequest.
 */
PIRP IoBuildDeviceIoControlRequest(ULONG IoControlCode, PDEVICE_OBJECT DeviceObject,
				   PVOID InputBuffer, ULONG InputBufferLength, PVOID OutputBuffer,
				   ULONG OutputBufferLength, BOOLEAN InternalDeviceIoControl,
				   PKEVENT Event, PIO_STATUS_BLOCK IoStatusBlock)
{
	PIRP irp;

	irp = ntc_irp_build(DeviceObject, InternalDeviceIoControl ?
			    IRP_MJ_INTERNAL_DEVICE_CONTROL : IRP_MJ_DEVICE_CONTROL, NTC_IRP_BUILT,
			    Event, IoStatusBlock, (void *)_RET_IP_);
	if (irp && !ntc_irp_add_control(irp, IoControlCode, InputBuffer, InputBufferLength,
					OutputBuffer, OutputBufferLength))
		return ntc_irp_drop(irp);
	return irp;
}
EXPORT_SYMBOL_GPL(IoBuildDeviceIoControlRequest);

static bool ntc_irp_add_transfer(PIRP irp, PDEVICE_OBJECT device, PVOID buffer, ULONG length,
				 PLARGE_INTEGER offset)
{
	PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);
	bool read = next->MajorFunction == IRP_MJ_READ;

	if (!read && next->MajorFunction != IRP_MJ_WRITE)
		return true;
	/* Read and Write have the same members. */
	next->Parameters.Read.Length = length;
	if (offset)
		next->Parameters.Read.ByteOffset = *offset;
	irp->Flags |= read ? IRP_READ_OPERATION : IRP_WRITE_OPERATION;
	irp->UserBuffer = buffer;
	if (device->Flags & DO_BUFFERED_IO) {
		ntc_irp_head(irp)->output = length;
		if (read)
			irp->Flags |= IRP_INPUT_OPERATION;
		return ntc_irp_add_buffer(irp, buffer, read ? 0 : length, length);
	}
	return !(device->Flags & DO_DIRECT_IO) || ntc_irp_add_mdl(irp, buffer, length);
}

static PIRP ntc_irp_build_fsd(ULONG major, PDEVICE_OBJECT device, PVOID buffer, ULONG length,
			      PLARGE_INTEGER offset, u8 flags, PKEVENT event,
			      PIO_STATUS_BLOCK iosb, void *caller)
{
	PIRP irp = ntc_irp_build(device, major, flags, event, iosb, caller);

	if (irp && !ntc_irp_add_transfer(irp, device, buffer, length, offset))
		return ntc_irp_drop(irp);
	return irp;
}

/**
 * IoBuildSynchronousFsdRequest - build an IRP for a request that its maker waits for
 * @MajorFunction: IRP_MJ_PNP, IRP_MJ_READ, IRP_MJ_WRITE, IRP_MJ_FLUSH_BUFFERS or IRP_MJ_SHUTDOWN
 * @DeviceObject: the device to which the caller sends it
 * @Buffer: of a transfer, in the kernel's memory
 * @Length: of a transfer, in bytes
 * @StartingOffset: of a transfer; NULL: 0
 * @Event: as for IoBuildDeviceIoControlRequest()
 * @IoStatusBlock: as for IoBuildDeviceIoControlRequest()
 *
 * Context: IRQL <= APC_LEVEL; here as for IoAllocateIrp().
 * Return: the IRP; NULL without memory.
 *
 * Follows: DDI wdm/nf-wdm-iobuildsynchronousfsdrequest.
 */
PIRP IoBuildSynchronousFsdRequest(ULONG MajorFunction, PDEVICE_OBJECT DeviceObject, PVOID Buffer,
				  ULONG Length, PLARGE_INTEGER StartingOffset, PKEVENT Event,
				  PIO_STATUS_BLOCK IoStatusBlock)
{
	return ntc_irp_build_fsd(MajorFunction, DeviceObject, Buffer, Length, StartingOffset,
				 NTC_IRP_BUILT, Event, IoStatusBlock, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoBuildSynchronousFsdRequest);

/**
 * IoBuildAsynchronousFsdRequest - build an IRP for a request with a completion routine
 * @MajorFunction: as for IoBuildSynchronousFsdRequest()
 * @DeviceObject: as for IoBuildSynchronousFsdRequest()
 * @Buffer: of a transfer, in the kernel's memory
 * @Length: of a transfer, in bytes
 * @StartingOffset: of a transfer; NULL: 0
 * @IoStatusBlock: stored in the IRP, for the caller
 *
 * The caller's completion routine frees the system's buffer if IRP_DEALLOCATE_BUFFER is set, with
 * ExFreePool(), or else the MDLs, frees the IRP, and returns STATUS_MORE_PROCESSING_REQUIRED. What
 * a driver below has read is in the system's buffer, not in @Buffer.
 *
 * Context: IRQL <= APC_LEVEL; here as for IoAllocateIrp().
 * Return: the IRP; NULL without memory.
 *
 * Follows: DDI wdm/nf-wdm-iobuildasynchronousfsdrequest.
 */
PIRP IoBuildAsynchronousFsdRequest(ULONG MajorFunction, PDEVICE_OBJECT DeviceObject, PVOID Buffer,
				   ULONG Length, PLARGE_INTEGER StartingOffset,
				   PIO_STATUS_BLOCK IoStatusBlock)
{
	return ntc_irp_build_fsd(MajorFunction, DeviceObject, Buffer, Length, StartingOffset, 0,
				 NULL, IoStatusBlock, (void *)_RET_IP_);
}
EXPORT_SYMBOL_GPL(IoBuildAsynchronousFsdRequest);

/**
 * IoMakeAssociatedIrp - allocate one of several IRPs into which a driver splits its own
 * @Irp: the caller has it: the master. Before it sends the first associated IRP, the caller stores
 *	their number in AssociatedIrp.IrpCount of the master, which so must have no system buffer,
 *	and pends it
 * @StackSize: as for IoAllocateIrp()
 *
 * The completion of an associated IRP frees it and its MDLs. That of the last one completes the
 * master, with the status that the caller has set in it. A completion routine that returns
 * STATUS_MORE_PROCESSING_REQUIRED prevents both: the caller then frees the associated IRP, and
 * completes the master.
 *
 * Context: IRQL <= DISPATCH_LEVEL; here as for IoAllocateIrp().
 * Return: the IRP; NULL without memory, or with a @StackSize out of range.
 *
 * Follows: DDI ntddk/nf-ntddk-iomakeassociatedirp.
 */
PIRP IoMakeAssociatedIrp(PIRP Irp, CCHAR StackSize)
{
	PIRP irp = ntc_irp_alloc(StackSize, NTC_IRP_ASSOCIATED, (void *)_RET_IP_);

	if (!irp)
		return NULL;
	irp->Flags |= IRP_ASSOCIATED_IRP;
	irp->AssociatedIrp.MasterIrp = Irp;
	irp->RequestorMode = Irp->RequestorMode;
	irp->Tail.Overlay.Thread = Irp->Tail.Overlay.Thread;
	return irp;
}
EXPORT_SYMBOL_GPL(IoMakeAssociatedIrp);
