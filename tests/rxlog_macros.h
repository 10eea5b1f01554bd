/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included once by each of rxlog_debug.c, rxlog_retail.c and rxlog_none.c. Each defines RDBSSLOG
 * and DBG as a build of that kind, and RXLOG_BUILD, the name of the function.
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
