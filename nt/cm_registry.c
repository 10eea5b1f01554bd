// SPDX-License-Identifier: GPL-2.0
/*
 * The registry: a tree of keys and values in memory, which lives as long as nt-compat is loaded.
 *
 * One mutex protects the tree. A key has a reference for each handle, and one of the tree while it
 * is not deleted. Use-after-free: a key that is deleted leaves the tree, but its memory stays for
 * its handles, whose calls see that it has no parent and return STATUS_KEY_DELETED. Only a key
 * without subkeys is deleted, so each key of the tree has a parent in the tree.
 *
 * "\Registry\Machine\System\ControlSet001" is another name of the key CurrentControlSet there.
 *
 * Names are compared without regard to case, and kept as they were written. Control characters and
 * halves of surrogate pairs are refused: the text form (cm_file.c) could not express them.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "cm_registry.h"

static DEFINE_MUTEX(ntc_registry_mutex);

static struct ntc_key ntc_registry_root = {
	.refs = REFCOUNT_INIT(1),
	.link = LIST_HEAD_INIT(ntc_registry_root.link),
	.subkeys = LIST_HEAD_INIT(ntc_registry_root.subkeys),
	.values = LIST_HEAD_INIT(ntc_registry_root.values),
	.name = RTL_CONSTANT_STRING(L"Registry"),
	.permanent = true,
};

/* Keys that exist from the start. Those of Windows that RtlQueryRegistryValues() refers to. */
static const WCHAR *const ntc_registry_keys[] = {
	L"\\Registry\\Machine\\System\\CurrentControlSet\\Control",
	L"\\Registry\\Machine\\System\\CurrentControlSet\\Services",
	L"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion",
	L"\\Registry\\Machine\\Hardware\\DeviceMap",
	L"\\Registry\\User\\.Default",
};

/* The key with two names, and the other one. */
static struct ntc_key *ntc_control_set;
static const UNICODE_STRING ntc_control_set_1 = RTL_CONSTANT_STRING(L"ControlSet001");

void ntc_registry_lock(void)
{
	mutex_lock(&ntc_registry_mutex);
}

void ntc_registry_unlock(void)
{
	mutex_unlock(&ntc_registry_mutex);
}

/* ---- names ------------------------------------------------------------------- */

/* Whether the text form can express a text. */
bool ntc_text_is_valid(PCUNICODE_STRING name)
{
	size_t i, n = name->Length / sizeof(WCHAR);
	WCHAR c;

	if (name->Length % sizeof(WCHAR))
		return false;
	for (i = 0; i < n; i++) {
		c = name->Buffer[i];
		if (c < ' ' || (c >= 0xdc00 && c <= 0xdfff))
			return false;
		if (c < 0xd800 || c > 0xdbff)
			continue;
		/* The first half of a pair: the second half has to follow. */
		if (++i == n || name->Buffer[i] < 0xdc00 || name->Buffer[i] > 0xdfff)
			return false;
	}
	return true;
}

bool ntc_key_name_is_valid(PCUNICODE_STRING name)
{
	return name->Length && name->Length <= NTC_MAX_KEY_NAME * sizeof(WCHAR) &&
	       ntc_text_is_valid(name);
}

/* The empty name is that of a key's default value. */
bool ntc_value_name_is_valid(PCUNICODE_STRING name)
{
	return name->Length <= NTC_MAX_VALUE_NAME * sizeof(WCHAR) && ntc_text_is_valid(name);
}

/* Takes the first component off a path. False: there is none. */
bool ntc_path_next(UNICODE_STRING *path, UNICODE_STRING *name)
{
	size_t n = path->Length / sizeof(WCHAR), from = 0, to;

	while (from < n && path->Buffer[from] == '\\')
		from++;
	for (to = from; to < n && path->Buffer[to] != '\\'; to++)
		;
	*name = (UNICODE_STRING){ (to - from) * sizeof(WCHAR), (to - from) * sizeof(WCHAR),
				  path->Buffer + from };
	*path = (UNICODE_STRING){ (n - to) * sizeof(WCHAR), (n - to) * sizeof(WCHAR),
				  path->Buffer + to };
	return to > from;
}

/* ---- keys -------------------------------------------------------------------- */

void ntc_key_get(struct ntc_key *key)
{
	refcount_inc(&key->refs);
}

static void ntc_value_free(struct ntc_value *value)
{
	list_del(&value->link);
	kvfree(value->data);
	kfree(value);
}

