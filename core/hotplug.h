/* SPDX-License-Identifier: GPL-2.0 */
/*
 * CPU hotplug.
 */
#ifndef CORE_HOTPLUG_H
#define CORE_HOTPLUG_H

int wqc_hotplug_init(void);
void wqc_hotplug_exit(void);

#endif /* CORE_HOTPLUG_H */
