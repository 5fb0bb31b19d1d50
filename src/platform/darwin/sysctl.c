/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of sysctl: noted before they are changed, and put back unless
 * somebody else has changed them since.
 *
 * A host that forwards would tell neighbours of shorter ways (redirects),
 * which is not for a home agent to say of what it has taken over; and while it
 * does, a packet cannot be sent back into the point-to-point link it came from.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "platform/darwin/darwin.h"
#include "platform/darwin/undo.h"

static const struct {
	const char *name;
	int value;
} sysctl_forwarding[MIP6_FORWARDING_SYSCTLS] = {
	{ "net.inet6.ip6.redirect", 0 },
	{ "net.inet6.ip6.forwarding", 1 },
};

int
mip6_sysctl_change(struct mip6_plat *p, const char *name, int value,
    uint64_t *id)
{
	struct mip6_undo u = { .kind = MIP6_UNDO_SYSCTL, .now = value };
	int was, error;

	*id = 0;
	if (p->os->sysctl_int(name, &was, NULL) != 0)
		return errno;
	if (was == value)
		return 0;
	u.was = was;
	(void)snprintf(u.name, sizeof(u.name), "%s", name);
	*id = mip6_undo_note(p, &u);
	if (*id == 0)
		return errno;
	if (p->os->sysctl_int(name, NULL, &value) == 0)
		return 0;
	error = errno;
	mip6_journal_del(&p->journal, *id);
	*id = 0;
	return error;
}

int
mip6_sysctl_undo(struct mip6_plat *p, const char *name, int was, int now)
{
	int value;

	if (p->os->sysctl_int(name, &value, NULL) != 0)
		return errno;
	if (value != now)
		return 0;
	return p->os->sysctl_int(name, NULL, &was) == 0 ? 0 : errno;
}

static int
sysctl_forwarding_off(struct mip6_plat *p)
{
	int error = 0, e;
	size_t i;

	for (i = MIP6_FORWARDING_SYSCTLS; i > 0; i--) {
		e = mip6_undo_line(p, p->forwarding[i - 1]);
		p->forwarding[i - 1] = 0;
		error = e != 0 ? e : error;
	}
	return error;
}

int
mip6_sysctl_forwarding(struct mip6_plat *p, bool on)
{
	int error = 0;
	size_t i;

	if (!on)
		return sysctl_forwarding_off(p);
	for (i = 0; i < MIP6_FORWARDING_SYSCTLS && error == 0; i++) {
		if (p->forwarding[i] == 0)
			error = mip6_sysctl_change(p, sysctl_forwarding[i].name,
			    sysctl_forwarding[i].value, &p->forwarding[i]);
	}
	if (error != 0)
		(void)sysctl_forwarding_off(p);
	return error;
}
