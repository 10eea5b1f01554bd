// SPDX-License-Identifier: GPL-2.0
/* Device stacks, names of devices, remove locks, and IRPs that are built for a request. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "../core/report.h"
#include "nt_irp.h"

#define NOT_ATTACHED	"device detached that nothing is attached to"
#define BUILT_FREE	"IRP freed that its completion frees"
#define COMPLETED_TWICE	"completed IRP that no driver has"
#define TOO_LONG	"IRP completed with more bytes than its buffer has"
#define LOCK_NOT_HELD	"remove lock released but not acquired"

/* ---- stacks ---------------------------------------------------------------------- */

/* A device is attached on top of the stack, whatever device of it is named. */
static void device_is_attached_on_top(struct kunit *test)
{
	struct nt_level *lowest = nt_level_new(test, nt_complete_now);
	struct nt_level *middle = nt_level_new(test, nt_pass_skip);
	struct nt_level *top = nt_level_new(test, nt_pass_skip);
	struct nt_made *made;

	lowest->device->AlignmentRequirement = 0x1ff;
	middle->lower = IoAttachDeviceToDeviceStack(middle->device, lowest->device);
	KUNIT_EXPECT_PTR_EQ(test, lowest->device, middle->lower);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			IoAttachDeviceToDeviceStackSafe(top->device, lowest->device, &top->lower));
	KUNIT_EXPECT_PTR_EQ(test, middle->device, top->lower);
	KUNIT_EXPECT_EQ(test, 3, (int)top->device->StackSize);
	KUNIT_EXPECT_EQ(test, 0x1ffU, top->device->AlignmentRequirement);
	KUNIT_EXPECT_PTR_EQ(test, middle->device, lowest->device->AttachedDevice);
	KUNIT_EXPECT_PTR_EQ(test, top->device, middle->device->AttachedDevice);
	KUNIT_EXPECT_NULL(test, top->device->AttachedDevice);
	KUNIT_EXPECT_PTR_EQ(test, top->device, IoGetAttachedDevice(lowest->device));
	KUNIT_EXPECT_PTR_EQ(test, top->device, IoGetAttachedDeviceReference(middle->device));
	ObDereferenceObject(top->device);
	made = nt_make(test, top, IRP_MJ_READ);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_send(made, top));
	KUNIT_EXPECT_EQ(test, 3, lowest->calls + middle->calls + top->calls);
}

/* A device is in one stack, once; and a stack has no circle. */
static void device_is_in_one_stack(struct kunit *test)
{
	struct nt_level *lowest = nt_level_new(test, nt_complete_now);
	struct nt_level *top = nt_level_on(test, lowest, nt_pass_skip);
	struct nt_level *other = nt_level_new(test, nt_complete_now);
	PDEVICE_OBJECT to = NULL;

	KUNIT_EXPECT_NULL(test, IoAttachDeviceToDeviceStack(top->device, other->device));
	KUNIT_EXPECT_NULL(test, IoAttachDeviceToDeviceStack(lowest->device, top->device));
	KUNIT_EXPECT_NULL(test, IoAttachDeviceToDeviceStack(other->device, other->device));
	KUNIT_EXPECT_EQ(test, STATUS_NO_SUCH_DEVICE,
			IoAttachDeviceToDeviceStackSafe(other->device, (PDEVICE_OBJECT)test, &to));
	KUNIT_EXPECT_NULL(test, to);
}

/* A device that is deleted stays while another one is attached to it, and vice versa. */
static void attachment_holds_both_devices(struct kunit *test)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT lower = NULL, upper = NULL;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, IoCreateDevice(driver, 0, NULL, FILE_DEVICE_UNKNOWN,
							     0, FALSE, &lower));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, IoCreateDevice(driver, 0, NULL, FILE_DEVICE_UNKNOWN,
							     0, FALSE, &upper));
	KUNIT_ASSERT_NOT_NULL(test, IoAttachDeviceToDeviceStack(upper, lower));
	IoDeleteDevice(upper);
	IoDeleteDevice(lower);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_PTR_EQ(test, THIS_MODULE, wqc_device_owner(lower));
	KUNIT_EXPECT_PTR_EQ(test, THIS_MODULE, wqc_device_owner(upper));
	IoDetachDevice(lower);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_device_owner(lower)));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(!wqc_device_owner(upper)));
}

/* What is not attached is not detached. */
static void detaching_nothing_is_reported(struct kunit *test)
{
	struct nt_level *level = nt_level_new(test, nt_complete_now);
	u64 reports = wqc_reports(test, NOT_ATTACHED);

	IoDetachDevice(level->device);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, NOT_ATTACHED));
}

