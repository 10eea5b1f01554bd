/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The private parts of DRIVER_OBJECT and DEVICE_OBJECT, for device.c and driver.c. Drivers can
 * write to the public parts, so no decision depends on those.
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
 * @object: I: the reference-counted object of @driver
 * @devices: O: its devices that are not deleted, the newest first
 * @deleted: O: its deleted devices that are still referenced
 * @starting: O: its devices whose DO_DEVICE_INITIALIZING must be cleared
 * @entering: O: DriverEntry has not returned, so new devices are also added to @starting
 * @name: I: memory of @driver.DriverName
 * @path: I: memory of @registry_path
 * @registry_path: I: the argument of DriverEntry
 * @driver: the public part
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
 * @size: I: of @device with its extension; Size is the driver's to change
 * @object: I: the reference-counted object of @device
 * @driver: O: NULL after the driver's unload
 * @link: O: place on the driver's list @devices or @deleted
 * @starting: O: place on the driver's list @starting, while it is there
 * @named: O: place in the hash of names, while it has a name and is not deleted
 * @name: I: the name, for the hash
 * @name_hash: I: the hash of @name
 * @deleter: O: the address of the call of IoDeleteDevice(); never dereferenced
 * @device: the public part; its extension follows
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
