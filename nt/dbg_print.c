// SPDX-License-Identifier: GPL-2.0
/* DbgPrint: into the kernel's log. Assertions that fail, and break points. */
#include <linux/export.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "../lib/format.h"
#include "nt.h"

#define NTC_DBG_TEXT	512	/* what Windows prints of a call */

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
 * Each line of a call is a record of the log. A text without a newline would be shown only when
 * something else is printed: the kernel keeps it open for a continuation, so the last words of
 * a driver before a machine hangs would be lost. What is shown is closed, so the next piece
 * of such a line is a line of its own. Empty lines are left out: most are ends of such pieces.
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
 * DbgPrint - print into the kernel's log, at its level "info"
 * @Format: of Windows: see wqc_nt_format(). Up to 511 characters are printed, at once, each
 *	line of them as one of the log, also if it does not end
 *
 * Context: IRQL <= DIRQL, <= PASSIVE_LEVEL with UTF-16; here any.
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
 * DbgPrintEx - print into the kernel's log
 * @ComponentId: not used
 * @Level: DPFLTR_ERROR_LEVEL and _WARNING_ are such levels of the log; whatever
 *	else is information. All are printed: there is no filter
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
 * ntc_place_reached - an assertion fails, or a break point is reached
 * @place: where
 * @text: the assertion, as the driver wrote it; NULL: it is a break point
 * @message: what the driver has to say to that, or NULL; of a break point, its name
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
