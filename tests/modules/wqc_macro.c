// SPDX-License-Identifier: GPL-2.0
/*
 * A module whose init and exit functions are made by a macro of the kernel, such as
 * module_platform_driver(); wq_compat.h is included before the kernel's headers.
 */
#include "wqc_witness.h"

#include <linux/module.h>
#include <linux/init.h>
#include <linux/device/driver.h>

struct macro_driver {
	union wqc_witness_item items[2];
};

static struct macro_driver macro;

static void macro_queue(union wqc_witness_item *item)
{
	item->sleep_ms = 300;
	wqc_witness_accepted();
	ExInitializeWorkItem(&item->ex, wqc_witness_touch, &item->sleep_ms);
	ExQueueWorkItem(&item->ex, DelayedWorkQueue);
}

static int macro_register(struct macro_driver *driver)
{
	macro_queue(&driver->items[0]);
	return 0;
}

static void macro_unregister(struct macro_driver *driver)
{
	macro_queue(&driver->items[1]);
}

module_driver(macro, macro_register, macro_unregister);

MODULE_DESCRIPTION("Its init and exit functions are made by module_driver()");
MODULE_LICENSE("GPL");
