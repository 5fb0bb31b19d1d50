/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobile nodes that have no block of their own: a directory of key files, a
 * table, a master key.  Each is read when the home prefixes are known, so that
 * what is wrong is said with the file, and the line, it stands in.
 *
 * Implements: RFC 4285 section 5.1 (an SPI above 255, a key of 16 octets or
 * more); RFC 5869 (what is kept of a master key).
 */
#include "config/load.h"

#include <sys/random.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/keyfile.h"
#include "config/value.h"
#include "core/roster.h"
#include "crypto/hkdf.h"

#define MOBILES_FILE_OCTETS_MAX (1024L * 1024 * 1024)
#define MOBILES_LINE_OCTETS     1024
#define MOBILES_READ_OCTETS     65536
#define MOBILES_SUFFIX          ".key"

static void *
mobiles_alloc(void *arg, size_t octets)
{
	(void)arg;
	return calloc(1, octets);
}

static void
mobiles_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	free(mem);
}

static const struct mip6_alloc mobiles_memory = { mobiles_alloc,
	mobiles_release, NULL };

void
mip6_config_mobiles_free(struct mip6_config *c)
{
	mip6_roster_free(c->roster);
	c->roster = NULL;
	c->conf.ha.roster = NULL;
}

const char *
mip6_config_mobile_wrong(const struct mip6_conf_ha *ha,
    const struct mip6_addr *hoa)
{
	const struct mip6_conf_home_prefix *p = NULL;
	struct mip6_addr anycast;
	uint32_t i;

	if (!mip6_addr_is_routable(hoa))
		return "not a global home address";
	for (i = 0; i < ha->prefixes && p == NULL; i++)
		if (mip6_prefix_has(&ha->prefix[i].prefix, hoa))
			p = &ha->prefix[i];
	if (p == NULL)
		return "not in the prefix of the home link";
	if (mip6_addr_equal(hoa, &p->prefix.addr))
		return "the prefix itself, not an address in it";
	if (mip6_prefix_home_agents(&p->prefix, &anycast) &&
	    mip6_addr_equal(hoa, &anycast))
		return "the home agents' anycast address";
	for (i = 0; i < ha->prefixes; i++)
		if (mip6_addr_equal(hoa, &ha->prefix[i].address))
			return "the home agent's own address";
	return NULL;
}

static bool
mobiles_listed(const struct mip6_config *c, const struct mip6_addr *hoa)
{
	struct mip6_conf_mobile m;
	bool listed = mip6_conf_mobile_find(&c->conf.ha, hoa, &m);

	mip6_crypto_wipe(&m, sizeof(m));
	return listed;
}

/* Adds one; what is wrong with it, or NULL. */
static const char *
mobiles_add(struct mip6_config *c, const struct mip6_conf_mobile *m)
{
	const char *wrong = mip6_config_mobile_wrong(&c->conf.ha, &m->hoa);

	if (wrong != NULL)
		return wrong;
	if (mobiles_listed(c, &m->hoa))
		return "there already";
	if (!mip6_roster_add(c->roster, m))
		return "no memory for it, or more than 4194304";
	return NULL;
}

static bool
mobiles_begin(struct mip6_config_load *l)
{
	struct mip6_config *c = l->c;
	struct mip6_hash_key key;

	if (c->roster != NULL)
		return true;
	if (getentropy(&key, sizeof(key)) != 0)
		return mip6_config_fail(l, 0, "", "%s", strerror(errno));
	c->roster = mip6_roster_new(&mobiles_memory, &key);
	c->conf.ha.roster = c->roster;
	if (c->roster == NULL)
		return mip6_config_fail(l, 0, "", "out of memory");
	return true;
}

/* ---- a table ---- */

struct mobiles_table {
	struct mip6_config_load *l;
	const char *path;
	unsigned int line; /* of mip6.conf */
	unsigned int number;
};

static bool
mobiles_table_fail(struct mobiles_table *t, const char *what)
{
	return mip6_config_fail(t->l, t->line, "mobiles-file", "%s:%u: %s",
	    t->path, t->number, what);
}

/* The next word of *at, which it moves on; NULL: there is none. */
static char *
mobiles_word(char **at)
{
	char *word = *at + strspn(*at, " \t\r");
	size_t octets = strcspn(word, " \t\r");

	if (octets == 0)
		return NULL;
	*at = word + octets;
	if (**at != '\0')
		*(*at)++ = '\0';
	return word;
}

