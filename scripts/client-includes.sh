#!/bin/sh
# usage: scripts/client-includes.sh SHADOW SRC "DIR..." SOURCE...     (from client.mk)
#
# Windows finds "..\inc\Public.h" as inc/public.h; a compiler on Linux does not. Follows the
# includes of each SOURCE (relative to SRC). For a name with backslashes or in another case, and for
# a header that lies beside a file that includes the including one, it makes a file with exactly that
# name in SHADOW that includes the right one, and one with slashes, because clang converts
# backslashes. SHADOW is several directories deep, so that "../.." does not lead out of it.
#
# A trace header (.tmh) that WPP would have made: it is made in SHADOW, and has the trace functions
# of the comments "begin_wpp config" as macros that do nothing.
#
# A source whose files contain what no macro can express (a suffix as in 10ui64, __leave) is
# compiled from copies of these files, in SHADOW/copies, in which it is rewritten.
#
# Prints, for client.mk, "header:SOURCE:PATH" for the source and each header of the driver,
# "linux:SOURCE" for a source that includes headers of Linux, "copy:SOURCE:PATH" for one that is
# compiled from PATH, "unusable:SOURCE:HEADER" for a header whose calls are not here, and
# "leaves:SOURCE:FILE:LINE:WORD" where a "return" or another jump leaves a __try with a __finally.

shadow=$1 src=$2 dirs=$3
shift 3
own=$(cd "$(dirname "$0")/.." && pwd)/include/
mkdir -p "$shadow" || exit 1
exec awk -v own="$own" -v shadow="$shadow" -v src="$src" -v dirs="$dirs" \
	-f "$(dirname "$0")/client-leaves.awk" -f "$(dirname "$0")/client-includes.awk" "$@"
