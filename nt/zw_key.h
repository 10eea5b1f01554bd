/* SPDX-License-Identifier: GPL-2.0 */
/* Registry keys by handles: see zw_key.c; their values: zw_value_key.c. */
#ifndef NTC_ZW_KEY_H
#define NTC_ZW_KEY_H

#include "cm_registry.h"

/*
 * What a query returns: a fixed part, a name behind it, and what stands at @more. Sizes and offsets
 * are in bytes.
 */
struct ntc_info {
	union {
		KEY_BASIC_INFORMATION key_basic;
		KEY_NODE_INFORMATION key_node;
		KEY_FULL_INFORMATION key_full;
		KEY_NAME_INFORMATION key_name;
		KEY_VALUE_BASIC_INFORMATION basic;
		KEY_VALUE_FULL_INFORMATION full;
		KEY_VALUE_PARTIAL_INFORMATION partial;
		KEY_VALUE_PARTIAL_INFORMATION_ALIGN64 partial64;
	};
	size_t fixed;
	const void *name;
	size_t name_size;
	size_t more;
	const void *data;
	size_t data_size;
};

NTSTATUS ntc_key_begin(const char *call, void *caller, HANDLE handle, struct ntc_key **key);
void ntc_key_end(struct ntc_key *key);

NTSTATUS ntc_info_copy(const struct ntc_info *info, void *to, ULONG room, PULONG needed);
void ntc_info_name(struct ntc_info *info, size_t fixed, PCUNICODE_STRING name);
ULONG ntc_info_data(struct ntc_info *info, size_t at, const void *data, size_t size);

#endif /* NTC_ZW_KEY_H */
