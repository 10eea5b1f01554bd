/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What device.c and driver.c share: what stands beside the objects that drivers see. Drivers may
 * write to those, so nothing here is decided by what they hold.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <linux/cache.h>
#include <linux/container_of.h>
#include <linux/list.h>

#include "core/object.h"

/**
 * struct wqc_driver - a DRIVER_OBJECT, its devices and its names
 * @owner: I: the module
 * @object: I: what stands behind @driver
 * @devices: O: those that were not deleted, the newest first
 * @deleted: O: those that were, and are still referenced
 * @starting: O: those whose DO_DEVICE_INITIALIZING is to be cleared
 * @entering: O: DriverEntry has not returned: new devices go to @starting, too
 * @name: I: memory of @driver.DriverName
 * @path: I: memory of @registry_path
 * @registry_path: of DriverEntry
 * @driver: what the driver sees
 */
struct wqc_driver {
	struct module *owner;
	struct wqc_object *object;
	struct list_head devices;
	struct list_head deleted;
	struct list_head starting;
	bool entering;
	WCHAR *name;
	WCHAR *path;
	UNICODE_STRING registry_path;
	DRIVER_OBJECT driver;
};

/**
 * struct wqc_device - a DEVICE_OBJECT, its name and its place
 * @size: I: of @device with its extension, whatever its Size says
 * @object: I: what stands behind @device
 * @driver: O: NULL once the driver is gone
 * @link: O: place on @driver's devices or deleted
 * @starting: O: place on @driver's starting, if it is there
 * @named: O: place in the hash of names, while it has a name and is not deleted
 * @name: I: the hash's copy
 * @name_hash: I: of it
 * @deleter: O: who has called IoDeleteDevice(); never followed
 * @device: what the driver sees; its extension follows
 */
struct wqc_device {
	size_t size;
	struct wqc_object *object;
	struct wqc_driver *driver;
	struct list_head link;
	struct list_head starting;
	struct hlist_node named;
	UNICODE_STRING name;
	u32 name_hash;
	void *deleter;
	DEVICE_OBJECT device ____cacheline_aligned;
};

static inline struct wqc_device *wqc_device_of(PVOID nt)
{
	return container_of(nt, struct wqc_device, device);
}

void wqc_device_free(struct wqc_device *device);
void wqc_driver_free(struct wqc_driver *driver);
void wqc_driver_started(struct wqc_driver *driver);
void wqc_driver_delete(struct wqc_driver *driver);
void wqc_object_unlinked(struct wqc_object *object);
void wqc_object_free(struct wqc_object *object);

#endif /* DRIVER_H */
