// SPDX-License-Identifier: GPL-2.0
/*
 * A Windows driver as a Linux module: its load, its unload, and the thread in which DriverEntry and
 * DriverUnload run.
 */
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "include/ntstatus.h"
#include "core/run.h"
#include "core/unload.h"
#include "device.h"
#include "driver.h"

#define WQC_SERVICES	"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"

/* Concatenates @prefix and @name into a new UNICODE_STRING. */
static bool wqc_make_name(UNICODE_STRING *to, const char *prefix, const char *name)
{
	size_t length = strlen(prefix) + strlen(name), i;

	to->Buffer = kmalloc_array(length + 1, sizeof(WCHAR), GFP_KERNEL);
	if (!to->Buffer)
		return false;
	for (i = 0; i < length; i++)
		to->Buffer[i] = i < strlen(prefix) ? prefix[i] : name[i - strlen(prefix)];
	to->Buffer[length] = 0;
	to->Length = length * sizeof(WCHAR);
	to->MaximumLength = (length + 1) * sizeof(WCHAR);
	return true;
}

/* Under wqc_object_lock: the drivers that have that number as owners of items. 0 is no driver's. */
static u32 wqc_owner_drivers[WQC_OWNERS];

/* Starvation: drivers that share a number share a turn. So the number that fewest have is given. */
static u8 wqc_owner_take(void)
{
	u8 number, least = 1;

	lockdep_assert_held(&wqc_object_lock);
	for (number = 2; number < WQC_OWNERS; number++)
		if (wqc_owner_drivers[number] < wqc_owner_drivers[least])
			least = number;
	wqc_owner_drivers[least]++;
	return least;
}

/* No item of the driver is queued. Under wqc_object_lock. */
void wqc_driver_unlinked(struct wqc_driver *driver)
{
	wqc_owner_drivers[driver->number]--;
}

/* Frees a driver, also one that was never published. */
void wqc_driver_free(struct wqc_driver *driver)
{
	kfree(driver->path);
	kfree(driver->name);
	kfree(driver);
}

/* After success the object can be found, and the keeper frees it. False without memory. */
static bool wqc_driver_publish(struct wqc_driver *driver)
{
	driver->object = wqc_object_new(&driver->driver, driver->owner, true, 0);
	if (!driver->object)
		return false;
	raw_spin_lock_irq(&wqc_object_lock);
	driver->number = wqc_owner_take();
	driver->object->tag = WQC_OWNER_TAG(driver->number);
	wqc_object_add(driver->object);
	raw_spin_unlock_irq(&wqc_object_lock);
	return true;
}

static struct wqc_driver *wqc_driver_new(struct module *owner, PDRIVER_INITIALIZE entry,
					 const char *path)
{
	struct wqc_driver *new = kzalloc(sizeof(*new), GFP_KERNEL);

	if (!new)
		return NULL;
	new->owner = owner;
	new->entering = true;
	INIT_LIST_HEAD(&new->devices);
	INIT_LIST_HEAD(&new->deleted);
	INIT_LIST_HEAD(&new->starting);
	new->driver.Type = IO_TYPE_DRIVER;
	new->driver.Size = sizeof(DRIVER_OBJECT);
	new->driver.DriverInit = entry;
	new->driver.DriverSection = owner;
	new->driver.DriverExtension = &new->extension;
	new->extension.DriverObject = &new->driver;
	if (wqc_make_name(&new->driver.DriverName, "\\Driver\\", module_name(owner)))
		new->name = new->driver.DriverName.Buffer;
	if (wqc_make_name(&new->registry_path, path ?: WQC_SERVICES,
			  path ? "" : module_name(owner)))
		new->path = new->registry_path.Buffer;
	if (new->name && new->path && wqc_driver_publish(new))
		return new;
	wqc_driver_free(new);
	return NULL;
}

/* ---- the thread of DriverEntry and DriverUnload -------------------------- */

/* Interval of the check whether the function has ended its thread instead of returning. */
#define WQC_ENDED_LOOK	(HZ / 4)

/* On the stack of the task that loads or unloads, which waits until the thread has ended. */
struct wqc_driver_call {
	struct wqc_driver *driver;
	NTSTATUS (*fn)(struct wqc_driver *driver);
	void *routine;			/* the driver's function, for reports */
	wait_queue_head_t wait;
	NTSTATUS status;
	bool returned;
};

static NTSTATUS wqc_call_entry(struct wqc_driver *driver)
{
	return driver->driver.DriverInit(&driver->driver, &driver->registry_path);
}

