/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The private part of a DRIVER_OBJECT. Drivers can write to the public part, so no decision depends
 * on that.
 */
#ifndef DRIVER_H
#define DRIVER_H

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
 * @number: I: as the owner of items, see wqc_owner_take()
 * @name: I: memory of @driver.DriverName
 * @path: I: memory of @registry_path
 * @registry_path: I: the argument of DriverEntry
 * @extension: the public extension of @driver
 * @driver: the public part
 */
struct wqc_driver {
	struct module *owner;
	struct wqc_object *object;
	struct list_head devices;
	struct list_head deleted;
	struct list_head starting;
	bool entering;
	u8 number;
	WCHAR *name;
	WCHAR *path;
	UNICODE_STRING registry_path;
	DRIVER_EXTENSION extension;
	DRIVER_OBJECT driver;
};

void wqc_driver_unlinked(struct wqc_driver *driver);
void wqc_driver_free(struct wqc_driver *driver);

#endif /* DRIVER_H */
