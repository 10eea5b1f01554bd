// SPDX-License-Identifier: GPL-2.0
/* DbgPrint(), failed assertions and break points, in the kernel log. */
#include <linux/export.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "../lib/format.h"
#include "nt.h"

#define NTC_DBG_TEXT	512	/* bytes: the limit of one call on Windows */

static void ntc_dbg_print_line(ULONG level, const char *line)
{
	switch (level) {
	case DPFLTR_ERROR_LEVEL:
		pr_err("%s\n", line);
		break;
	case DPFLTR_WARNING_LEVEL:
		pr_warn("%s\n", line);
		break;
	default:
		pr_info("%s\n", line);
		break;
	}
}

/*
 * Each line of a call becomes a record of the log. A text without a newline would stay open for a
 * continuation (KERN_CONT) and not be shown before the next record: the last words of a driver
 * before a crash would be lost. So each piece is ended, and the next piece is a line of its own.
 * Empty lines are dropped: most are the ends of such pieces.
 */
static ULONG ntc_dbg_print(ULONG level, PCSTR format, va_list args)
{
	char text[NTC_DBG_TEXT], *rest = text, *line;

	wqc_nt_format(text, sizeof(text), format, args);
	while ((line = strsep(&rest, "\r\n")))
		if (*line)
			ntc_dbg_print_line(level, line);
	return STATUS_SUCCESS;
}

/**
 * DbgPrint - print to the kernel log at level "info"
 * @Format: a format of Windows, see wqc_nt_format(). Up to 511 bytes are printed, at once,
 *	each line as a record of the log, with or without a newline at its end
 *
 * Context: IRQL <= DIRQL, PASSIVE_LEVEL for UTF-16; here any context.
 * Return: STATUS_SUCCESS.
 *
 * Follows: DDI wdm/nf-wdm-dbgprint.
 */
ULONG DbgPrint(PCSTR Format, ...)
{
	va_list args;
	ULONG status;

	va_start(args, Format);
	status = ntc_dbg_print(DPFLTR_INFO_LEVEL, Format, args);
	va_end(args);
	return status;
}
EXPORT_SYMBOL_GPL(DbgPrint);

/**
 * DbgPrintEx - print to the kernel log at a level
 * @ComponentId: not used
 * @Level: DPFLTR_ERROR_LEVEL: "err"; DPFLTR_WARNING_LEVEL: "warning"; others: "info".
 *	There is no filter: all levels are printed
 * @Format: as for DbgPrint()
 *
 * Context: as DbgPrint().
 * Return: STATUS_SUCCESS.
 *
 * Follows: DDI wdm/nf-wdm-dbgprintex.
 */
ULONG DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...)
{
	va_list args;
	ULONG status;

	va_start(args, Format);
	status = ntc_dbg_print(Level, Format, args);
	va_end(args);
	return status;
}
EXPORT_SYMBOL_GPL(DbgPrintEx);

/**
 * ntc_place_reached - report a failed assertion, or a break point
 * @place: where; the first time is reported, later ones are counted
 * @text: the assertion as the driver wrote it; NULL: a break point
 * @message: message of the driver, or NULL; for a break point its name
 *
 * Context: any.
 */
VOID ntc_place_reached(struct ntc_place *place, const char *text, const char *message)
{
	enum wqc_report_id id = text ? WQC_R_ASSERTION : WQC_R_BREAK_POINT;

	if (atomic_fetch_inc(&place->times))
		wqc_report_again(id);
	else
		wqc_report(id, "%s: %s:%d, %s: %s%s%s", place->module, kbasename(place->file),
			   place->line, place->function, text ?: "", text && message ? ": " : "",
			   message ?: "");
}
EXPORT_SYMBOL_GPL(ntc_place_reached);
