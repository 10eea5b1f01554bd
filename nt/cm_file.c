// SPDX-License-Identifier: GPL-2.0
/*
 * The file registry in debugfs: the administrator's side of the registry.
 *
 * A write is parsed twice under the lock of the tree, first without a change, then to apply it: of
 * a write with a bad line nothing is applied, and no driver sees half of one. A line that is not
 * whole waits for the next write, or for the end.
 */
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "cm_registry.h"
#include "cm_text.h"

#define NTC_MAX_TEXT	(8 * 1024 * 1024)	/* bytes: of a write, and of a line */
#define NTC_LINE_BYTES	24			/* of hexadecimal data */

static struct dentry *ntc_registry_file;

/* ---- write ----------------------------------------------------------------------- */

/* An open file. */
struct ntc_writer {
	struct mutex mutex;	/* protects all */
	struct ntc_text text;
	struct ntc_key *key;	/* of the values that follow, referenced; or NULL */
	char *rest;		/* the beginning of a line */
	size_t size;
	bool broken;		/* a line was bad: the rest of the text is refused */
};

static const char *ntc_check_key(void *arg, PCUNICODE_STRING path, bool remove)
{
	UNICODE_STRING name, rest = *path;
	struct ntc_key *key;
	bool permanent;
	int depth = 0;

	if (remove) {
		if (ntc_key_find(NULL, *path, NTC_KEY_OPEN, NULL, &key, NULL))
			return NULL;
		permanent = key->permanent;
		ntc_key_put(key);
		return permanent ? "a key that is always there" : NULL;
	}
	while (ntc_path_next(&rest, &name)) {
		if (!ntc_key_name_is_valid(&name))
			return "a name of a key that is too long";
		if (++depth > NTC_MAX_KEY_DEPTH)
			return "a key that is too deep";
	}
	return NULL;
}

static const char *ntc_check_value(void *arg, PCUNICODE_STRING name, ULONG type, const void *data,
				   size_t size)
{
	return size > NTC_MAX_VALUE_SIZE ? "a value of more than 1 MB" : NULL;
}

static const char *ntc_check_remove(void *arg, PCUNICODE_STRING name)
{
	return NULL;
}

static const struct ntc_text_sink ntc_check = {
	.key = ntc_check_key,
	.value = ntc_check_value,
	.remove = ntc_check_remove,
};

/* Deletes a key and all below it, the deepest first. */
static void ntc_delete_tree(struct ntc_key *key)
{
	struct ntc_key *at = key, *parent;

	for (;;) {
		while (!list_empty(&at->subkeys))
			at = list_first_entry(&at->subkeys, struct ntc_key, link);
		parent = at->parent;
		ntc_key_delete(at);
		if (at == key)
			return;
		at = parent;
	}
}

static const char *ntc_apply_key(void *arg, PCUNICODE_STRING path, bool remove)
{
	struct ntc_writer *writer = arg;
	struct ntc_key *key = NULL;
	NTSTATUS status;

	status = ntc_key_find(NULL, *path, remove ? NTC_KEY_OPEN : NTC_KEY_CREATE_ALL, NULL, &key,
			      NULL);
	if (!status && remove) {
		ntc_delete_tree(key);
		ntc_key_put(key);
		key = NULL;
	}
	if (writer->key)
		ntc_key_put(writer->key);
	writer->key = key;
	return status && !remove ? "no memory" : NULL;
}

static const char *ntc_apply_value(void *arg, PCUNICODE_STRING name, ULONG type, const void *data,
				   size_t size)
{
	struct ntc_writer *writer = arg;
	NTSTATUS status = ntc_value_set(writer->key, name, type, data, size);

	if (status == STATUS_KEY_DELETED)
		return "a value of a key that was deleted meanwhile";
	return status ? "no memory" : NULL;
}

static const char *ntc_apply_remove(void *arg, PCUNICODE_STRING name)
{
	struct ntc_writer *writer = arg;

	ntc_value_delete(writer->key, name);
	return NULL;
}

static const struct ntc_text_sink ntc_apply = {
	.key = ntc_apply_key,
	.value = ntc_apply_value,
	.remove = ntc_apply_remove,
};

