/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multicast Listener Discovery.  A record's length comes from two fields of it
 * (sources and auxiliary data), so that all are walked before any is given:
 * later no length is checked again.
 *
 * Implements: RFC 3810 sections 5.1 and 5.2, RFC 2710 section 3.
 */
#include "wire/mld.h"

#include <string.h>

#include "wire/dstopt.h"

#define MLD_RECORD_OCTETS 20
#define MLD1_OCTETS       24
#define MLD_OPT_ALERT     5

static uint16_t
mld_get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* Octets of the record at `at`, with its sources; 0: not whole. */
static size_t
mld_record_octets(const struct mip6_mld *m, size_t at)
{
	size_t octets = MLD_RECORD_OCTETS;

	if (m->count - at < octets)
		return 0;
	octets += (size_t)mld_get16(m->octets + at + 2) * 16;
	octets += (size_t)m->octets[at + 1] * 4;
	return m->count - at < octets ? 0 : octets;
}

enum mip6_parse
mip6_mld_read(const uint8_t *octets, size_t count, struct mip6_mld *m)
{
	size_t at = MIP6_ICMP6_OCTETS, size;
	uint16_t i;

	memset(m, 0, sizeof(*m));
	if (count < MIP6_ICMP6_OCTETS)
		return MIP6_PARSE_TRUNCATED;
	m->type = octets[0];
	m->octets = octets;
	m->count = count;
	m->at = at;
	if (m->type == MIP6_ICMP6_MLD_REPORT ||
	    m->type == MIP6_ICMP6_MLD_DONE) {
		m->records = 1;
		return count < MLD1_OCTETS ? MIP6_PARSE_TRUNCATED :
					     MIP6_PARSE_OK;
	}
	if (m->type != MIP6_ICMP6_MLD2_REPORT)
		return MIP6_PARSE_BAD_VALUE;
	m->records = mld_get16(octets + 6);
	for (i = 0; i < m->records; i++) {
		size = mld_record_octets(m, at);
		if (size == 0)
			return MIP6_PARSE_TRUNCATED;
		at += size;
	}
	return MIP6_PARSE_OK;
}

bool
mip6_mld_next(struct mip6_mld *m, struct mip6_mld_record *r)
{
	const uint8_t *o = m->octets + m->at;

	if (m->given == m->records)
		return false;
	m->given++;
	memset(r, 0, sizeof(*r));
	if (m->type != MIP6_ICMP6_MLD2_REPORT) {
		r->mode = m->type == MIP6_ICMP6_MLD_REPORT ?
		    MIP6_MLD_IS_EXCLUDE :
		    MIP6_MLD_TO_INCLUDE;
		memcpy(r->group.b, o, sizeof(r->group.b));
		return true;
	}
	r->mode = o[0];
	r->sources = mld_get16(o + 2);
	memcpy(r->group.b, o + 4, sizeof(r->group.b));
	r->source = o + MLD_RECORD_OCTETS;
	m->at += mld_record_octets(m, m->at);
	return true;
}

bool
mip6_mld_is_alerted(const uint8_t *packet, size_t count)
{
	struct mip6_opt o;
	size_t octets, pos = 2;

	if (count < MIP6_IP6_OCTETS + 8 ||
	    packet[MIP6_IP6_AT_NEXT_HEADER] != MIP6_NH_HOPOPTS)
		return false;
	packet += MIP6_IP6_OCTETS;
	octets = ((size_t)packet[1] + 1) * 8;
	if (octets > count - MIP6_IP6_OCTETS)
		return false;
	while (pos < octets) {
		if (mip6_opt_next(packet, octets, &pos, &o, NULL) !=
		    MIP6_PARSE_OK)
			return false;
		if (o.type == MLD_OPT_ALERT && o.octets == 2)
			return o.value[0] == 0 && o.value[1] == 0;
	}
	return false;
}

void
mip6_mld_query_write(struct mip6_wr *w, const struct mip6_addr *src,
    uint16_t max_response_ms, uint8_t robustness, uint8_t interval_s)
{
	/* Hop-by-hop options: Router Alert for MLD, and padding. */
	static const uint8_t alert[8] = { MIP6_NH_ICMPV6, 0, MLD_OPT_ALERT, 2,
		0, 0, 1, 0 };
	uint8_t o[MIP6_MLD_QUERY_OCTETS] = { 0 };
	uint8_t *query = o + MIP6_IP6_OCTETS + sizeof(alert);
	struct mip6_ip6 h = { .src = *src,
		.dst = mip6_addr_all_nodes,
		.payload_octets = sizeof(o) - MIP6_IP6_OCTETS,
		.next_header = MIP6_NH_HOPOPTS,
		.hop_limit = 1 };

	MIP6_ASSERT(max_response_ms < 32768 && interval_s < 128);
	mip6_ip6_put(o, &h);
	memcpy(o + MIP6_IP6_OCTETS, alert, sizeof(alert));
	query[0] = MIP6_ICMP6_MLD_QUERY;
	query[4] = (uint8_t)(max_response_ms >> 8);
	query[5] = (uint8_t)max_response_ms;
	query[24] = robustness & 7;
	query[25] = interval_s;
	mip6_icmp6_finish(query, 28, &h.src, &h.dst);
	mip6_wr_octets(w, o, sizeof(o));
}