struct detaching {
	struct nt_level *lower, *upper;
	struct nt_made *made;
	unsigned int rounds, attached;
	bool done;
};

static void detaching_party(void *arg, int cpu)
{
	struct detaching *d = arg;
	PDEVICE_OBJECT top;
	unsigned int i;

	for (i = 0; !cpu && i < d->rounds; i++) {
		top = IoGetAttachedDeviceReference(d->lower->device);
		IoReuseIrp(d->made->irp, STATUS_SUCCESS);
		nt_arm(d->made, IRP_MJ_READ);
		IoCallDriver(top, d->made->irp);
		ObDereferenceObject(top);
	}
	if (!cpu)
		WRITE_ONCE(d->done, true);
	while (cpu == 1 && !READ_ONCE(d->done)) {
		if (IoAttachDeviceToDeviceStack(d->upper->device, d->lower->device)) {
			d->attached++;
			IoDetachDevice(d->lower->device);
		}
	}
}

/* IRPs reach the lower device, and come back, while another one is attached and detached. */
static void detaching_and_completion_race(struct kunit *test)
{
	struct detaching *d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	u64 reports = wqc_reports(test, "IRP sent to an invalid device");

	KUNIT_ASSERT_NOT_NULL(test, d);
	d->lower = nt_level_new(test, nt_complete_now);
	d->upper = nt_level_on(test, d->lower, nt_pass_skip);
	d->made = nt_make(test, d->upper, IRP_MJ_READ);
	d->rounds = wqc_rounds(20000, 200);
	IoDetachDevice(d->lower->device);
	wqc_on_all_cpus(test, detaching_party, d);
	KUNIT_EXPECT_EQ(test, d->rounds, (unsigned int)d->made->calls);
	KUNIT_EXPECT_EQ(test, d->rounds, (unsigned int)d->lower->calls);
	KUNIT_EXPECT_EQ(test, reports, wqc_reports(test, "IRP sent to an invalid device"));
	KUNIT_EXPECT_TRUE(test, num_online_cpus() < 2 || d->attached);
	/* For the end of the test. */
	KUNIT_EXPECT_NOT_NULL(test, IoAttachDeviceToDeviceStack(d->upper->device,
								d->lower->device));
}

/* ---- names ------------------------------------------------------------------------ */

/* A counted string of a literal. */
struct nt_name {
	WCHAR text[64];
	UNICODE_STRING string;
};

static PUNICODE_STRING nt_name(struct nt_name *name, const char *text)
{
	size_t i;

	for (i = 0; i < strlen(text); i++)
		name->text[i] = text[i];
	name->string.Buffer = name->text;
	name->string.Length = strlen(text) * sizeof(WCHAR);
	name->string.MaximumLength = sizeof(name->text);
	return &name->string;
}

static struct {
	UCHAR majors[8];
	int n;
	PFILE_OBJECT file;
	NTSTATUS status;
} opened;

static NTSTATUS named_dispatch(PDEVICE_OBJECT device, PIRP irp)
{
	PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);

	opened.majors[opened.n++ % ARRAY_SIZE(opened.majors)] = location->MajorFunction;
	opened.file = location->FileObject;
	return nt_complete(irp, location->MajorFunction == IRP_MJ_CREATE ? opened.status :
			   STATUS_SUCCESS);
}

static void named_end(void *arg)
{
	IoDeleteDevice(arg);
}

static PDEVICE_OBJECT named_device(struct kunit *test, const char *name)
{
	PDRIVER_OBJECT driver = wqc_test_driver(test);
	PDEVICE_OBJECT device = NULL;
	struct nt_name text;

	memset(&opened, 0, sizeof(opened));
	driver->MajorFunction[IRP_MJ_CREATE] = named_dispatch;
	driver->MajorFunction[IRP_MJ_CLEANUP] = named_dispatch;
	driver->MajorFunction[IRP_MJ_CLOSE] = named_dispatch;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			IoCreateDevice(driver, 0, nt_name(&text, name), FILE_DEVICE_UNKNOWN, 0,
				       FALSE, &device));
	device->Flags &= ~DO_DEVICE_INITIALIZING;
	wqc_at_exit(test, named_end, device);
	return device;
}

static NTSTATUS nt_open(const char *text, PFILE_OBJECT *file, PDEVICE_OBJECT *device)
{
	struct nt_name name;

	return IoGetDeviceObjectPointer(nt_name(&name, text), 1, file, device);
}