/* Whole lines: checks all, then applies all. */
static int ntc_writer_lines(struct ntc_writer *writer, const char *from, size_t size)
{
	struct ntc_text checked = writer->text;
	unsigned int line;
	const char *wrong;

	ntc_registry_lock();
	wrong = ntc_text_parse(&checked, from, size, &ntc_check, writer);
	line = checked.line;
	if (!wrong) {
		wrong = ntc_text_parse(&writer->text, from, size, &ntc_apply, writer);
		line = writer->text.line;
	}
	ntc_registry_unlock();
	if (!wrong)
		return 0;
	writer->broken = true;
	pr_warn("wq_compat: registry, line %u: %s\n", line, wrong);
	return -EINVAL;
}

/* Appends a piece to the line that is not whole, and takes the lines that are. */
static int ntc_writer_piece(struct ntc_writer *writer, const char __user *from, size_t size)
{
	char *all = kvmalloc(writer->size + size, GFP_KERNEL);
	size_t whole;
	int err = 0;

	if (!all)
		return -ENOMEM;
	if (copy_from_user(all + writer->size, from, size)) {
		kvfree(all);
		return -EFAULT;
	}
	if (writer->size)
		memcpy(all, writer->rest, writer->size);
	size += writer->size;
	whole = ntc_text_whole(all, size);
	if (whole)
		err = ntc_writer_lines(writer, all, whole);
	kvfree(writer->rest);
	writer->rest = all;
	writer->size = size - whole;
	memmove(all, all + whole, writer->size);
	return err;
}

static struct ntc_writer *ntc_writer_of(struct file *file)
{
	return ((struct seq_file *)file->private_data)->private;
}

static ssize_t registry_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	struct ntc_writer *writer = ntc_writer_of(file);
	int err = -EINVAL;

	mutex_lock(&writer->mutex);
	if (!writer->broken)
		err = writer->size + size > NTC_MAX_TEXT ? -EFBIG :
		      ntc_writer_piece(writer, from, size);
	mutex_unlock(&writer->mutex);
	return err ?: size;
}

/* ---- read ------------------------------------------------------------------------ */

/* UTF-16 in quotation marks. */
static void ntc_show_quoted(struct seq_file *m, const WCHAR *text, size_t n)
{
	char utf8[4];
	size_t i, units;

	seq_putc(m, '"');
	for (i = 0; i < n; i += units) {
		units = text[i] >= 0xd800 && text[i] <= 0xdbff ? 2 : 1;
		if (text[i] == '"' || text[i] == '\\')
			seq_putc(m, '\\');
		seq_write(m, utf8, ntc_text_utf8(utf8, text + i, units));
	}
	seq_putc(m, '"');
}

static void ntc_show_hex(struct seq_file *m, const struct ntc_value *value)
{
	const unsigned char *data = value->data;
	ULONG i;

	if (value->type == REG_BINARY)
		seq_puts(m, "hex:");
	else
		seq_printf(m, "hex(%x):", value->type);
	for (i = 0; i < value->size; i++) {
		if (i)
			seq_puts(m, i % NTC_LINE_BYTES ? "," : ",\\\n  ");
		seq_printf(m, "%02x", data[i]);
	}
}

/* Whether a value is a string that has a form in quotation marks. */
static bool ntc_is_plain_text(const struct ntc_value *value)
{
	UNICODE_STRING text = { .Buffer = value->data };

	if (value->type != REG_SZ || value->size < sizeof(WCHAR) || value->size % sizeof(WCHAR) ||
	    value->size > UNICODE_STRING_MAX_BYTES ||
	    text.Buffer[value->size / sizeof(WCHAR) - 1])
		return false;
	text.Length = value->size - sizeof(WCHAR);
	return ntc_text_is_valid(&text);
}

static void ntc_show_value(struct seq_file *m, const struct ntc_value *value)
{
	u32 number;

	if (value->name.Length)
		ntc_show_quoted(m, value->name.Buffer, value->name.Length / sizeof(WCHAR));
	else
		seq_putc(m, '@');
	seq_putc(m, '=');
	if (ntc_is_plain_text(value)) {
		ntc_show_quoted(m, value->data, value->size / sizeof(WCHAR) - 1);
	} else if (value->type == REG_DWORD && value->size == sizeof(number)) {
		memcpy(&number, value->data, sizeof(number));
		seq_printf(m, "dword:%08x", number);
	} else {
		ntc_show_hex(m, value);
	}
	seq_putc(m, '\n');
}

