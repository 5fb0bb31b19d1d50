/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pfctl and pf of the Mac made of memory: the calls that the platform makes,
 * word by word; any other is a failure, as one with a rule that pf's grammar
 * does not have.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "darwin/mac.h"
#include "darwin/mac_os.h"
#include "platform/common/run.h"
#include "platform/darwin/pf_text.h"

#define TALK "No ALTQ support in kernel\nALTQ related functions disabled\n"

static void
say(struct mip6_os_run *r, const char *text)
{
	size_t n = strlen(text), room = r->out_cap - r->out_octets;

	n = n < room ? n : room;
	memcpy(r->out + r->out_octets, text, n);
	r->out_octets += n;
}

static bool
is(const struct mip6_os_run *r, const char *words)
{
	char line[256] = "";
	size_t i;

	for (i = 1; r->argv[i] != NULL; i++) {
		(void)strncat(line, i > 1 ? " " : "",
		    sizeof(line) - strlen(line) - 1);
		(void)strncat(line, r->argv[i],
		    sizeof(line) - strlen(line) - 1);
	}
	return strcmp(line, words) == 0;
}

/* As far as rules of ours go; the links must be plain words. */
static bool
is_rule(const char *line)
{
	char link[16], tun[16];
	int end = 0;

	if (strcmp(line,
		"block drop out quick inet6 proto ipv6-icmp "
		"from <mip6d_silence> to any icmp6-type paramprob") == 0)
		return true;
	if (sscanf(line,
		"block drop in quick on %15s inet6 from any to "
		"<mip6d_shield>%n",
		link, &end) == 1 &&
	    end > 0 && line[end] == '\0')
		return true;
	if (sscanf(line,
		"pass out quick on %15s route-to %15s inet6 from any to "
		"<mip6d_divert> no state%n",
		link, tun, &end) == 2 &&
	    end > 0 && line[end] == '\0')
		return mac_link(tun) != NULL;
	return sscanf(line, "table <mip6d_%*[a-z]> persist {%n", &end) == 0 &&
	    end > 0;
}

static void
load(struct mip6_os_run *r)
{
	char text[MAC_PF_OCTETS], *line, *next;
	unsigned n = 0;

	say(r, "pfctl: Use of -f option, could result in flushing of rules\n");
	if (r->in_octets >= sizeof(text)) {
		r->status = 1;
		return;
	}
	memcpy(text, r->in, r->in_octets);
	text[r->in_octets] = '\0';
	for (line = text; *line != '\0'; line = next) {
		next = strchr(line, '\n');
		MIP6_ASSERT(next != NULL);
		*next++ = '\0';
		n++;
		if (is_rule(line))
			continue;
		say(r, "stdin:1: syntax error\n");
		r->status = 1;
		return;
	}
	memcpy(mac->pf_text, r->in, r->in_octets);
	mac->pf_text[r->in_octets] = '\0';
}

/* What pfctl shows are rules alone. */
static void
show(struct mip6_os_run *r)
{
	const char *line = mac->pf_text, *end;
	char text[256];

	for (; *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		(void)snprintf(text, sizeof(text), "%.*s\n", (int)(end - line),
		    line);
		if (strncmp(line, "table", 5) != 0)
			say(r, text);
	}
}

static void
enable(struct mip6_os_run *r)
{
	char text[64];
	size_t i;

	for (i = 0; i < MAC_MAX && mac->pf_token[i] != 0; i++)
		;
	MIP6_ASSERT(i < MAC_MAX);
	mac->pf_token[i] = mac->pf_next++;
	mac->pf_on = true;
	(void)snprintf(text, sizeof(text), "pf enabled\nToken : %" PRIu64 "\n",
	    mac->pf_token[i]);
	say(r, text);
}

static void
release(struct mip6_os_run *r, const char *word)
{
	uint64_t token = strtoull(word, NULL, 10);
	bool found = false, any = false;
	size_t i;

	for (i = 0; i < MAC_MAX; i++) {
		if (mac->pf_token[i] == token) {
			mac->pf_token[i] = 0;
			found = true;
		}
		any |= mac->pf_token[i] != 0;
	}
	r->status = !found;
	if (!found)
		say(r, "pfctl: disable request failed\n");
	else if (!any)
		mac->pf_on = false;
}

static void
references(struct mip6_os_run *r)
{
	char text[80];
	size_t i;

	say(r, "TOKENS:\nPID      Process Name                 TOKEN\n");
	for (i = 0; i < MAC_MAX; i++) {
		(void)snprintf(text, sizeof(text), "%-8d pfctl %20" PRIu64 "\n",
		    100, mac->pf_token[i]);
		if (mac->pf_token[i] != 0)
			say(r, text);
	}
}

int
mac_pfctl(struct mip6_os_run *r)
{
	r->out_octets = 0;
	r->status = 0;
	mac->pfctl_runs++;
	if (strcmp(r->argv[0], "/sbin/pfctl") != 0) {
		errno = ENOENT;
		return -1;
	}
	say(r, TALK);
	if (is(r, "-a com.apple/mip6d -f -"))
		load(r);
	else if (is(r, "-a com.apple/mip6d -s rules"))
		show(r);
	else if (is(r, "-a com.apple/mip6d -F all"))
		mac->pf_text[0] = '\0';
	else if (is(r, "-s rules"))
		say(r, mac->pf_main);
	else if (is(r, "-s info"))
		say(r,
		    mac->pf_on ? "Status: Enabled for 0 days\n" :
				 "Status: Disabled\n");
	else if (is(r, "-s References"))
		references(r);
	else if (is(r, "-E"))
		enable(r);
	else if (strcmp(r->argv[1], "-X") == 0 && r->argv[3] == NULL)
		release(r, r->argv[2]);
	else
		r->status = 1;
	return 0;
}
