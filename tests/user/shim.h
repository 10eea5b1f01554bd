/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel interfaces that the code under test uses, for user space: scripts/formats.sh makes
 * each <linux/...> that it includes an #include of this file.
 */
#ifndef WQC_TEST_SHIM_H
#define WQC_TEST_SHIM_H

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

#define CONFIG_X86_64	1	/* the code under test does not differ between kernels */

typedef unsigned char u8;
typedef unsigned short u16;
typedef short s16;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;
typedef long long s64;

#define BITS_PER_LONG		(8 * (int)sizeof(long))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define EXPORT_SYMBOL_GPL(s)	extern int exported_##s

#define min_t(type, x, y)						\
	({								\
		type x_ = (x), y_ = (y);				\
									\
		x_ < y_ ? x_ : y_;					\
	})
#define max_t(type, x, y)						\
	({								\
		type x_ = (x), y_ = (y);				\
									\
		x_ > y_ ? x_ : y_;					\
	})
/* Both arguments have one type, as in the kernel. */
#define min(x, y)	({ (void)(&(typeof(x)){0} == &(typeof(y)){0}); min_t(typeof(x), x, y); })
#define max(x, y)	({ (void)(&(typeof(x)){0} == &(typeof(y)){0}); max_t(typeof(x), x, y); })

#define GFP_KERNEL			0
#define kvmalloc(size, flags)		malloc(size)
#define kvmalloc_array(n, size, flags)	malloc((n) * (size))
#define kvfree(p)			free(p)

/* The kernel's %p prints a hash; this one is for tests only. */
#define TEST_HASH(p)	((unsigned long)(p) * 0x9e3779b97f4a7c15UL >> 8)

static inline int scnprintf(char *text, size_t size, const char *format, const void *pointer)
{
	assert(!strcmp(format, "%p"));
	return snprintf(text, size, "%016lx", TEST_HASH(pointer));
}

#endif /* WQC_TEST_SHIM_H */
