/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobility Header messages, types 0 to 7.
 *
 * A received message goes through mip6_mh_receive.  A message is sent in three
 * steps: mip6_mh_write lays it out, the authenticators are computed over
 * mip6_mh_auth_span and copied to the places in the marks, and
 * mip6_mh_finish sets the checksum (R6.2.7-01: after the authenticator).
 *
 * Lifetimes are spans here; the wire has units of 4 s.
 *
 * Implements: RFC 6275 sections 6.1 and 9.2, RFC 4285 section 7 (statuses),
 * RFC 3963 section 4.2 (statuses).
 */
#ifndef MIP6_WIRE_MH_H
#define MIP6_WIRE_MH_H

#include "wire/mhopt.h"

enum mip6_mh_type {
	MIP6_MH_BRR = 0,  /* Binding Refresh Request */
	MIP6_MH_HOTI = 1, /* Home Test Init */
	MIP6_MH_COTI = 2, /* Care-of Test Init */
	MIP6_MH_HOT = 3,  /* Home Test */
	MIP6_MH_COT = 4,  /* Care-of Test */
	MIP6_MH_BU = 5,   /* Binding Update */
	MIP6_MH_BA = 6,   /* Binding Acknowledgement */
	MIP6_MH_BE = 7    /* Binding Error */
};
#define MIP6_MH_TYPES 8

/* Offsets in a Mobility Header, for Parameter Problems. */
#define MIP6_MH_AT_PROTO    0
#define MIP6_MH_AT_LEN      1
#define MIP6_MH_AT_TYPE     2
#define MIP6_MH_AT_CHECKSUM 4

#define MIP6_MH_OCTETS_MAX      2048 /* Header Len 255 */
#define MIP6_MH_COOKIE_OCTETS   8
#define MIP6_MH_LIFETIME_UNIT_S 4

/*
 * Status of a Binding Acknowledgement: below 128 accepted, else refused
 * (RFC 6275 section 6.1.8).  Rows {constant, value, name}.
 */
#define MIP6_BA_STATUSES(X)                                                    \
	X(ACCEPTED, 0, "accepted")                                             \
	X(ACCEPTED_PREFIX_DISCOVERY, 1, "accepted-prefix-discovery-necessary") \
	X(REASON_UNSPECIFIED, 128, "reason-unspecified")                       \
	X(ADMIN_PROHIBITED, 129, "administratively-prohibited")                \
	X(INSUFFICIENT_RESOURCES, 130, "insufficient-resources")               \
	X(HOME_REG_NOT_SUPPORTED, 131, "home-registration-not-supported")      \
	X(NOT_HOME_SUBNET, 132, "not-home-subnet")                             \
	X(NOT_HOME_AGENT, 133, "not-home-agent-for-this-mobile-node")          \
	X(DAD_FAILED, 134, "duplicate-address-detection-failed")               \
	X(SEQ_OUT_OF_WINDOW, 135, "sequence-number-out-of-window")             \
	X(EXPIRED_HOME_NONCE, 136, "expired-home-nonce-index")                 \
	X(EXPIRED_COA_NONCE, 137, "expired-care-of-nonce-index")               \
	X(EXPIRED_NONCES, 138, "expired-nonces")                               \
	X(REG_TYPE_CHANGE, 139, "registration-type-change-disallowed")         \
	/* RFC 3963 section 4.2 */                                             \
	X(MR_NOT_PERMITTED, 140, "mobile-router-operation-not-permitted")      \
	X(INVALID_PREFIX, 141, "invalid-prefix")                               \
	X(PREFIX_NOT_AUTHORIZED, 142, "not-authorized-for-prefix")             \
	X(FORWARDING_SETUP_FAILED, 143, "forwarding-setup-failed")             \
	/* RFC 4285 section 7 */                                               \
	X(ID_MISMATCH, 144, "mipv6-id-mismatch")                               \
	X(MESG_ID_REQD, 145, "mipv6-mesg-id-reqd")                             \
	X(AUTH_FAIL, 146, "mipv6-auth-fail")                                   \
	X(INVALID_COA, 174, "invalid-care-of-address")

enum mip6_ba_status {
#define MIP6_BA_STATUS_ENUM(c, v, n) MIP6_BA_##c = (v),
	MIP6_BA_STATUSES(MIP6_BA_STATUS_ENUM)
#undef MIP6_BA_STATUS_ENUM
};

/* "accepted"; "unknown" for a value without a row. */
const char *mip6_ba_status_name(uint8_t status);
/* R6.1.8-05: status < 128. */
bool mip6_ba_is_accepted(uint8_t status);

