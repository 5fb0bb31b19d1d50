/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads key files.  A key is only as secret as its file: who may read that is
 * checked on the opened file, before the first octet is read.  Copies of the
 * secret are wiped as soon as they are not needed.
 *
 * Implements: RFC 4285 section 5.1 (an SPI above 255, a key of 16 octets or
 * more).
 */
#include "config/keyfile.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "config/value.h"
#include "crypto/crypto.h"

#define KEYFILE_SPI_MIN 256 /* 0-255 are reserved (RFC 4285 section 5.1) */

#define KEYFILE_KEY    "key"
#define KEYFILE_MASTER "master"

static bool keyfile_parse(const char *text, size_t octets, const char *word,
    struct mip6_keyfile *key, struct mip6_fmt *why);

/* An octal mode, as chmod takes it. */
static void
keyfile_mode(struct mip6_fmt *f, mode_t mode)
{
	int shift;

	for (shift = 9; shift >= 0; shift -= 3)
		mip6_fmt_char(f, (char)('0' + ((mode >> shift) & 7)));
}

/*
 * Nobody else may reach a key.  A daemon that is not root may be given root's
 * by a group of its own: then that group may read it.
 */
static mode_t
keyfile_forbidden(const struct stat *st)
{
	if (geteuid() != 0 && st->st_uid == 0 && st->st_gid == getegid())
		return S_IWGRP | S_IXGRP | S_IRWXO;
	return S_IRWXG | S_IRWXO;
}