/* Drops a reference. The last one is after the deletion: nothing else refers to the key. */
void ntc_key_put(struct ntc_key *key)
{
	struct ntc_value *value, *next;

	if (!refcount_dec_and_test(&key->refs))
		return;
	list_for_each_entry_safe(value, next, &key->values, link)
		ntc_value_free(value);
	kfree(key);
}

bool ntc_key_is_deleted(const struct ntc_key *key)
{
	lockdep_assert_held(&ntc_registry_mutex);
	return !key->parent && key != &ntc_registry_root;
}

static void ntc_key_touch(struct ntc_key *key)
{
	KeQuerySystemTime(&key->written);
}

static size_t ntc_key_depth(const struct ntc_key *key)
{
	size_t depth = 0;

	for (; key; key = key->parent)
		depth++;
	return depth;
}

static struct ntc_key *ntc_key_child(struct ntc_key *key, PCUNICODE_STRING name)
{
	struct ntc_key *child;

	list_for_each_entry(child, &key->subkeys, link)
		if (RtlEqualUnicodeString(&child->name, name, TRUE))
			return child;
	if (ntc_control_set && key == ntc_control_set->parent &&
	    RtlEqualUnicodeString(&ntc_control_set_1, name, TRUE))
		return ntc_control_set;
	return NULL;
}

/* The memory of the names follows the structure. */
static NTSTATUS ntc_key_new(struct ntc_key *parent, PCUNICODE_STRING name,
			    PCUNICODE_STRING class, struct ntc_key **key)
{
	USHORT class_length = class ? class->Length : 0;
	struct ntc_key *new, *at;

	if (!ntc_key_name_is_valid(name) || ntc_key_depth(parent) >= NTC_MAX_KEY_DEPTH)
		return STATUS_INVALID_PARAMETER;
	new = kzalloc(sizeof(*new) + name->Length + class_length, GFP_KERNEL);
	if (!new)
		return STATUS_INSUFFICIENT_RESOURCES;
	refcount_set(&new->refs, 1);
	INIT_LIST_HEAD(&new->subkeys);
	INIT_LIST_HEAD(&new->values);
	new->name = (UNICODE_STRING){ name->Length, name->Length, (PWSTR)(new + 1) };
	memcpy(new->name.Buffer, name->Buffer, name->Length);
	new->class = (UNICODE_STRING){ class_length, class_length,
				       new->name.Buffer + name->Length / sizeof(WCHAR) };
	if (class_length)
		memcpy(new->class.Buffer, class->Buffer, class_length);
	new->parent = parent;
	list_for_each_entry(at, &parent->subkeys, link)
		if (RtlCompareUnicodeString(&at->name, name, TRUE) > 0)
			break;
	list_add_tail(&new->link, &at->link);
	ntc_key_touch(new);
	ntc_key_touch(parent);
	*key = new;
	return STATUS_SUCCESS;
}

/**
 * ntc_key_find - look a key up, or create it
 * @from: the key that @path begins at; NULL: @path begins with "\Registry"
 * @path: names and backslashes; empty: @from itself
 * @create: which components are created if they are absent
 * @class: the class of a key that is created; or NULL
 * @key: receives the key, referenced
 * @created: receives whether it was created; or NULL
 *
 * Context: process, under ntc_registry_lock().
 * Return: STATUS_SUCCESS; STATUS_OBJECT_NAME_NOT_FOUND; STATUS_OBJECT_PATH_SYNTAX_BAD for a
 * backslash at the beginning of a relative path, or none at that of an absolute one;
 * STATUS_OBJECT_NAME_INVALID for an odd length; STATUS_KEY_DELETED for @from;
 * STATUS_INVALID_PARAMETER for a new key whose name is too long or whose depth is too great;
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS ntc_key_find(struct ntc_key *from, UNICODE_STRING path, enum ntc_key_create create,
		      PCUNICODE_STRING class, struct ntc_key **key, bool *created)
{
	struct ntc_key *at = from ?: &ntc_registry_root, *child;
	UNICODE_STRING name, rest;
	NTSTATUS status;

	lockdep_assert_held(&ntc_registry_mutex);
	if (created)
		*created = false;
	if (path.Length % sizeof(WCHAR))
		return STATUS_OBJECT_NAME_INVALID;
	if (!from != (path.Length && path.Buffer[0] == '\\'))
		return STATUS_OBJECT_PATH_SYNTAX_BAD;
	if (ntc_key_is_deleted(at))
		return STATUS_KEY_DELETED;
	if (!from && (!ntc_path_next(&path, &name) ||
		      !RtlEqualUnicodeString(&name, &ntc_registry_root.name, TRUE)))
		return STATUS_OBJECT_NAME_NOT_FOUND;
	while (ntc_path_next(&path, &name)) {
		child = ntc_key_child(at, &name);
		rest = path;
		if (!child) {
			bool last = !ntc_path_next(&rest, &(UNICODE_STRING){});

			if (create == NTC_KEY_OPEN || (create == NTC_KEY_CREATE && !last))
				return STATUS_OBJECT_NAME_NOT_FOUND;
			status = ntc_key_new(at, &name, last ? class : NULL, &child);
			if (status)
				return status;
			if (created)
				*created = true;
		}
		at = child;
	}
	ntc_key_get(at);
	*key = at;
	return STATUS_SUCCESS;
}

/**
 * ntc_key_delete - remove a key from the tree
 * @key: the key, referenced by the caller
 *
 * Context: process, under ntc_registry_lock().
 * Return: STATUS_SUCCESS; STATUS_KEY_DELETED; STATUS_CANNOT_DELETE for a key that has subkeys or
 * exists from the start.
 */
