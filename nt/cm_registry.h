/* SPDX-License-Identifier: GPL-2.0 */
/* The tree of registry keys: see cm_registry.c. */
#ifndef NTC_CM_REGISTRY_H
#define NTC_CM_REGISTRY_H

#include <linux/list.h>
#include <linux/refcount.h>

#include "nt.h"

#define NTC_MAX_KEY_NAME	255		/* characters */
#define NTC_MAX_VALUE_NAME	16383		/* characters */
#define NTC_MAX_VALUE_SIZE	(1024 * 1024)	/* bytes */
#define NTC_MAX_KEY_DEPTH	512

/* M: under the lock of the tree. I: set at creation. */
struct ntc_key {
	refcount_t refs;		/* of handles, and one of the tree */
	struct ntc_key *parent;		/* M: NULL: deleted, or \Registry */
	struct list_head link;		/* M: among the parent's subkeys */
	struct list_head subkeys;	/* M: in the order of their names */
	struct list_head values;	/* M: in the order of their creation */
	UNICODE_STRING name;		/* I */
	UNICODE_STRING class;		/* I */
	LARGE_INTEGER written;		/* M: last change */
	bool permanent;			/* I: is not deleted */
};

struct ntc_value {
	struct list_head link;		/* M */
	UNICODE_STRING name;		/* I */
	ULONG type;			/* M */
	ULONG size;			/* M: of @data */
	void *data;			/* M */
};

enum ntc_key_create {
	NTC_KEY_OPEN,
	NTC_KEY_CREATE,			/* the last component */
	NTC_KEY_CREATE_ALL,		/* each component */
};

void ntc_registry_lock(void);
void ntc_registry_unlock(void);

void ntc_key_get(struct ntc_key *key);
void ntc_key_put(struct ntc_key *key);
bool ntc_key_is_deleted(const struct ntc_key *key);
NTSTATUS ntc_key_find(struct ntc_key *from, UNICODE_STRING path, enum ntc_key_create create,
		      PCUNICODE_STRING class, struct ntc_key **key, bool *created);
NTSTATUS ntc_key_delete(struct ntc_key *key);
struct ntc_key *ntc_key_at(struct ntc_key *key, ULONG index);
size_t ntc_key_path(const struct ntc_key *key, WCHAR *path);

struct ntc_key *ntc_key_walk(struct ntc_key *key);

bool ntc_path_next(UNICODE_STRING *path, UNICODE_STRING *name);
bool ntc_text_is_valid(PCUNICODE_STRING name);
bool ntc_key_name_is_valid(PCUNICODE_STRING name);
bool ntc_value_name_is_valid(PCUNICODE_STRING name);
struct ntc_value *ntc_value_find(struct ntc_key *key, PCUNICODE_STRING name);
struct ntc_value *ntc_value_at(struct ntc_key *key, ULONG index);
NTSTATUS ntc_value_set(struct ntc_key *key, PCUNICODE_STRING name, ULONG type, const void *data,
		       size_t size);
NTSTATUS ntc_value_delete(struct ntc_key *key, PCUNICODE_STRING name);

int ntc_registry_init(void);
void ntc_registry_exit(void);

void ntc_registry_file_init(void);
void ntc_registry_file_exit(void);

#endif /* NTC_CM_REGISTRY_H */