static bool
keyfile_check_owner(int fd, long octets_max, struct mip6_fmt *why)
{
	struct stat st;

	if (fstat(fd, &st) != 0) {
		mip6_fmt_str(why, strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		mip6_fmt_str(why, "not a regular file");
		return false;
	}
	if (st.st_uid != 0 && st.st_uid != geteuid()) {
		mip6_fmt_str(why, "belongs to user ");
		mip6_fmt_u64(why, st.st_uid);
		mip6_fmt_str(why, ", not to root or to who runs this");
		return false;
	}
	if ((st.st_mode & keyfile_forbidden(&st)) != 0) {
		mip6_fmt_str(why, "others can reach it (mode ");
		keyfile_mode(why, st.st_mode);
		mip6_fmt_str(why, "): chmod 600 it");
		return false;
	}
	if (st.st_size > octets_max) {
		mip6_fmt_str(why, "too long to be a key file");
		return false;
	}
	return true;
}

/* Octets read, at most `cap`; -1 with errno. */
static ssize_t
keyfile_slurp(int fd, char *text, size_t cap)
{
	size_t used = 0;
	ssize_t n;

	while (used < cap) {
		n = read(fd, text + used, cap - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

int
mip6_keyfile_open(const char *path, long octets_max, struct mip6_fmt *why)
{
	/* O_NONBLOCK: a FIFO must not hold us up before it is refused. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		mip6_fmt_str(why, strerror(errno));
		return -1;
	}
	if (keyfile_check_owner(fd, octets_max, why))
		return fd;
	(void)close(fd);
	return -1;
}

/* Reads a file whose secret stands after `word`, KEYFILE_KEY or _MASTER. */
static bool
keyfile_read(const char *path, const char *word, struct mip6_keyfile *key,
    struct mip6_fmt *why)
{
	char text[MIP6_KEYFILE_OCTETS_MAX + 1];
	ssize_t octets;
	bool good = false;
	int fd = mip6_keyfile_open(path, MIP6_KEYFILE_OCTETS_MAX, why);

	if (fd < 0)
		return false;
	octets = keyfile_slurp(fd, text, sizeof(text));
	if (octets < 0)
		mip6_fmt_str(why, strerror(errno));
	else
		good = keyfile_parse(text, (size_t)octets, word, key, why);
	mip6_crypto_wipe(text, sizeof(text));
	(void)close(fd);
	return good;
}

bool
mip6_keyfile_read(const char *path, struct mip6_keyfile *key,
    struct mip6_fmt *why)
{
	return keyfile_read(path, KEYFILE_KEY, key, why);
}

bool
mip6_masterfile_read(const char *path, struct mip6_keyfile *key,
    struct mip6_fmt *why)
{
	return keyfile_read(path, KEYFILE_MASTER, key, why);
}

static bool
keyfile_fail(struct mip6_fmt *why, unsigned int line, const char *what)
{
	mip6_fmt_str(why, "line ");
	mip6_fmt_u64(why, line);
	mip6_fmt_str(why, ": ");
	mip6_fmt_str(why, what);
	return false;
}

/* Cuts spaces off both ends of the NUL terminated `s`. */
static char *
keyfile_trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\r");
	n = strlen(s);
	while (n > 0 && strchr(" \t\r", s[n - 1]) != NULL)
		s[--n] = '\0';
	return s;
}

static bool
keyfile_expected(struct mip6_fmt *why, unsigned int line, const char *word)
{
	(void)keyfile_fail(why, line, "expected \"spi = NUMBER\" or \"");
	mip6_fmt_str(why, word);
	mip6_fmt_str(why, " = HEX\"");
	return false;
}

/* One line "name = value" of a key file. */
static bool
keyfile_line(char *line, unsigned int number, const char *word,
    struct mip6_keyfile *key, struct mip6_fmt *why)
{
	bool master = strcmp(word, KEYFILE_MASTER) == 0;
	char *equal, *name, *value;
	size_t octets;

	line = keyfile_trim(line);
	if (*line == '\0' || *line == '#')
		return true;
	equal = strchr(line, '=');
	if (equal == NULL)
		return keyfile_expected(why, number, word);
	*equal = '\0';
	name = keyfile_trim(line);
	value = keyfile_trim(equal + 1);
	if (strcmp(name, "spi") == 0) {
		if (key->spi != 0)
			return keyfile_fail(why, number, "spi given twice");
		if (!mip6_value_u32(value, KEYFILE_SPI_MIN, UINT32_MAX,
			&key->spi))
			return keyfile_fail(why, number,
			    "spi: expected a number from 256 to 4294967295");
		return true;
	}
	if (strcmp(name, word) == 0) {
		if (key->key_octets != 0)
			return keyfile_fail(why, number,
			    master ? "master given twice" : "key given twice");
		if (!mip6_value_hex(value, key->key, sizeof(key->key),
			&octets) ||
		    octets < MIP6_KEY_OCTETS_MIN ||
		    (master && octets != MIP6_MASTER_OCTETS))
			return keyfile_fail(why, number,
			    master ? "master: expected 32 octets as "
				     "hexadecimal digits" :
				     "key: expected 16 to 64 octets as "
				     "hexadecimal digits");
		key->key_octets = (uint8_t)octets;
		return true;
	}
	/* The name is not repeated: it might be a key without its name. */
	return keyfile_expected(why, number, word);
}

/* "expected "key = HEX"", since the file ended without it. */
static bool
keyfile_missing(struct mip6_fmt *why, unsigned int line, const char *word)
{
	(void)keyfile_fail(why, line, "expected \"");
	mip6_fmt_str(why, word);
	mip6_fmt_str(why,
	    strcmp(word, "spi") == 0 ? " = NUMBER\"" : " = HEX\"");
	return false;
}

static bool
keyfile_parse(const char *text, size_t octets, const char *word,
    struct mip6_keyfile *key, struct mip6_fmt *why)
{
	char line[512];
	unsigned int number = 1;
	size_t at = 0, end;
	bool good = true;

	memset(key, 0, sizeof(*key));
	if (octets > MIP6_KEYFILE_OCTETS_MAX ||
	    memchr(text, '\0', octets) != NULL)
		good = keyfile_fail(why, 1, "not the text of a key file");
	for (; good && at < octets; at = end + 1, number++) {
		const char *eol = memchr(text + at, '\n', octets - at);

		end = eol != NULL ? (size_t)(eol - text) : octets;
		if (end - at >= sizeof(line)) {
			good = keyfile_fail(why, number, "line too long");
			break;
		}
		memcpy(line, text + at, end - at);
		line[end - at] = '\0';
		good = keyfile_line(line, number, word, key, why);
	}
	if (good && key->key_octets == 0)
		good = keyfile_missing(why, number, word);
	if (good && key->spi == 0 && strcmp(word, KEYFILE_MASTER) == 0)
		good = keyfile_missing(why, number, "spi");
	mip6_crypto_wipe(line, sizeof(line));
	if (!good)
		mip6_crypto_wipe(key, sizeof(*key));
	return good;
}

bool
mip6_keyfile_parse(const char *text, size_t octets, struct mip6_keyfile *key,
    struct mip6_fmt *why)
{
	return keyfile_parse(text, octets, KEYFILE_KEY, key, why);
}