/* The driver sees a file that is created, cleaned up, and closed with its last reference. */
static void device_is_opened_by_its_name(struct kunit *test)
{
	PDEVICE_OBJECT device = named_device(test, "\\Device\\WqcNamed"), found;
	PFILE_OBJECT file;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_open("\\device\\wqcnamed", &file, &found));
	KUNIT_EXPECT_PTR_EQ(test, device, found);
	KUNIT_EXPECT_PTR_EQ(test, device, file->DeviceObject);
	KUNIT_EXPECT_EQ(test, 5, (int)file->Type);
	KUNIT_EXPECT_EQ(test, 0, (int)file->FileName.Length);
	KUNIT_EXPECT_PTR_EQ(test, file, opened.file);
	KUNIT_EXPECT_EQ(test, 2, opened.n);
	KUNIT_EXPECT_EQ(test, IRP_MJ_CREATE, (int)opened.majors[0]);
	KUNIT_EXPECT_EQ(test, IRP_MJ_CLEANUP, (int)opened.majors[1]);
	ObfReferenceObject(file);
	ObfDereferenceObject(file);
	KUNIT_EXPECT_EQ(test, 2, opened.n);
	ObfDereferenceObject(file);
	KUNIT_EXPECT_EQ(test, 3, opened.n);
	KUNIT_EXPECT_EQ(test, IRP_MJ_CLOSE, (int)opened.majors[2]);
}

/* Where the caller must not sleep, the driver is told later. */
static void file_may_be_closed_at_dispatch_level(struct kunit *test)
{
	PDEVICE_OBJECT found;
	PFILE_OBJECT file;
	KIRQL irql;

	named_device(test, "\\Device\\WqcNamed");
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_open("\\Device\\WqcNamed", &file, &found));
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	ObfDereferenceObject(file);
	KeLowerIrql(irql);
	KUNIT_EXPECT_TRUE(test, wqc_eventually(READ_ONCE(opened.n) == 3));
}

/* The rest of a name is that of the file; the errors are those of the name and of the driver. */
static void name_that_leads_nowhere_is_refused(struct kunit *test)
{
	PDEVICE_OBJECT device = named_device(test, "\\Device\\WqcNamed"), found;
	PFILE_OBJECT file;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_open("\\Device\\WqcNamed\\a\\b", &file, &found));
	KUNIT_EXPECT_EQ(test, 8, (int)file->FileName.Length);
	KUNIT_EXPECT_EQ(test, 'a', (int)file->FileName.Buffer[1]);
	ObfDereferenceObject(file);
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND,
			nt_open("\\Device\\WqcNamedX", &file, &found));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_INVALID, nt_open("Device", &file, &found));
	device->Flags |= DO_DEVICE_INITIALIZING;
	KUNIT_EXPECT_EQ(test, STATUS_NO_SUCH_DEVICE, nt_open("\\Device\\WqcNamed", &file, &found));
	device->Flags &= ~DO_DEVICE_INITIALIZING;
	opened.status = STATUS_ACCESS_DENIED;
	KUNIT_EXPECT_EQ(test, STATUS_ACCESS_DENIED, nt_open("\\Device\\WqcNamed", &file, &found));
	device->DriverObject->MajorFunction[IRP_MJ_CREATE] = NULL;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_DEVICE_REQUEST,
			nt_open("\\Device\\WqcNamed", &file, &found));
}

/* The name is that of a device, but IRPs go to the top of its stack. */
static void opened_device_is_the_top_of_its_stack(struct kunit *test)
{
	PDEVICE_OBJECT device = named_device(test, "\\Device\\WqcNamed"), found;
	struct nt_level *top = nt_level_new(test, nt_pass_skip);
	PFILE_OBJECT file;

	top->lower = IoAttachDeviceToDeviceStack(top->device, device);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, nt_open("\\Device\\WqcNamed", &file, &found));
	KUNIT_EXPECT_PTR_EQ(test, top->device, found);
	KUNIT_EXPECT_EQ(test, 2, top->calls);
	ObfDereferenceObject(file);
	KUNIT_EXPECT_EQ(test, 3, top->calls);
	KUNIT_EXPECT_EQ(test, 3, opened.n);
}

static NTSTATUS nt_link(const char *from, const char *to)
{
	struct nt_name name, target;

	return IoCreateSymbolicLink(nt_name(&name, from), nt_name(&target, to));
}