static NTSTATUS wqc_call_unload(struct wqc_driver *driver)
{
	driver->driver.DriverUnload(&driver->driver);
	return STATUS_SUCCESS;
}

/*
 * Restores interrupts and the preemption count, as the kernel does after an init function: a thread
 * that leaves them disabled cannot exit. Other changes of its state end with the thread.
 */
static void wqc_call_returned(const struct wqc_driver_call *call)
{
	bool irqs = irqs_disabled();
	int preempt;

	if (irqs)
		local_irq_enable();
	preempt = preempt_count();
	if (preempt)
		preempt_count_set(0);
	if (irqs)
		wqc_report(WQC_R_IRQS_OFF, "%ps of driver %s", call->routine,
			   module_name(call->driver->owner));
	if (preempt)
		wqc_report(WQC_R_PREEMPT, "%ps of driver %s", call->routine,
			   module_name(call->driver->owner));
	if (atomic_read(&wqc_watching) & ~WQC_WATCH_UNLOAD)
		wqc_run_post_hook(current, call->routine);
}

static int wqc_driver_thread(void *data)
{
	struct wqc_driver_call *call = data;

	call->status = call->fn(call->driver);
	wqc_call_returned(call);
	WRITE_ONCE(call->returned, true);
	wake_up(&call->wait);
	return 0;
}

/*
 * Calls a driver's function in a system thread, and waits until the thread has ended. The function
 * either returns or ends its thread; the latter shows only in the thread's state, so the state is
 * polled. The wait is idle: it adds no load and is no hung task, however long the function takes.
 */
static int wqc_call_in_thread(struct wqc_driver_call *call)
{
	struct task_struct *thread;

	init_waitqueue_head(&call->wait);
	thread = kthread_create(wqc_driver_thread, call, "wqc_driver");
	if (IS_ERR(thread))
		return -ENOMEM;		/* or this task was killed */
	get_task_struct(thread);
	wake_up_process(thread);
	while (!wait_event_idle_timeout(call->wait, READ_ONCE(call->returned), WQC_ENDED_LOOK) &&
	       !READ_ONCE(thread->exit_state))
		;
	kthread_stop(thread);
	if (!call->returned) {
		wqc_report(WQC_R_THREAD_ENDED, "%ps of driver %s", call->routine,
			   module_name(call->driver->owner));
		wqc_run_post_hook(thread, call->routine);
	}
	put_task_struct(thread);
	return 0;
}

static DEFINE_MUTEX(wqc_enter_mutex);
static wqc_enter_fn wqc_enter;		/* under wqc_enter_mutex */

/**
 * wqc_set_enter - set a function that is called before each DriverEntry
 * @enter: called with the driver's RegistryPath; if it returns false the load fails with -ENOMEM.
 *	NULL: none
 *
 * For nt-compat, which has the driver's key in its registry.
 *
 * Context: process, sleeps. On return, the former @enter is not running.
 */
void wqc_set_enter(wqc_enter_fn enter)
{
	mutex_lock(&wqc_enter_mutex);
	wqc_enter = enter;
	mutex_unlock(&wqc_enter_mutex);
}
EXPORT_SYMBOL_GPL(wqc_set_enter);

static bool wqc_driver_may_enter(struct wqc_driver *driver)
{
	bool may;

	mutex_lock(&wqc_enter_mutex);
	may = !wqc_enter || wqc_enter(&driver->registry_path);
	mutex_unlock(&wqc_enter_mutex);
	return may;
}

/* Calls DriverEntry. Returns an errno if that was not possible; else 0, and the status. */
static int wqc_driver_enter(struct wqc_driver *driver, PDRIVER_INITIALIZE entry, NTSTATUS *status)
{
	struct wqc_driver_call call = {
		.driver = driver,
		.fn = wqc_call_entry,
		.routine = entry,
		.status = STATUS_UNSUCCESSFUL,
	};
	int err = wqc_call_in_thread(&call);

	*status = call.status;
	return err;
}

/* rmmod cannot fail at this point: without memory for a thread, its own task calls DriverUnload. */
static void wqc_driver_leave(struct wqc_driver *driver)
{
	struct wqc_driver_call call = {
		.driver = driver,
		.fn = wqc_call_unload,
		.routine = driver->driver.DriverUnload,
	};

	if (call.routine && wqc_call_in_thread(&call))
		wqc_call_unload(driver);
}

/* ---- load and unload ----------------------------------------------------- */

/*
 * Maps an error status of DriverEntry to the errno of insmod. Never ENOENT, ESRCH or ENOEXEC, which
 * insmod reports as a broken file, nor EEXIST, which modprobe takes for success.
 */