/* What is wrong with the words after the home address, or NULL. */
static const char *
mobiles_table_words(struct mip6_conf_mobile *m, char *at)
{
	char *spi = mobiles_word(&at), *key = mobiles_word(&at);
	char *nai = mobiles_word(&at);
	size_t octets;

	/* A key is never repeated in a message. */
	if (spi == NULL || key == NULL || mobiles_word(&at) != NULL)
		return "expected HOME-ADDRESS SPI KEY [IDENTIFIER]";
	if (!mip6_value_u32(spi, 256, UINT32_MAX, &m->sa.spi))
		return "SPI: expected a number from 256 to 4294967295";
	if (!mip6_value_hex(key, m->sa.key, sizeof(m->sa.key), &octets) ||
	    octets < MIP6_KEY_OCTETS_MIN)
		return "key: expected 16 to 64 octets as hexadecimal digits";
	if (nai != NULL && !mip6_value_word(nai, MIP6_NAI_OCTETS))
		return "identifier: expected at most 254 printable octets";
	if (nai != NULL)
		memcpy(m->nai, nai, strlen(nai) + 1);
	m->sa.key_octets = (uint8_t)octets;
	m->sa.present = true;
	return NULL;
}

static bool
mobiles_table_line(struct mobiles_table *t, char *line)
{
	struct mip6_conf_mobile m;
	const char *wrong;
	char *hoa;

	t->number++;
	hoa = mobiles_word(&line);
	if (hoa == NULL || *hoa == '#')
		return true;
	memset(&m, 0, sizeof(m));
	if (!mip6_addr_parse(hoa, &m.hoa))
		wrong = "expected HOME-ADDRESS SPI KEY [IDENTIFIER]";
	else
		wrong = mobiles_table_words(&m, line);
	if (wrong == NULL)
		wrong = mobiles_add(t->l->c, &m);
	mip6_crypto_wipe(&m, sizeof(m));
	return wrong == NULL || mobiles_table_fail(t, wrong);
}

/* The lines of text[0..*used); what is left of the last stays in front. */
static bool
mobiles_table_lines(struct mobiles_table *t, char *text, size_t *used, bool end)
{
	size_t at = 0, octets;
	char *eol;

	while (at < *used) {
		eol = memchr(text + at, '\n', *used - at);
		octets = eol != NULL ? (size_t)(eol - text) - at : *used - at;
		if (octets >= MOBILES_LINE_OCTETS) {
			t->number++;
			return mobiles_table_fail(t, "line too long");
		}
		if (eol == NULL && !end)
			break;
		if (memchr(text + at, '\0', octets) != NULL) {
			t->number++;
			return mobiles_table_fail(t, "not text");
		}
		text[at + octets] = '\0';
		if (!mobiles_table_line(t, text + at))
			return false;
		at += octets + 1;
	}
	if (at > *used)
		at = *used;
	memmove(text, text + at, *used - at);
	*used -= at;
	return true;
}

/* Reads in pieces: the text of all keys is nowhere at once. */
static bool
mobiles_table_read(struct mobiles_table *t, int fd)
{
	char text[MOBILES_LINE_OCTETS + MOBILES_READ_OCTETS + 1];
	size_t used = 0;
	bool good = true;
	ssize_t n;

	do {
		n = read(fd, text + used, sizeof(text) - 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			good = mobiles_table_fail(t, strerror(errno));
			break;
		}
		used += (size_t)n;
		good = mobiles_table_lines(t, text, &used, n == 0);
	} while (good && n != 0);
	mip6_crypto_wipe(text, sizeof(text));
	return good;
}

static bool
mobiles_table(struct mip6_config_load *l, unsigned int line)
{
	char path[2 * MIP6_CONFIG_PATH_OCTETS], said[512];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	struct mobiles_table t = { l, path, line, 0 };
	bool good;
	int fd;

	if (!mip6_config_beside(l, l->c->mobiles_file, path, sizeof(path)))
		return mip6_config_fail(l, line, "mobiles-file",
		    "path too long");
	fd = mip6_keyfile_open(path, MOBILES_FILE_OCTETS_MAX, &why);
	if (fd < 0)
		return mip6_config_fail(l, line, "mobiles-file", "%s: %s", path,
		    said);
	good = mobiles_begin(l) && mobiles_table_read(&t, fd);
	(void)close(fd);
	return good;
}

/* ---- a directory ---- */

/* "2001-db8-1--100.key": the home address that the name of a file is. */
static bool
mobiles_file_name(const char *name, struct mip6_addr *hoa)
{
	size_t octets = strlen(name), suffix = strlen(MOBILES_SUFFIX), i;
	char text[MIP6_ADDR_TEXT];

	if (octets > suffix &&
	    strcmp(name + octets - suffix, MOBILES_SUFFIX) == 0)
		octets -= suffix;
	if (octets >= sizeof(text))
		return false;
	for (i = 0; i < octets; i++)
		text[i] = name[i] == '-' ? ':' : name[i];
	text[octets] = '\0';
	return mip6_addr_parse(text, hoa);
}

