// SPDX-License-Identifier: GPL-2.0
/*
 * Names of routines for messages, and the message that names the routine for which an rmmod or a
 * spin-down waits.
 */
#include <linux/ctype.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#ifdef WQC_HAVE_HEX_H			/* set by Kbuild; else hex_to_bin() is in kernel.h */
#include <linux/hex.h>
#endif

#include "core.h"
#include "names.h"

/**
 * wqc_name_hide_addresses - replace kernel addresses in a text by their hashes
 * @text: printed with %ps or %pS, which print the address itself if it has no symbol, or no
 *	longer has one
 *
 * Context: any.
 */
void wqc_name_hide_addresses(char *text)
{
	char hashed[2 * sizeof(void *) + 2], *end;
	unsigned long address;
	size_t len;

	while ((text = strstr(text, "0x"))) {
		address = 0;
		for (end = text + 2; isxdigit(*end); end++)
			address = address << 4 | hex_to_bin(*end);
		len = snprintf(hashed, sizeof(hashed), "%p", (void *)address);
		if (address >= PAGE_OFFSET && len <= end - text) {
			memcpy(text, hashed, len);
			memmove(text + len, end, strlen(end) + 1);
			end = text + len;
		}
		text = end;
	}
}

/**
 * wqc_name_format - format the symbol of an address
 * @buffer: receives the symbol, or a hash of the address
 * @address: in a module or the kernel; never dereferenced
 *
 * Use-after-free: a message that is printed later must not use %ps, since the module may be freed
 * by then. So the name is copied while the module cannot unload.
 *
 * Context: any.
 */
void wqc_name_format(char buffer[WQC_NAME_SIZE], const void *address)
{
	snprintf(buffer, WQC_NAME_SIZE, "%ps", address);
	wqc_name_hide_addresses(buffer);
}

/**
 * wqc_blocker_note_runner - record a routine that runs
 * @blocker: receives it
 * @queue: the runner's; its lock is held
 * @runner: runs a routine
 *
 * Context: any.
 */
void wqc_blocker_note_runner(struct wqc_blocker *blocker, struct wqc_queue *queue,
			     const struct wqc_runner *runner)
{
	lockdep_assert_held(&queue->lock);
	wqc_name_format(blocker->name, runner->call.routine);
	blocker->class = queue->pool->name;
	blocker->cpu = queue->cpu;
	blocker->pid = runner->task->pid;
	blocker->since = runner->since;
}

/**
 * wqc_blocker_note_item - record an item that waits for a runner
 * @blocker: receives its routine
 * @queue: has the item; its lock is held
 * @item: the item
 *
 * Context: any.
 */
void wqc_blocker_note_item(struct wqc_blocker *blocker, struct wqc_queue *queue,
			   const WORK_QUEUE_ITEM *item)
{
	lockdep_assert_held(&queue->lock);
	wqc_name_format(blocker->name, READ_ONCE(item->WorkerRoutine));
	blocker->class = queue->pool->name;
	blocker->cpu = queue->cpu;
	blocker->pid = 0;
}

/**
 * wqc_blocker_warn - log the routine for which a caller waits
 * @blocker: the recorded routine, or none
 * @who: names the waiting caller
 *
 * Context: any.
 * Return: true if a routine was recorded.
 */
bool wqc_blocker_warn(const struct wqc_blocker *blocker, const char *who)
{
	if (!blocker->name[0])
		return false;
	if (blocker->pid)
		pr_warn("wq_compat: %s waits for routine %s, running for %u ms in pid %d, class %s, CPU %d\n",
			who, blocker->name, jiffies_to_msecs(jiffies - blocker->since),
			blocker->pid, blocker->class, blocker->cpu);
	else
		pr_warn("wq_compat: %s waits for routine %s, queued, class %s, CPU %d\n",
			who, blocker->name, blocker->class, blocker->cpu);
	return true;
}
