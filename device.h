/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices: the calls from driver.c at a driver's load and unload, and from the engine.
 */
#ifndef DEVICE_H
#define DEVICE_H

struct wqc_driver;
struct wqc_object;

void wqc_driver_started(struct wqc_driver *driver);
void wqc_driver_delete(struct wqc_driver *driver);
void wqc_object_unlinked(struct wqc_object *object);
void wqc_object_free(struct wqc_object *object);

#endif /* DEVICE_H */
