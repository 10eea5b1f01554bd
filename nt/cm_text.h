/* SPDX-License-Identifier: GPL-2.0 */
/* The text form of registry keys: see cm_text.c. */
#ifndef NTC_CM_TEXT_H
#define NTC_CM_TEXT_H

#include "../wq_types.h"

/* What a text says. Each function returns what is wrong, or NULL. */
struct ntc_text_sink {
	/* The key of the values that follow; or a key that is deleted, with all below it. */
	const char *(*key)(void *arg, PCUNICODE_STRING path, bool remove);
	const char *(*value)(void *arg, PCUNICODE_STRING name, ULONG type, const void *data,
			     size_t size);
	const char *(*remove)(void *arg, PCUNICODE_STRING name);
};

/* The state of a text between two pieces of it. All zero at the beginning. */
struct ntc_text {
	unsigned int line;	/* lines that are read */
	bool has_key;		/* values have a key */
};

const char *ntc_text_parse(struct ntc_text *text, const char *from, size_t size,
			   const struct ntc_text_sink *sink, void *arg);
size_t ntc_text_whole(const char *from, size_t size);
size_t ntc_text_utf8(char *to, const WCHAR *from, size_t n);

#endif /* NTC_CM_TEXT_H */