NTSTATUS ntc_key_delete(struct ntc_key *key)
{
	if (ntc_key_is_deleted(key))
		return STATUS_KEY_DELETED;
	if (key->permanent || !list_empty(&key->subkeys))
		return STATUS_CANNOT_DELETE;
	ntc_key_touch(key->parent);
	list_del(&key->link);
	key->parent = NULL;
	ntc_key_put(key);
	return STATUS_SUCCESS;
}

/* A subkey by its index; NULL: the index is behind the last one. */
struct ntc_key *ntc_key_at(struct ntc_key *key, ULONG index)
{
	struct ntc_key *child;

	lockdep_assert_held(&ntc_registry_mutex);
	list_for_each_entry(child, &key->subkeys, link)
		if (!index--)
			return child;
	return NULL;
}

/* The key behind another one in a walk of the tree, from its root on; NULL: there is none. */
struct ntc_key *ntc_key_walk(struct ntc_key *key)
{
	lockdep_assert_held(&ntc_registry_mutex);
	if (!key)
		return &ntc_registry_root;
	if (!list_empty(&key->subkeys))
		return list_first_entry(&key->subkeys, struct ntc_key, link);
	while (key->parent && list_is_last(&key->link, &key->parent->subkeys))
		key = key->parent;
	return key->parent ? list_next_entry(key, link) : NULL;
}

/* The length of a key's path in bytes. The path itself is written to @path, if that is not NULL. */
size_t ntc_key_path(const struct ntc_key *key, WCHAR *path)
{
	const struct ntc_key *at;
	size_t length = 0, end;

	lockdep_assert_held(&ntc_registry_mutex);
	for (at = key; at; at = at->parent)
		length += sizeof(WCHAR) + at->name.Length;
	end = length / sizeof(WCHAR);
	for (at = key; path && at; at = at->parent) {
		end -= at->name.Length / sizeof(WCHAR);
		memcpy(path + end, at->name.Buffer, at->name.Length);
		path[--end] = '\\';
	}
	return length;
}

/* ---- values ------------------------------------------------------------------ */

struct ntc_value *ntc_value_find(struct ntc_key *key, PCUNICODE_STRING name)
{
	struct ntc_value *value;

	lockdep_assert_held(&ntc_registry_mutex);
	list_for_each_entry(value, &key->values, link)
		if (RtlEqualUnicodeString(&value->name, name, TRUE))
			return value;
	return NULL;
}

/* A value by its index; NULL: the index is behind the last one. */
struct ntc_value *ntc_value_at(struct ntc_key *key, ULONG index)
{
	struct ntc_value *value;

	lockdep_assert_held(&ntc_registry_mutex);
	list_for_each_entry(value, &key->values, link)
		if (!index--)
			return value;
	return NULL;
}

static struct ntc_value *ntc_value_new(struct ntc_key *key, PCUNICODE_STRING name)
{
	struct ntc_value *value = kzalloc(sizeof(*value) + name->Length, GFP_KERNEL);

	if (!value)
		return NULL;
	value->name = (UNICODE_STRING){ name->Length, name->Length, (PWSTR)(value + 1) };
	memcpy(value->name.Buffer, name->Buffer, name->Length);
	list_add_tail(&value->link, &key->values);
	return value;
}