static NTSTATUS nt_unlink(const char *from)
{
	struct nt_name name;

	return IoDeleteSymbolicLink(nt_name(&name, from));
}

/* A link names a device, in any case and by each name of the directory; it is there once. */
static void symbolic_link_leads_to_its_device(struct kunit *test)
{
	static const char *const names[] = {
		"\\DosDevices\\WqcLink", "\\??\\wqclink", "\\GLOBAL??\\WQCLINK",
		"\\dosdevices\\WqcTwo",
	};
	PDEVICE_OBJECT device, found;
	PFILE_OBJECT file;
	int i;

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_link("\\??\\WqcLink", "\\Device\\WqcNamed"));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_link("\\??\\WqcTwo", "\\DosDevices\\WqcLink"));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_COLLISION,
			nt_link("\\DosDevices\\WQCLINK", "\\Device\\Other"));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_open(names[0], &file, &found));
	device = named_device(test, "\\Device\\WqcNamed");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		KUNIT_ASSERT_EQ_MSG(test, STATUS_SUCCESS, nt_open(names[i], &file, &found), "%s",
				    names[i]);
		KUNIT_EXPECT_PTR_EQ(test, device, found);
		ObfDereferenceObject(file);
	}
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_INVALID, nt_link("WqcLink", "\\Device\\X"));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_unlink("\\DosDevices\\wqcLink"));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_unlink("\\??\\WqcLink"));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND, nt_open(names[3], &file, &found));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_unlink("\\??\\WqcTwo"));
}

/* A link that names itself leads nowhere. */
static void circle_of_links_ends(struct kunit *test)
{
	PDEVICE_OBJECT found;
	PFILE_OBJECT file;

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_link("\\??\\WqcLink", "\\??\\WqcLink"));
	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_NAME_NOT_FOUND,
			nt_open("\\??\\WqcLink", &file, &found));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, nt_unlink("\\??\\WqcLink"));
}

/* ---- remove locks -------------------------------------------------------------------- */

struct removal {
	IO_REMOVE_LOCK lock;
	struct completion removed;
	atomic_t inside, late;
	bool gone;
};

static int removing_thread(void *arg)
{
	struct removal *removal = arg;

	IoReleaseRemoveLockAndWait(&removal->lock, removal);
	complete(&removal->removed);
	return 0;
}

/* The removal waits for all acquisitions, and refuses new ones from its beginning on. */
static void removal_waits_for_acquisitions(struct kunit *test)
{
	struct removal removal = {};
	int i;

	init_completion(&removal.removed);
	IoInitializeRemoveLock(&removal.lock, 0, 0, 0);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoAcquireRemoveLock(&removal.lock, NULL));
	IoReleaseRemoveLock(&removal.lock, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(removing_thread, &removal, "nt_remove")));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(READ_ONCE(removal.lock.Common.Removed)));
	KUNIT_EXPECT_TRUE(test, wqc_eventually(READ_ONCE(removal.lock.Common.IoCount) == 2));
	KUNIT_EXPECT_EQ(test, STATUS_DELETE_PENDING, IoAcquireRemoveLock(&removal.lock, NULL));
	IoReleaseRemoveLock(&removal.lock, NULL);
	msleep(WQC_GRACE_MS);
	KUNIT_EXPECT_FALSE(test, completion_done(&removal.removed));
	IoReleaseRemoveLock(&removal.lock, NULL);
	KUNIT_EXPECT_TRUE(test, wqc_done(&removal.removed));
	KUNIT_EXPECT_EQ(test, STATUS_DELETE_PENDING, IoAcquireRemoveLock(&removal.lock, NULL));
}

/* A release too many does not lower the count. */
static void remove_lock_that_is_not_held_is_not_released(struct kunit *test)
{
	u64 reports = wqc_reports(test, LOCK_NOT_HELD);
	IO_REMOVE_LOCK lock;

	IoInitializeRemoveLock(&lock, 0, 0, 0);
	IoReleaseRemoveLock(&lock, NULL);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, LOCK_NOT_HELD));
	IoReleaseRemoveLockAndWait(&lock, NULL);
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, LOCK_NOT_HELD));
}

static void removal_party(void *arg, int cpu)
{
	struct removal *removal = arg;
	unsigned int i;

	for (i = 0; i < 100000; i++) {
		if (!cpu && i == 1000) {
			IoReleaseRemoveLockAndWait(&removal->lock, NULL);
			if (atomic_read(&removal->inside))
				atomic_inc(&removal->late);
			WRITE_ONCE(removal->gone, true);
			return;
		}
		if (!cpu)
			continue;
		if (IoAcquireRemoveLock(&removal->lock, NULL))
			return;
		atomic_inc(&removal->inside);
		if (READ_ONCE(removal->gone))
			atomic_inc(&removal->late);
		atomic_dec(&removal->inside);
		IoReleaseRemoveLock(&removal->lock, NULL);
	}
}