static bool
mobiles_dir_file(struct mip6_config_load *l, unsigned int line, const char *dir,
    const char *name)
{
	char path[3 * MIP6_CONFIG_PATH_OCTETS], said[512];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	struct mip6_conf_mobile m;
	struct mip6_keyfile key;
	const char *wrong;

	memset(&m, 0, sizeof(m));
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!mobiles_file_name(name, &m.hoa))
		return mip6_config_fail(l, line, "mobiles-dir",
		    "%s: its name is not a home address, like "
		    "2001-db8-1--100.key",
		    path);
	if (!mip6_keyfile_read(path, &key, &why))
		return mip6_config_fail(l, line, "mobiles-dir", "%s: %s", path,
		    said);
	m.sa.present = true;
	m.sa.spi = key.spi;
	m.sa.key_octets = key.key_octets;
	memcpy(m.sa.key, key.key, sizeof(key.key));
	wrong = key.spi == 0 ? "no spi in it" : mobiles_add(l->c, &m);
	mip6_crypto_wipe(&key, sizeof(key));
	mip6_crypto_wipe(&m, sizeof(m));
	if (wrong != NULL)
		return mip6_config_fail(l, line, "mobiles-dir", "%s: %s", path,
		    wrong);
	return true;
}

/* Who can put a file there makes a mobile node. */
static bool
mobiles_dir_check(struct mip6_config_load *l, unsigned int line,
    const char *path, DIR *d)
{
	struct stat st;

	if (fstat(dirfd(d), &st) != 0)
		return mip6_config_fail(l, line, "mobiles-dir", "%s: %s", path,
		    strerror(errno));
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return mip6_config_fail(l, line, "mobiles-dir",
		    "%s: belongs neither to root nor to who runs this", path);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return mip6_config_fail(l, line, "mobiles-dir",
		    "%s: others can write it: chmod go-w it", path);
	return true;
}

static bool
mobiles_dir(struct mip6_config_load *l, unsigned int line)
{
	char path[2 * MIP6_CONFIG_PATH_OCTETS];
	struct dirent *e;
	bool good;
	DIR *d;

	if (!mip6_config_beside(l, l->c->mobiles_dir, path, sizeof(path)))
		return mip6_config_fail(l, line, "mobiles-dir",
		    "path too long");
	d = opendir(path);
	if (d == NULL)
		return mip6_config_fail(l, line, "mobiles-dir", "%s: %s", path,
		    strerror(errno));
	good = mobiles_dir_check(l, line, path, d) && mobiles_begin(l);
	errno = 0;
	while (good && (e = readdir(d)) != NULL) {
		if (e->d_name[0] != '.')
			good = mobiles_dir_file(l, line, path, e->d_name);
		errno = 0;
	}
	if (good && errno != 0)
		good = mip6_config_fail(l, line, "mobiles-dir", "%s: %s", path,
		    strerror(errno));
	(void)closedir(d);
	return good;
}

/* ---- a master key ---- */

bool
mip6_config_master(const uint8_t master[MIP6_MASTER_OCTETS],
    const struct mip6_addr *hoa, uint8_t prk[MIP6_MASTER_OCTETS],
    uint8_t key[MIP6_MASTER_OCTETS])
{
	struct mip6_crypto *crypto = mip6_crypto_new(&mobiles_memory);
	bool good;

	good = crypto != NULL &&
	    mip6_hkdf_extract(crypto, master, MIP6_MASTER_OCTETS, prk) &&
	    (hoa == NULL || mip6_hkdf_mobile_key(crypto, prk, hoa, key));
	mip6_crypto_free(crypto);
	return good;
}

static bool
mobiles_master(struct mip6_config_load *l, unsigned int line)
{
	struct mip6_conf_ha *ha = &l->c->conf.ha;
	char path[2 * MIP6_CONFIG_PATH_OCTETS], said[512];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	struct mip6_keyfile master;
	bool good;

	if (!mip6_config_beside(l, l->c->master_key_file, path, sizeof(path)))
		return mip6_config_fail(l, line, "master-key-file",
		    "path too long");
	if (!mip6_masterfile_read(path, &master, &why))
		return mip6_config_fail(l, line, "master-key-file", "%s: %s",
		    path, said);
	ha->master_spi = master.spi;
	good = mip6_config_master(master.key, NULL, ha->master, NULL);
	mip6_crypto_wipe(&master, sizeof(master));
	ha->has_master = good;
	if (!good)
		return mip6_config_fail(l, line, "master-key-file",
		    "no cryptography for it");
	return true;
}

bool
mip6_config_read_mobiles(struct mip6_config_load *l)
{
	unsigned int dir = mip6_config_line(l, MIP6_SECTION_HA, "mobiles-dir");
	unsigned int file =
	    mip6_config_line(l, MIP6_SECTION_HA, "mobiles-file");
	unsigned int master =
	    mip6_config_line(l, MIP6_SECTION_HA, "master-key-file");

	return (dir == 0 || mobiles_dir(l, dir)) &&
	    (file == 0 || mobiles_table(l, file)) &&
	    (master == 0 || mobiles_master(l, master));
}