/**
 * ntc_value_set - create a value, or replace its type and data
 * @key: its key
 * @name: its name; a value that exists keeps its own spelling and its index
 * @type: REG_...; any number
 * @data: copied
 * @size: of @data
 *
 * Context: process, under ntc_registry_lock().
 * Return: STATUS_SUCCESS; STATUS_KEY_DELETED; STATUS_INVALID_PARAMETER for the name;
 * STATUS_INSUFFICIENT_RESOURCES, also for more than 1 MB.
 */
NTSTATUS ntc_value_set(struct ntc_key *key, PCUNICODE_STRING name, ULONG type, const void *data,
		       size_t size)
{
	struct ntc_value *value;
	void *copy = NULL;

	if (ntc_key_is_deleted(key))
		return STATUS_KEY_DELETED;
	if (!ntc_value_name_is_valid(name))
		return STATUS_INVALID_PARAMETER;
	if (size > NTC_MAX_VALUE_SIZE)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (size) {
		copy = kvmalloc(size, GFP_KERNEL);
		if (!copy)
			return STATUS_INSUFFICIENT_RESOURCES;
		memcpy(copy, data, size);
	}
	value = ntc_value_find(key, name) ?: ntc_value_new(key, name);
	if (!value) {
		kvfree(copy);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	kvfree(value->data);
	value->data = copy;
	value->size = size;
	value->type = type;
	ntc_key_touch(key);
	return STATUS_SUCCESS;
}

/* STATUS_SUCCESS; STATUS_KEY_DELETED; STATUS_OBJECT_NAME_NOT_FOUND. */
NTSTATUS ntc_value_delete(struct ntc_key *key, PCUNICODE_STRING name)
{
	struct ntc_value *value;

	if (ntc_key_is_deleted(key))
		return STATUS_KEY_DELETED;
	value = ntc_value_find(key, name);
	if (!value)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	ntc_value_free(value);
	ntc_key_touch(key);
	return STATUS_SUCCESS;
}

/* ---- the keys that are there -------------------------------------------------- */

/* A driver is loaded: its key is there when DriverEntry opens it. False: no memory. */
static bool ntc_registry_driver_enters(PCUNICODE_STRING path)
{
	struct ntc_key *key;
	NTSTATUS status;

	ntc_registry_lock();
	status = ntc_key_find(NULL, *path, NTC_KEY_CREATE_ALL, NULL, &key, NULL);
	ntc_registry_unlock();
	if (NT_SUCCESS(status))
		ntc_key_put(key);
	/* A path that is not in "\Registry" has no key. */
	return status != STATUS_INSUFFICIENT_RESOURCES;
}

/* Frees a key whose subkeys are freed already, whatever refers to it. */
static void ntc_key_free(struct ntc_key *key)
{
	list_del(&key->link);
	refcount_set(&key->refs, 1);
	ntc_key_put(key);
}

/* Frees the tree. No recursion: the deepest key first. */
static void ntc_registry_free(void)
{
	struct ntc_key *at = &ntc_registry_root, *parent;

	ntc_registry_lock();
	for (;;) {
		while (!list_empty(&at->subkeys))
			at = list_first_entry(&at->subkeys, struct ntc_key, link);
		parent = at->parent;
		if (!parent)
			break;
		ntc_key_free(at);
		at = parent;
	}
	ntc_control_set = NULL;
	while (!list_empty(&at->values))
		ntc_value_free(list_first_entry(&at->values, struct ntc_value, link));
	ntc_registry_unlock();
}

static bool ntc_registry_add(PCWSTR path)
{
	struct ntc_key *key, *at;
	UNICODE_STRING name;
	NTSTATUS status;

	RtlInitUnicodeString(&name, path);
	ntc_registry_lock();
	status = ntc_key_find(NULL, name, NTC_KEY_CREATE_ALL, NULL, &key, NULL);
	for (at = status ? NULL : key; at; at = at->parent)
		at->permanent = true;
	if (!status && !ntc_control_set)
		ntc_control_set = key->parent;
	ntc_registry_unlock();
	if (!status)
		ntc_key_put(key);
	return !status;
}

int ntc_registry_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ntc_registry_keys); i++) {
		if (!ntc_registry_add(ntc_registry_keys[i])) {
			ntc_registry_free();
			return -ENOMEM;
		}
	}
	wqc_set_enter(ntc_registry_driver_enters);
	return 0;
}

/* No driver is loaded, and all handles are closed. */
void ntc_registry_exit(void)
{
	wqc_set_enter(NULL);
	ntc_registry_free();
}