/* Nobody is inside after the removal, however the calls race. */
static void acquisitions_and_removal_race(struct kunit *test)
{
	struct removal *removal = kunit_kzalloc(test, sizeof(*removal), GFP_KERNEL);
	unsigned int round, rounds = wqc_rounds(200, 10);

	KUNIT_ASSERT_NOT_NULL(test, removal);
	for (round = 0; round < rounds; round++) {
		IoInitializeRemoveLock(&removal->lock, 0, 0, 0);
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoAcquireRemoveLock(&removal->lock, NULL));
		removal->gone = false;
		wqc_on_all_cpus(test, removal_party, removal);
		KUNIT_EXPECT_TRUE(test, removal->gone);
	}
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&removal->late));
}

/* ---- IRPs for requests ------------------------------------------------------------------ */

#define CONTROL(method)	(0x220000U | 0x800 << 2 | (method))

/* What the driver has seen of a request, and its answer. */
static struct {
	IO_STACK_LOCATION location;
	PVOID user, system, mapped;
	ULONG flags;
	char in[16];
	NTSTATUS status;
	bool pend;
	ULONG_PTR answered;
} request;

static NTSTATUS request_answer(struct nt_level *level, PIRP irp)
{
	request.location = *IoGetCurrentIrpStackLocation(irp);
	request.user = irp->UserBuffer;
	request.system = irp->AssociatedIrp.SystemBuffer;
	request.flags = irp->Flags;
	request.mapped = irp->MdlAddress ?
		MmGetSystemAddressForMdlSafe(irp->MdlAddress, NormalPagePriority) : NULL;
	if (request.system) {
		memcpy(request.in, request.system, 8);
		memcpy(request.system, "answered", 8);
	}
	irp->IoStatus.Information = request.answered;
	irp->IoStatus.Status = request.status;
	if (request.pend)
		return nt_pend(level, irp);
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	return request.status;
}

struct nt_request {
	KEVENT event;
	IO_STATUS_BLOCK iosb;
	char in[16], out[16];
};

static struct nt_request *request_new(struct kunit *test, struct nt_level **level)
{
	struct nt_request *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, r);
	memset(&request, 0, sizeof(request));
	request.answered = 8;
	KeInitializeEvent(&r->event, NotificationEvent, FALSE);
	r->iosb.Status = STATUS_INTERNAL_ERROR;
	strscpy(r->in, "question", sizeof(r->in));
	*level = nt_level_new(test, request_answer);
	return r;
}

/* METHOD_BUFFERED: one buffer has the input and then the output, which is copied back. */
static void buffered_control_request_is_copied(struct kunit *test)
{
	struct nt_level *level;
	struct nt_request *r = request_new(test, &level);
	PIRP irp;

	irp = IoBuildDeviceIoControlRequest(CONTROL(METHOD_BUFFERED), level->device, r->in, 8,
					    r->out, 12, FALSE, &r->event, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_EQ(test, IRP_MJ_DEVICE_CONTROL, (int)level->major);
	KUNIT_EXPECT_EQ(test, CONTROL(METHOD_BUFFERED),
			request.location.Parameters.DeviceIoControl.IoControlCode);
	KUNIT_EXPECT_EQ(test, 8U, request.location.Parameters.DeviceIoControl.InputBufferLength);
	KUNIT_EXPECT_EQ(test, 12U, request.location.Parameters.DeviceIoControl.OutputBufferLength);
	KUNIT_EXPECT_EQ(test, 0, memcmp(request.in, "question", 8));
	KUNIT_EXPECT_EQ(test, 0, memcmp(r->out, "answered\0\0\0", 12));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, r->iosb.Status);
	KUNIT_EXPECT_EQ(test, 8, (int)r->iosb.Information);
	KUNIT_EXPECT_EQ(test, 1, KeReadStateEvent(&r->event));
}

