// SPDX-License-Identifier: GPL-2.0
/*
 * The parser of registry texts (nt/cm_text.c) in user space, under the sanitizers. A text says the
 * same, and has its error in the same line, whether it comes as a whole or in pieces.
 */
#include <stdlib.h>

#include "shim.h"
#include "../../nt/cm_text.h"
#include "registry_test.h"

#define MOST	0x10000	/* bytes of what a text says */

/* What a text says, in words. */
struct said {
	char text[MOST];
	size_t size;
	const char *wrong;
	unsigned int line;
};

static void say(struct said *said, const void *from, size_t size)
{
	size = min_t(size_t, size, MOST - said->size);
	memcpy(said->text + said->size, from, size);
	said->size += size;
}

/* All bytes are read, which the sanitizer checks. */
static void say_string(struct said *said, PCUNICODE_STRING string)
{
	char *utf8 = malloc(3 * string->Length + 1);

	say(said, utf8, ntc_text_utf8(utf8, string->Buffer, string->Length / 2));
	free(utf8);
}

static const char *say_key(void *arg, PCUNICODE_STRING path, bool remove)
{
	say(arg, remove ? "-" : "+", 1);
	say_string(arg, path);
	say(arg, ";", 1);
	return NULL;
}

static const char *say_value(void *arg, PCUNICODE_STRING name, ULONG type, const void *data,
			     size_t size)
{
	const unsigned char *bytes = data;
	char word[16];
	size_t i;

	say_string(arg, name);
	say(arg, word, sprintf(word, "=%x:", type));
	for (i = 0; i < size; i++)
		say(arg, word, sprintf(word, "%02x", bytes[i]));
	say(arg, ";", 1);
	return NULL;
}

static const char *say_remove(void *arg, PCUNICODE_STRING name)
{
	say_string(arg, name);
	say(arg, "=-;", 3);
	return NULL;
}

static const struct ntc_text_sink sink = {
	.key = say_key, .value = say_value, .remove = say_remove,
};

/* Parses a text in pieces that end after each @piece bytes, as the file does with writes. */
static void parse(struct said *said, const char *from, size_t size, size_t piece)
{
	struct ntc_text text = {};
	size_t begin = 0, end = 0, whole;
	char *copy;

	said->size = 0;
	said->wrong = NULL;
	while (!said->wrong && begin < size) {
		end = min_t(size_t, end + piece, size);
		whole = end == size ? size - begin : ntc_text_whole(from + begin, end - begin);
		/* Memory of that size: an access behind it is found. */
		copy = malloc(whole + !whole);
		memcpy(copy, from + begin, whole);
		said->wrong = ntc_text_parse(&text, copy, whole, &sink, said);
		free(copy);
		begin += whole;
	}
	said->line = text.line;
}

static bool same(const struct said *a, const struct said *b)
{
	return a->size == b->size && !memcmp(a->text, b->text, a->size) && a->wrong == b->wrong &&
	       (!a->wrong || a->line == b->line);
}

static const struct {
	const char *text, *says, *wrong;
} texts[] = {
	{ "Windows Registry Editor Version 5.00\r\n\r\n; comment\r\n[HKLM\\A b]\r\n"
	  "\"n\"=dword:1f\r\n",
	  "+\\Registry\\Machine\\A b;n=4:1f000000;" },
	{ "\xef\xbb\xbf[HKEY_USERS]\n@=\"a\\\\\\\"\" ; comment\n",
	  "+\\Registry\\User;=1:61005c0022000000;" },
	{ "[hklm\\x]y]\n\"b\"=hex:1,02,\\\n  ff\n", "+\\Registry\\Machine\\x]y;b=3:0102ff;" },
	{ "[HKU\\x]\n\"b\" = hex(fffffff0):\n\"c\"=hex(b):1,2",
	  "+\\Registry\\User\\x;b=fffffff0:;c=b:0102;" },
	{ "[HKU\\x]\n\"b\"=-\n[-HKU\\y]\n", "+\\Registry\\User\\x;b=-;-\\Registry\\User\\y;" },
	{ "[HKU]\n\"\xc3\xa9\"=\"\xf0\x9f\x98\x80\"\n",
	  "+\\Registry\\User;\xc3\xa9=1:3dd800de0000;" },
	{ "[HKU]\n\"x\"=\"\xed\xa0\x80\"\n", "+\\Registry\\User;", "bytes that are not UTF-8" },
	{ "[HKU]\n\"x\"=\"\xc0\x80\"\n", "+\\Registry\\User;", "bytes that are not UTF-8" },
	{ "[HKUX]\n", "", "a key that is not of HKEY_LOCAL_MACHINE or HKEY_USERS" },
	{ "\n[HKU]\n\"x\"=hex(:1\n", "+\\Registry\\User;", "hex(TYPE): without its type" },
	{ "\xff\xfeW", "", "UTF-16: convert it by iconv -f UTF-16 -t UTF-8" },
	{ "[HKU]\n\"x\"=hex:1\\2\n", "+\\Registry\\User;x=3:01;",
	  "something that is no key, value or comment" },
};

void registry_texts_are_parsed(void)
{
	static struct said said;
	size_t i, piece;
	bool ok;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		for (piece = 1; piece < 200; piece += piece < 40 ? 1 : 159) {
			parse(&said, texts[i].text, strlen(texts[i].text), piece);
			ok = said.size == strlen(texts[i].says) &&
			     !memcmp(said.text, texts[i].says, said.size) &&
			     !strcmp(said.wrong ?: "", texts[i].wrong ?: "");
			if (!ok)
				printf("text %zu in pieces of %zu: %.*s, %s\n", i, piece,
				       (int)said.size, said.text, said.wrong ?: "right");
			differ += !ok;
			compared++;
		}
	}
}

/* Pieces of registry texts, one behind another, and now and then another byte. */
void random_registry_texts_stay_in_their_buffer(void)
{
	static const char *const pieces[] = {
		"[", "]", "[HKLM\\a]\n", "[-HKU\\b]", "\n", "\r\n", "\"x\"=", "\"", "\\",
		"\\\n", "@=", "dword:", "hex:", "hex(", "2):", ",", "12", "f", " ", "-", ";",
		"\xc3\xa9", "\xf0\x9f",
		"Windows Registry Editor Version 5.00\n", "\"v\"=dword:1\n", "\"v\"=hex:1,\\\n 2\n",
	};
	static struct said whole, parts;
	unsigned int seed = 1, i, n;
	char text[400];
	size_t size;

	for (i = 0; i < 300000; i++) {
		size = 0;
		for (n = rand_r(&seed) % 24; n && size < sizeof(text) - 50; n--) {
			const char *piece = pieces[rand_r(&seed) % ARRAY_SIZE(pieces)];

			memcpy(text + size, piece, strlen(piece));
			size += strlen(piece);
			if (!(rand_r(&seed) % 16))
				text[size++] = rand_r(&seed);
		}
		parse(&whole, text, size, size + 1);
		parse(&parts, text, size, 1 + rand_r(&seed) % 40);
		if (!same(&whole, &parts)) {
			printf("in pieces: %s in line %u, %s in line %u: %.*s\n",
			       whole.wrong ?: "right", whole.line, parts.wrong ?: "right",
			       parts.line, (int)size, text);
			differ++;
		}
		compared++;
	}
}
