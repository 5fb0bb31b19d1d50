/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobility options: one row each.
 *
 * Decisions where the RFCs leave room:
 * - The last option written ends the message where its alignment allows it,
 *   so that no padding follows it.
 * - An option of unknown type is skipped (R6.2.1-01), and so is a known one
 *   in a message in which it is not valid.
 * - A known option of wrong length makes the message invalid, and so does a
 *   second one of a kind that may be there once: what is ambiguous is not
 *   obeyed.
 * - Behind a Binding Authorization Data option there is nothing, not even
 *   padding (R6.2-01).
 * - Behind a MN-HA authentication option there is padding or the MN-AAA one
 *   and nothing else; behind MN-AAA padding alone (RFC 4285 sections 5, 5.1,
 *   5.2).  A mobile node identifier precedes both (RFC 4283 section 3.2).
 *
 * Implements: RFC 6275 section 6.2, RFC 4283, RFC 4285 sections 5 and 6.
 */
#ifndef MIP6_WIRE_MHOPT_H
#define MIP6_WIRE_MHOPT_H

#include "base/rw.h"
#include "base/time.h"
#include "wire/parse.h"

#define MIP6_MHOPT_PAD1           0
#define MIP6_MHOPT_PADN           1
#define MIP6_MHOPT_REFRESH_ADVICE 2
#define MIP6_MHOPT_ALT_COA        3
#define MIP6_MHOPT_NONCE_INDICES  4
#define MIP6_MHOPT_AUTH_DATA      5  /* Binding Authorization Data */
#define MIP6_MHOPT_MN_ID          8  /* RFC 4283 */
#define MIP6_MHOPT_MESSAGE_AUTH   9  /* RFC 4285 section 5 */
#define MIP6_MHOPT_REPLAY         10 /* RFC 4285 section 6 */

#define MIP6_MHOPT_MAX      64 /* options walked, padding included */
#define MIP6_MH_AUTH_OCTETS 12 /* authenticators of 96 bits */
#define MIP6_MH_AUTH_MN_HA  1  /* subtypes */
#define MIP6_MH_AUTH_MN_AAA 2
#define MIP6_MN_ID_NAI      1 /* subtype of the identifier */

/*
 * An authenticator.  Parsed: `octets` points into the message.  To be
 * written: NULL writes zeroes, to be overwritten at the place that
 * mip6_mh_write tells.
 */
struct mip6_mh_auth {
	uint32_t spi; /* RFC 4285 alone */
	const uint8_t *octets;
	uint8_t count; /* MN-AAA: 1..250; else MIP6_MH_AUTH_OCTETS */
	/*
	 * Parsed: offset of the authenticator from the start of the Mobility
	 * Header; what it covers is mip6_mh_auth_span of it.
	 */
	uint16_t at;
};

struct mip6_mhopts {
	bool has_refresh_advice; /* BA */
	bool has_alt_coa;        /* BU */
	bool has_nonce_indices;  /* BU */
	bool has_auth_data;      /* BU, BA: Binding Authorization Data */
	bool has_mn_id;          /* any */
	bool has_mn_ha;          /* BU, BA: RFC 4285, subtype 1 */
	bool has_mn_aaa;         /* BU: RFC 4285, subtype 2 */
	bool has_replay;         /* BU, BA */

	struct mip6_span refresh_advice; /* multiple of 4 s on the wire */
	struct mip6_addr alt_coa;
	uint16_t home_nonce_index;
	uint16_t coa_nonce_index;
	struct mip6_mh_auth auth_data;
	struct mip6_mh_auth mn_ha;
	struct mip6_mh_auth mn_aaa;
	uint64_t replay; /* NTP timestamp */
	uint8_t mn_id_subtype;
	uint8_t mn_id_octets;
	const uint8_t *mn_id;

	uint8_t unknown; /* options skipped; not written */
};

/* Where mip6_mh_write put authenticators; 0: not there. */
struct mip6_mh_marks {
	size_t octets;       /* of the whole Mobility Header */
	size_t auth_data_at; /* offsets from the start of the header */
	size_t mn_ha_at;
	size_t mn_aaa_at;
};

/* Bits of mip6_mhopt_row.followed_by beyond one for each row. */
#define MIP6_MHOPT_BIT_UNKNOWN 14
#define MIP6_MHOPT_BIT_PADDING 15

struct mip6_mhopt_row {
	uint8_t type;
	uint8_t subtype; /* where has_subtype: the first octet of the data */
	bool has_subtype;
	uint8_t messages; /* bit (1 << MH type): where it is valid */
	uint8_t len_min;  /* of Option Length */
	uint8_t len_max;
	uint8_t align; /* align * n + rest, from the start of the header */
	uint8_t rest;
	/* What may come anywhere behind it: a bit for each row, and two. */
	uint16_t followed_by;
	const char *name;
	/* Is it in `o`? */
	bool (*has)(const struct mip6_mhopts *o);
	/* Option Length that it will have. */
	size_t (*len)(const struct mip6_mhopts *o);
	/*
	 * Reads its data, of a length that was checked, up to the end of `r`;
	 * r->pos is the offset in the Mobility Header.
	 */
	void (*read)(struct mip6_rd *r, struct mip6_mhopts *o);
	/* Writes its data; the header starts at offset `start` of `w`. */
	void (*write)(struct mip6_wr *w, size_t start,
	    const struct mip6_mhopts *o, struct mip6_mh_marks *marks);
};

/* The rows, in the order in which they are written. */
extern const struct mip6_mhopt_row mip6_mhopt_rows[];
extern const size_t mip6_mhopt_row_count;

/*
 * Reads the options of the Mobility Header `mh` (`count` octets, its whole
 * length) from offset `from` on.  Errors: OPTION_LENGTH at the length field,
 * OPTION_TWICE and OPTION_ORDER at the type of the option too many or out of
 * place, TOO_MANY at the option.
 */
enum mip6_parse mip6_mhopts_read(const uint8_t *mh, size_t count, size_t from,
    uint8_t mh_type, struct mip6_mhopts *o, size_t *bad_at);

/*
 * Writes options and padding behind what `w` holds from `start` (the first
 * octet of the header) on, to a multiple of 8 octets.  Options not valid in
 * messages of `mh_type` are a bug of the caller (asserted).
 */
void mip6_mhopts_write(struct mip6_wr *w, size_t start, uint8_t mh_type,
    const struct mip6_mhopts *o, struct mip6_mh_marks *marks);

#endif