/* What the driver claims beyond the caller's buffer is reported, and not written. */
static void output_is_copied_no_further_than_its_buffer(struct kunit *test)
{
	u64 reports = wqc_reports(test, TOO_LONG);
	struct nt_level *level;
	struct nt_request *r = request_new(test, &level);
	PIRP irp;

	request.answered = 8;
	irp = IoBuildDeviceIoControlRequest(CONTROL(METHOD_BUFFERED), level->device, r->in, 8,
					    r->out, 5, FALSE, &r->event, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_EQ(test, 0, memcmp(r->out, "answe\0\0\0", 8));
	KUNIT_EXPECT_EQ(test, 8, (int)r->iosb.Information);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, TOO_LONG));

	memset(r->out, 0, sizeof(r->out));
	level->device->Flags |= DO_BUFFERED_IO;
	irp = IoBuildSynchronousFsdRequest(IRP_MJ_READ, level->device, r->out, 8, NULL, &r->event,
					   &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	request.answered = 12;
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_EQ(test, 0, memcmp(r->out, "answered\0\0\0", 12));
	KUNIT_EXPECT_EQ(test, reports + 2, wqc_reports(test, TOO_LONG));
}

/* METHOD_NEITHER: the driver gets the caller's pointers. */
static void neither_control_request_has_the_callers_buffers(struct kunit *test)
{
	struct nt_level *level;
	struct nt_request *r = request_new(test, &level);
	PIRP irp;

	irp = IoBuildDeviceIoControlRequest(CONTROL(METHOD_NEITHER), level->device, r->in, 8,
					    r->out, 12, TRUE, &r->event, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_EQ(test, IRP_MJ_INTERNAL_DEVICE_CONTROL, (int)level->major);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)r->in,
			    request.location.Parameters.DeviceIoControl.Type3InputBuffer);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)r->out, request.user);
	KUNIT_EXPECT_NULL(test, request.system);
}

/* METHOD_OUT_DIRECT: a buffer has the input, and an MDL describes the caller's output. */
static void direct_control_request_has_an_mdl(struct kunit *test)
{
	struct nt_level *level;
	struct nt_request *r = request_new(test, &level);
	PIRP irp;

	irp = IoBuildDeviceIoControlRequest(CONTROL(METHOD_OUT_DIRECT), level->device, r->in, 8,
					    r->out, 12, FALSE, &r->event, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	KUNIT_EXPECT_EQ(test, 12U, MmGetMdlByteCount(irp->MdlAddress));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_EQ(test, 0, memcmp(request.in, "question", 8));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)r->out, request.mapped);
	KUNIT_EXPECT_EQ(test, 0, (int)r->out[0]);
}

/* An error that was not pended changes neither event nor status block; one that was, both. */
static void error_without_pending_leaves_the_event(struct kunit *test)
{
	struct nt_level *level;
	struct nt_request *r = request_new(test, &level);
	PIRP irp;

	request.status = STATUS_IO_DEVICE_ERROR;
	irp = IoBuildDeviceIoControlRequest(CONTROL(METHOD_BUFFERED), level->device, NULL, 0,
					    r->out, 8, FALSE, &r->event, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	KUNIT_EXPECT_EQ(test, STATUS_IO_DEVICE_ERROR, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&r->event));
	KUNIT_EXPECT_EQ(test, STATUS_INTERNAL_ERROR, r->iosb.Status);
	KUNIT_EXPECT_EQ(test, 0, (int)r->out[0]);
	request.pend = true;
	irp = IoBuildDeviceIoControlRequest(CONTROL(METHOD_BUFFERED), level->device, NULL, 0,
					    r->out, 8, FALSE, &r->event, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, IoCallDriver(level->device, irp));
	IoCompleteRequest(level->pended, IO_NO_INCREMENT);
	KUNIT_EXPECT_EQ(test, 1, KeReadStateEvent(&r->event));
	KUNIT_EXPECT_EQ(test, STATUS_IO_DEVICE_ERROR, r->iosb.Status);
	KUNIT_EXPECT_EQ(test, 0, (int)r->out[0]);
}

/* Splits its IRP into three, which a lower device pends. */
static NTSTATUS split_in_three(struct nt_level *level, PIRP irp)
{
	PIRP *parts = level->data;
	int i;

	IoMarkIrpPending(irp);
	irp->IoStatus.Status = STATUS_SUCCESS;
	irp->IoStatus.Information = 33;
	irp->AssociatedIrp.IrpCount = 3;
	for (i = 0; i < 3; i++) {
		if (!parts[i])
			parts[i] = IoMakeAssociatedIrp(irp, level->lower->StackSize);
		IoGetNextIrpStackLocation(parts[i])->MajorFunction = IRP_MJ_READ;
		IoCallDriver(level->lower, parts[i]);
	}
	return STATUS_PENDING;
}

