/* SPDX-License-Identifier: GPL-2.0 */
/* Trace functions, as the preprocessor of WPP reads them. */
#define WPP_CONTROL_GUIDS						\
	WPP_DEFINE_CONTROL_GUID(Msvc, (01234567, 89ab, cdef, 0123, 456789abcdef),	\
				WPP_DEFINE_BIT(DBG_INIT))
#define TRACE_LEVEL_VERBOSE	5

// begin_wpp config
// FUNC TraceEvents(LEVEL, FLAGS, MSG, ...);
// FUNC Trace{FLAG=DBG_INIT}(MSG, ...);
// end_wpp