static int wqc_errno(NTSTATUS status)
{
	switch (status) {
	case STATUS_INSUFFICIENT_RESOURCES:
	case STATUS_NO_MEMORY:
		return -ENOMEM;
	case STATUS_INVALID_PARAMETER:
	case STATUS_INVALID_PARAMETER_1:
	case STATUS_INVALID_PARAMETER_2:
		return -EINVAL;
	case STATUS_NOT_IMPLEMENTED:
	case STATUS_NOT_SUPPORTED:
	case STATUS_INVALID_DEVICE_REQUEST:
		return -EOPNOTSUPP;
	case STATUS_ACCESS_DENIED:
		return -EACCES;
	case STATUS_DEVICE_BUSY:
	case STATUS_OBJECT_NAME_COLLISION:
	case STATUS_ALREADY_REGISTERED:
		return -EBUSY;
	case STATUS_IO_TIMEOUT:
		return -ETIMEDOUT;
	case STATUS_IO_DEVICE_ERROR:
		return -EIO;
	}
	return -ENODEV;
}

/**
 * wqc_driver_load_path - create a driver object and call DriverEntry
 * @owner: the driver's module
 * @entry: the driver's DriverEntry
 * @path: its RegistryPath; NULL:
 *	"\Registry\Machine\System\CurrentControlSet\Services\<module>"
 * @driver: receives the driver object
 *
 * A module that is built with client.mk calls this at module_init(), with its parameter
 * registry_path. @entry runs in a separate system thread, as on Windows; this call waits for it.
 * If it returns an error or ends its thread, this call also waits for the items that it queued.
 *
 * Context: process, sleeps.
 * Return: 0; -ENOMEM, also if no thread can be created; -EINVAL for a NULL @entry or a @path of
 * more than 32,766 characters; if @entry returned an error, which is logged, the closest errno,
 * or -ENODEV.
 */
int wqc_driver_load_path(struct module *owner, PDRIVER_INITIALIZE entry, const char *path,
			 PDRIVER_OBJECT *driver)
{
	struct wqc_driver *new;
	NTSTATUS status;
	int err;

	*driver = NULL;
	if (!entry || (path && strlen(path) >= U16_MAX / sizeof(WCHAR)))
		return -EINVAL;
	new = wqc_driver_new(owner, entry, path);
	if (!new)
		return -ENOMEM;
	err = wqc_driver_may_enter(new) ? wqc_driver_enter(new, entry, &status) : -ENOMEM;
	if (!err && !NT_SUCCESS(status)) {
		pr_err("wq_compat: %s: %ps returned %#x\n", module_name(owner), entry, status);
		err = wqc_errno(status);
	}
	if (err) {
		wqc_module_wait(owner);
		wqc_driver_delete(new);
		return err;
	}
	wqc_driver_started(new);
	if (!new->driver.DriverUnload)
		__module_get(owner);	/* cannot be unloaded, as on Windows */
	*driver = &new->driver;
	return 0;
}
EXPORT_SYMBOL_GPL(wqc_driver_load_path);

/**
 * wqc_driver_load - wqc_driver_load_path() with the default path
 * @owner: the driver's module
 * @entry: the driver's DriverEntry
 * @driver: receives the driver object
 *
 * The macro WQC_DRIVER() calls this at module_init().
 *
 * Context: process, sleeps.
 * Return: as for wqc_driver_load_path().
 */
int wqc_driver_load(struct module *owner, PDRIVER_INITIALIZE entry, PDRIVER_OBJECT *driver)
{
	return wqc_driver_load_path(owner, entry, NULL, driver);
}
EXPORT_SYMBOL_GPL(wqc_driver_load);

/**
 * wqc_driver_unload - call DriverUnload and wait for the driver's items
 * @driver: from wqc_driver_load()
 *
 * DriverUnload runs in a separate system thread, or in the caller's if no thread can be created.
 * It may return while items of the driver still wait or run; this call returns when the last of
 * their routines has returned. Devices that DriverUnload has not deleted are reported and deleted,
 * independently of DeviceObject and NextDevice.
 *
 * Context: process, sleeps.
 */
void wqc_driver_unload(PDRIVER_OBJECT driver)
{
	struct wqc_driver *unloaded = container_of(driver, struct wqc_driver, driver);

	wqc_driver_leave(unloaded);
	wqc_module_wait(unloaded->owner);
	wqc_driver_delete(unloaded);
}
EXPORT_SYMBOL_GPL(wqc_driver_unload);