/* @path has room for the path, and @utf8 for three bytes of each character. */
static void ntc_show_key(struct seq_file *m, struct ntc_key *key, WCHAR *path, char *utf8)
{
	static const char machine[] = "\\Registry\\Machine", user[] = "\\Registry\\User";
	size_t n = ntc_key_path(key, path) / sizeof(WCHAR);
	struct ntc_value *value;
	size_t size = ntc_text_utf8(utf8, path, n);

	if (size >= sizeof(machine) - 1 && !strncasecmp(utf8, machine, sizeof(machine) - 1))
		seq_puts(m, "\n[HKEY_LOCAL_MACHINE");
	else if (size >= sizeof(user) - 1 && !strncasecmp(utf8, user, sizeof(user) - 1))
		seq_puts(m, "\n[HKEY_USERS");
	else
		return;
	/* Behind "\Registry\" and the name of the root. */
	for (n = sizeof("\\Registry\\") - 1; n < size && utf8[n] != '\\'; n++)
		;
	seq_write(m, utf8 + n, size - n);
	seq_puts(m, "]\n");
	list_for_each_entry(value, &key->values, link)
		ntc_show_value(m, value);
}

/* Room for the longest path. */
#define NTC_MAX_PATH	(NTC_MAX_KEY_DEPTH * (NTC_MAX_KEY_NAME + 1))

/*
 * The registry of nt-compat, as a text that Windows' registry editor has for .reg files, in UTF-8.
 * Only root reads and writes it. A write creates keys, sets values and deletes them: "Name"=-
 * deletes a value, [-KEY] a key with all below it. Of a write with a bad line nothing is applied;
 * the kernel's log has the line. A text that is read can be written again.
 */
static int registry_show(struct seq_file *m, void *unused)
{
	WCHAR *path = kvmalloc_array(NTC_MAX_PATH, sizeof(WCHAR), GFP_KERNEL);
	char *utf8 = kvmalloc_array(NTC_MAX_PATH, 3, GFP_KERNEL);
	struct ntc_key *key;

	if (path && utf8) {
		seq_puts(m, "Windows Registry Editor Version 5.00\n");
		ntc_registry_lock();
		for (key = ntc_key_walk(NULL); key; key = ntc_key_walk(key))
			ntc_show_key(m, key, path, utf8);
		ntc_registry_unlock();
	}
	kvfree(utf8);
	kvfree(path);
	return path && utf8 ? 0 : -ENOMEM;
}

static int registry_open(struct inode *inode, struct file *file)
{
	struct ntc_writer *writer = kzalloc(sizeof(*writer), GFP_KERNEL);
	int err;

	if (!writer)
		return -ENOMEM;
	mutex_init(&writer->mutex);
	err = single_open(file, registry_show, writer);
	if (err)
		kfree(writer);
	return err;
}

/* A last line may have no end. */
static int registry_release(struct inode *inode, struct file *file)
{
	struct ntc_writer *writer = ntc_writer_of(file);

	if (writer->size && !writer->broken)
		ntc_writer_lines(writer, writer->rest, writer->size);
	if (writer->key)
		ntc_key_put(writer->key);
	kvfree(writer->rest);
	kfree(writer);
	return single_release(inode, file);
}

static const struct file_operations registry_fops = {
	.owner = THIS_MODULE,
	.open = registry_open,
	.read = seq_read,
	.write = registry_write,
	.llseek = seq_lseek,
	.release = registry_release,
};

/* Best effort: on kernels without debugfs these calls do nothing. */
void ntc_registry_file_init(void)
{
	struct dentry *dir = debugfs_lookup("wq_compat", NULL);

	if (IS_ERR_OR_NULL(dir))
		return;
	ntc_registry_file = debugfs_create_file("registry", 0600, dir, NULL, &registry_fops);
	dput(dir);
}

void ntc_registry_file_exit(void)
{
	debugfs_remove(ntc_registry_file);
}
