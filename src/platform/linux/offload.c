/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Merging of received packets (GRO, LRO), off while a link is captured.
 *
 * A merged packet is larger than any link takes and its checksum is not
 * finished; libpcap tells neither.  The features are named by the kernel's
 * strings, so that this holds for kinds that come later; what a device does not
 * have is passed over.  Each one switched off is a line of the journal.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "platform/linux/linux.h"
#include "platform/linux/undo.h"

#define OFFLOAD_FEATURES_MAX 512 /* the kernel has some 60 */
#define OFFLOAD_BLOCKS       (OFFLOAD_FEATURES_MAX / 32)

static const char *const offload_merging[] = {
	"rx-gro",
	"rx-gro-hw",
	"rx-gro-list",
	"rx-lro",
	"rx-udp-gro-forwarding",
};

/* ethtool_gstrings, _gfeatures and _sfeatures, with room behind them. */
struct offload_strings {
	uint32_t cmd, string_set, len;
	char name[OFFLOAD_FEATURES_MAX][ETH_GSTRING_LEN];
};

struct offload_get {
	uint32_t cmd, size;
	struct ethtool_get_features_block block[OFFLOAD_BLOCKS];
};

struct offload_set {
	uint32_t cmd, size;
	struct ethtool_set_features_block block[OFFLOAD_BLOCKS];
};

static int
offload_ioctl(const char *name, void *request)
{
	struct ifreq r;
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int error = 0;

	if (fd < 0)
		return errno;
	memset(&r, 0, sizeof(r));
	(void)snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	r.ifr_data = request;
	if (ioctl(fd, SIOCETHTOOL, &r) < 0)
		error = errno;
	close(fd);
	return error;
}

/* The names of all features, and how many there are. 0 or an errno. */
static int
offload_names(const char *link, struct offload_strings *s, uint32_t *count)
{
	struct {
		uint32_t cmd, reserved;
		uint64_t mask;
		uint32_t count;
	} info; /* ethtool_sset_info */
	int error;

	memset(&info, 0, sizeof(info));
	info.cmd = ETHTOOL_GSSET_INFO;
	info.mask = 1ULL << ETH_SS_FEATURES;
	error = offload_ioctl(link, &info);
	if (error != 0)
		return error;
	*count = info.count;
	if (info.mask == 0 || *count > OFFLOAD_FEATURES_MAX)
		return EOPNOTSUPP;
	memset(s, 0, sizeof(*s));
	s->cmd = ETHTOOL_GSTRINGS;
	s->string_set = ETH_SS_FEATURES;
	s->len = *count;
	return offload_ioctl(link, s);
}

static int
offload_index(const struct offload_strings *s, uint32_t count,
    const char *feature)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (strncmp(s->name[i], feature, ETH_GSTRING_LEN) == 0)
			return (int)i;
	}
	return -1;
}

static int
offload_write(const char *link, uint32_t count, int index, bool on)
{
	struct offload_set set;
	uint32_t bit = 1u << ((uint32_t)index % 32);

	memset(&set, 0, sizeof(set));
	set.cmd = ETHTOOL_SFEATURES;
	set.size = (count + 31) / 32;
	set.block[index / 32].valid = bit;
	set.block[index / 32].requested = on ? bit : 0;
	return offload_ioctl(link, &set);
}

int
mip6_offload_set(const char *name, const char *feature, bool on)
{
	struct offload_strings *s = calloc(1, sizeof(*s));
	uint32_t count = 0;
	int error, index;

	if (s == NULL)
		return ENOMEM;
	error = offload_names(name, s, &count);
	index = error == 0 ? offload_index(s, count, feature) : -1;
	free(s);
	if (index >= 0)
		error = offload_write(name, count, index, on);
	return error;
}

/* Is the feature wanted on this link, and may it be changed? */
static bool
offload_is_on(const struct offload_get *g, int index)
{
	const struct ethtool_get_features_block *b = &g->block[index / 32];
	uint32_t bit = 1u << ((uint32_t)index % 32);

	return (b->requested & bit) != 0 && (b->available & bit) != 0 &&
	    (b->never_changed & bit) == 0;
}

static uint64_t
offload_off_one(struct mip6_plat *p, uint32_t ifindex, const char *name,
    const char *feature, uint32_t count, int index)
{
	struct mip6_undo u;
	uint64_t id;
	int error;

	memset(&u, 0, sizeof(u));
	u.kind = MIP6_UNDO_OFFLOAD;
	u.ifindex = ifindex;
	(void)snprintf(u.leaf, sizeof(u.leaf), "%s", feature);
	id = mip6_undo_note(p, &u);
	error = id != 0 ? offload_write(name, count, index, false) : errno;
	if (error == 0)
		return id;
	MIP6_LOG(p->env.log, WARNING, "plat.offload", MIP6_KS("link", name),
	    MIP6_KS("feature", feature), MIP6_KS("error", strerror(error)));
	mip6_journal_del(&p->journal, id);
	return 0;
}

uint32_t
mip6_offload_off(struct mip6_plat *p, uint32_t ifindex, const char *name,
    uint64_t id[MIP6_OFFLOADS_MAX])
{
	struct offload_strings *s = calloc(1, sizeof(*s));
	struct offload_get g;
	uint32_t count = 0, off = 0;
	uint64_t one;
	size_t i;
	int index;

	memset(&g, 0, sizeof(g));
	if (s == NULL || offload_names(name, s, &count) != 0) {
		free(s);
		return 0;
	}
	g.cmd = ETHTOOL_GFEATURES;
	g.size = (count + 31) / 32;
	if (offload_ioctl(name, &g) != 0)
		count = 0;
	for (i = 0; i < MIP6_COUNT(offload_merging); i++) {
		index = offload_index(s, count, offload_merging[i]);
		if (index < 0 || !offload_is_on(&g, index))
			continue;
		one = offload_off_one(p, ifindex, name, offload_merging[i],
		    count, index);
		if (one != 0 && off < MIP6_OFFLOADS_MAX)
			id[off++] = one;
	}
	free(s);
	return off;
}

/* Is one of the device's own ways of merging still at work? */
static bool
offload_by_device(const char *link)
{
	static const char *const own[] = { "rx-gro-hw", "rx-lro" };
	struct offload_strings *s = calloc(1, sizeof(*s));
	struct offload_get g;
	uint32_t count = 0;
	bool active = true;
	size_t i;
	int index;

	memset(&g, 0, sizeof(g));
	if (s != NULL && offload_names(link, s, &count) == 0) {
		g.cmd = ETHTOOL_GFEATURES;
		g.size = (count + 31) / 32;
		active = offload_ioctl(link, &g) != 0;
		for (i = 0; i < MIP6_COUNT(own) && !active; i++) {
			index = offload_index(s, count, own[i]);
			active = index >= 0 &&
			    (g.block[index / 32].active &
				1u << ((uint32_t)index % 32)) != 0;
		}
	}
	free(s);
	return active;
}

bool
mip6_offload_merges(const char *name)
{
	struct ethtool_drvinfo d;

	memset(&d, 0, sizeof(d));
	d.cmd = ETHTOOL_GDRVINFO;
	/* Without a bus there is no wire that would limit a packet. */
	if (offload_ioctl(name, &d) != 0 || d.bus_info[0] == '\0' ||
	    strncmp(d.bus_info, "N/A", sizeof(d.bus_info)) == 0)
		return true;
	/* Xen's other end hands over what it has not cut, with no switch. */
	return strncmp(d.driver, "vif", sizeof(d.driver)) == 0 ||
	    offload_by_device(name);
}