/* Status of a Binding Error (RFC 6275 section 6.1.9). */
enum mip6_be_status {
	MIP6_BE_UNKNOWN_BINDING = 1, /* for a Home Address option */
	MIP6_BE_UNKNOWN_MH_TYPE = 2
};

struct mip6_mh_init { /* HoTI, CoTI */
	uint8_t cookie[MIP6_MH_COOKIE_OCTETS];
};

struct mip6_mh_test { /* HoT, CoT */
	uint16_t nonce_index;
	uint8_t cookie[MIP6_MH_COOKIE_OCTETS];
	uint8_t token[MIP6_MH_COOKIE_OCTETS]; /* keygen token */
};

struct mip6_mh_bu {
	uint16_t seq;
	bool ack;                  /* A: acknowledge */
	bool home;                 /* H: home registration */
	bool link_local;           /* L: link-local address compatibility */
	bool key;                  /* K: key management mobility capability */
	struct mip6_span lifetime; /* 0: delete */
};

struct mip6_mh_ba {
	uint8_t status;
	bool key; /* K */
	uint16_t seq;
	struct mip6_span lifetime;
};

struct mip6_mh_be {
	uint8_t status;
	struct mip6_addr hoa; /* :: when there was none */
};

struct mip6_mh {
	enum mip6_mh_type type;
	union {
		struct mip6_mh_init init; /* HOTI, COTI */
		struct mip6_mh_test test; /* HOT, COT */
		struct mip6_mh_bu bu;
		struct mip6_mh_ba ba;
		struct mip6_mh_be be;
	} u;
	struct mip6_mhopts opt;
	size_t octets; /* parsed: whole length, (Header Len + 1) * 8 */
};

/* "BU"; "MH?" for an unknown type. */
const char *mip6_mh_type_name(uint8_t type);

/*
 * Reads a received message: everything that RFC 6275 section 9.2 demands, in
 * its order.  `octets`, `count`: the upper layer of the packet; `src`, `dst`:
 * its effective addresses (mip6_ip6_view.eff_src, .eff_dst).
 *
 * TRUNCATED at Header Len (or at `count`, when even that is missing);
 * BAD_CHECKSUM at the checksum: discard silently; UNKNOWN_TYPE at MH Type:
 * answer with a Binding Error (status 2); BAD_PROTO at Payload Proto and
 * BAD_LENGTH at Header Len: Parameter Problem code 0; then the errors of
 * mip6_mhopts_read.
 */
enum mip6_parse mip6_mh_receive(const uint8_t *octets, size_t count,
    const struct mip6_addr *src, const struct mip6_addr *dst, struct mip6_mh *m,
    size_t *bad_at);

/* The same without the checksum: for quoted messages, and for people. */
enum mip6_parse mip6_mh_read(const uint8_t *octets, size_t count,
    struct mip6_mh *m, size_t *bad_at);

/*
 * Writes a message from w->pos on with checksum 0 and its authenticators as
 * given (zero when their octets are NULL).  At most MIP6_MH_OCTETS_MAX octets.
 * *marks says how long it is and where the authenticators are; it may be NULL.
 * Nothing is to be used when the writer failed.
 */
void mip6_mh_write(struct mip6_wr *w, const struct mip6_mh *m,
    struct mip6_mh_marks *marks);

/* Sets the checksum of the `count` octets that mip6_mh_write wrote. */
void mip6_mh_finish(uint8_t *octets, size_t count, const struct mip6_addr *src,
    const struct mip6_addr *dst);

/*
 * The "MH Data" that an authenticator at offset `auth_at` covers: the header
 * from its start up to there (RFC 4285: including the SPI; RFC 6275 section
 * 6.2.7: all but the authenticator, which is last), with a checksum of 0, as
 * three pieces to be hashed one after the other.  The authenticator's input
 * begins with two addresses, which the caller puts before them:
 * RFC 4285: care-of address, home address; RFC 6275: care-of address,
 * correspondent.  auth_at > 6 (asserted).
 */
struct mip6_mh_auth_span {
	struct {
		const uint8_t *octets;
		size_t count;
	} piece[3];
};
struct mip6_mh_auth_span mip6_mh_auth_span(const uint8_t *mh, size_t auth_at);

/*
 * A span as wire units of 4 s: rounded down, but never to 0 (which deletes)
 * unless it is 0 or negative; 65,535 for all that is longer.
 */
uint16_t mip6_mh_lifetime_units(struct mip6_span s);
struct mip6_span mip6_mh_lifetime_span(uint16_t units);

#endif
