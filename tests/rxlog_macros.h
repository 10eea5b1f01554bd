/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included once by each of rxlog_debug.c, rxlog_retail.c and rxlog_none.c, which
 * define RDBSSLOG and DBG as such a build does, and RXLOG_BUILD, a name.
 */
#include "rxlog_build.h"

unsigned int RXLOG_BUILD(void)
{
	unsigned int evaluated = 0;

	RxLog(("debug %ld", ++evaluated));
	if (evaluated)
		RxLog(("in a branch"));
	else
		evaluated += 0;
	RxLogRetail(("retail %ld", evaluated += 2));
	RxPauseLog();
	_RxLog("paused %ld", evaluated);
	RxResumeLog();
	return evaluated;
}