static void last_associated_irp_completes_the_master(struct kunit *test)
{
	struct nt_level *lower = nt_level_new(test, nt_pend);
	struct nt_level *upper = nt_level_on(test, lower, split_in_three);
	struct nt_made *master = nt_make(test, upper, IRP_MJ_READ);
	PIRP parts[3] = {};
	int i;

	upper->data = parts;
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(master, upper));
	KUNIT_ASSERT_TRUE(test, parts[0] && parts[1] && parts[2]);
	KUNIT_EXPECT_EQ(test, 3, lower->calls);
	KUNIT_EXPECT_TRUE(test, parts[1]->Flags & IRP_ASSOCIATED_IRP);
	KUNIT_EXPECT_PTR_EQ(test, parts[1]->AssociatedIrp.MasterIrp, master->irp);
	/* An MDL of its own is freed with it: the pool's leaks are counted at the end. */
	KUNIT_EXPECT_NOT_NULL(test, IoAllocateMdl(&request, 8, FALSE, FALSE, parts[1]));
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, 0, master->calls);
		nt_complete(parts[i], i == 1 ? STATUS_IO_DEVICE_ERROR : STATUS_SUCCESS);
	}
	KUNIT_EXPECT_EQ(test, 1, master->calls);
	KUNIT_EXPECT_TRUE(test, master->pending);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, master->iosb.Status);
	KUNIT_EXPECT_EQ(test, 33, (int)master->iosb.Information);
}

static NTSTATUS keep_the_part(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	(*(int *)context)++;
	return STATUS_MORE_PROCESSING_REQUIRED;
}

static void associated_irp_may_be_kept_and_freed(struct kunit *test)
{
	struct nt_level *lower = nt_level_new(test, nt_pend);
	struct nt_level *upper = nt_level_on(test, lower, nt_pend);
	struct nt_made *master = nt_make(test, upper, IRP_MJ_READ);
	u64 bad = wqc_reports(test, BUILT_FREE);
	int kept = 0;
	PIRP part;

	KUNIT_EXPECT_EQ(test, STATUS_PENDING, nt_send(master, upper));
	part = IoMakeAssociatedIrp(master->irp, lower->device->StackSize);
	KUNIT_ASSERT_NOT_NULL(test, part);
	master->irp->AssociatedIrp.IrpCount = 1;
	IoGetNextIrpStackLocation(part)->MajorFunction = IRP_MJ_READ;
	IoSetCompletionRoutine(part, keep_the_part, &kept, TRUE, TRUE, TRUE);
	KUNIT_EXPECT_EQ(test, STATUS_PENDING, IoCallDriver(lower->device, part));
	nt_complete(part, STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, 1, kept);
	KUNIT_EXPECT_EQ(test, 0, master->calls);
	IoFreeIrp(part);
	KUNIT_EXPECT_EQ(test, bad, wqc_reports(test, BUILT_FREE));
	nt_complete(master->irp, STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, 1, master->calls);
	KUNIT_EXPECT_NULL(test, IoMakeAssociatedIrp(master->irp, 0));
}

/* A transfer has its length and offset; the device's flags say which buffer. */
static void transfer_has_the_devices_kind_of_buffer(struct kunit *test)
{
	LARGE_INTEGER offset = { .QuadPart = 4096 };
	struct nt_level *level;
	struct nt_request *r = request_new(test, &level);
	PIRP irp;

	irp = IoBuildSynchronousFsdRequest(IRP_MJ_READ, level->device, r->out, 8, &offset,
					   &r->event, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_EQ(test, 8U, request.location.Parameters.Read.Length);
	KUNIT_EXPECT_EQ(test, 4096LL, request.location.Parameters.Read.ByteOffset.QuadPart);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)r->out, request.user);
	KUNIT_EXPECT_NULL(test, request.system);
	level->device->Flags |= DO_BUFFERED_IO;
	irp = IoBuildSynchronousFsdRequest(IRP_MJ_READ, level->device, r->out, 8, &offset,
					   &r->event, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_EQ(test, 0, memcmp(r->out, "answered", 8));
	level->device->Flags ^= DO_BUFFERED_IO | DO_DIRECT_IO;
	irp = IoBuildSynchronousFsdRequest(IRP_MJ_READ, level->device, r->out, 8, &offset,
					   &r->event, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_NULL(test, request.system);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)r->out, request.mapped);
	irp = IoBuildSynchronousFsdRequest(IRP_MJ_FLUSH_BUFFERS, level->device, NULL, 0, NULL,
					   &r->event, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_EQ(test, IRP_MJ_FLUSH_BUFFERS, (int)level->major);
}

static NTSTATUS request_completed(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	if (irp->Flags & IRP_DEALLOCATE_BUFFER)
		ExFreePool(irp->AssociatedIrp.SystemBuffer);
	*(PIO_STATUS_BLOCK *)context = irp->UserIosb;
	IoFreeIrp(irp);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

/* The IRP of an asynchronous request is freed by its maker, with the system's buffer. */
static void asynchronous_request_is_freed_by_its_routine(struct kunit *test)
{
	struct nt_level *level;
	struct nt_request *r = request_new(test, &level);
	PIO_STATUS_BLOCK iosb = NULL;
	PIRP irp;

	level->device->Flags |= DO_BUFFERED_IO;
	irp = IoBuildAsynchronousFsdRequest(IRP_MJ_READ, level->device, r->out, 8, NULL, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	KUNIT_EXPECT_TRUE(test, irp->Flags & IRP_DEALLOCATE_BUFFER);
	IoSetCompletionRoutine(irp, request_completed, &iosb, TRUE, TRUE, TRUE);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, IoCallDriver(level->device, irp));
	KUNIT_EXPECT_PTR_EQ(test, &r->iosb, iosb);
}

static NTSTATUS request_kept(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	return STATUS_MORE_PROCESSING_REQUIRED;
}

/* The IRP of another request is freed by its completion, and only by that. */
static void built_irp_is_freed_by_its_completion(struct kunit *test)
{
	u64 reports = wqc_reports(test, BUILT_FREE), twice = wqc_reports(test, COMPLETED_TWICE);
	struct nt_level *level;
	struct nt_request *r = request_new(test, &level);
	PIRP irp;

	irp = IoBuildDeviceIoControlRequest(CONTROL(METHOD_BUFFERED), level->device, r->in, 8,
					    r->out, 8, FALSE, &r->event, &r->iosb);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	IoSetCompletionRoutine(irp, request_kept, NULL, TRUE, TRUE, TRUE);
	IoCallDriver(level->device, irp);
	KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&r->event));
	IoFreeIrp(irp);
	KUNIT_EXPECT_EQ(test, reports + 1, wqc_reports(test, BUILT_FREE));
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	KUNIT_EXPECT_EQ(test, 1, KeReadStateEvent(&r->event));
	KUNIT_EXPECT_EQ(test, twice, wqc_reports(test, COMPLETED_TWICE));
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	KUNIT_EXPECT_EQ(test, twice + 1, wqc_reports(test, COMPLETED_TWICE));
}

static struct kunit_case nt_stack_cases[] = {
	KUNIT_CASE(device_is_attached_on_top),
	KUNIT_CASE(device_is_in_one_stack),
	KUNIT_CASE(attachment_holds_both_devices),
	KUNIT_CASE(detaching_nothing_is_reported),
	KUNIT_CASE(detaching_and_completion_race),
	KUNIT_CASE(device_is_opened_by_its_name),
	KUNIT_CASE(file_may_be_closed_at_dispatch_level),
	KUNIT_CASE(name_that_leads_nowhere_is_refused),
	KUNIT_CASE(opened_device_is_the_top_of_its_stack),
	KUNIT_CASE(symbolic_link_leads_to_its_device),
	KUNIT_CASE(circle_of_links_ends),
	KUNIT_CASE(removal_waits_for_acquisitions),
	KUNIT_CASE(remove_lock_that_is_not_held_is_not_released),
	KUNIT_CASE(acquisitions_and_removal_race),
	KUNIT_CASE(buffered_control_request_is_copied),
	KUNIT_CASE(output_is_copied_no_further_than_its_buffer),
	KUNIT_CASE(neither_control_request_has_the_callers_buffers),
	KUNIT_CASE(direct_control_request_has_an_mdl),
	KUNIT_CASE(error_without_pending_leaves_the_event),
	KUNIT_CASE(last_associated_irp_completes_the_master),
	KUNIT_CASE(associated_irp_may_be_kept_and_freed),
	KUNIT_CASE(transfer_has_the_devices_kind_of_buffer),
	KUNIT_CASE(asynchronous_request_is_freed_by_its_routine),
	KUNIT_CASE(built_irp_is_freed_by_its_completion),
	{}
};

static struct kunit_suite nt_stack_suite = {
	.name = "wqc_nt_stack",
	.test_cases = nt_stack_cases,
};

kunit_test_suite(nt_stack_suite);
