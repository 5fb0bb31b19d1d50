/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every parser of this layer returns, once.
 *
 * A parser is given octets and their count, checks lengths first and fills a
 * plain struct, which may point into the input and lives no longer than it.
 * On anything but MIP6_PARSE_OK the struct must not be used (unless the
 * function says otherwise) and *bad_at is the offset of the bad field, from
 * the start of the IPv6 packet for ip6.h, from the start of the message
 * (Mobility Header, ICMPv6 header) for all else: an ICMPv6 Parameter Problem
 * needs it.  bad_at may be NULL.
 */
#ifndef MIP6_WIRE_PARSE_H
#define MIP6_WIRE_PARSE_H

#include "base/base.h"

#define MIP6_PARSES(X)                                                         \
	X(OK, "ok")                                                            \
	/* fewer octets than the headers say; at: the field that says so */    \
	X(TRUNCATED, "truncated")                                              \
	/* not version 6 */                                                    \
	X(BAD_VERSION, "bad-version")                                          \
	/* a length field too small or too large for this message */           \
	X(BAD_LENGTH, "bad-length")                                            \
	/* a field with a value that the format forbids */                     \
	X(BAD_VALUE, "bad-value")                                              \
	X(BAD_CHECKSUM, "bad-checksum")                                        \
	/* Payload Proto of a Mobility Header is not 59 */                     \
	X(BAD_PROTO, "bad-proto")                                              \
	/* a Mobility Header or ICMPv6 type that is not known here */          \
	X(UNKNOWN_TYPE, "unknown-type")                                        \
	/* an option's length: 0, past the end, or wrong for its type */       \
	X(OPTION_LENGTH, "option-length")                                      \
	/* an option at a place where it must not be */                        \
	X(OPTION_ORDER, "option-order")                                        \
	/* an option that may be there once, again */                          \
	X(OPTION_TWICE, "option-twice")                                        \
	/* more headers or options than the limit */                           \
	X(TOO_MANY, "too-many")                                                \
	/* RFC 4861 sections 6.1 and 7.1, see nd.h */                          \
	X(BAD_HOP_LIMIT, "bad-hop-limit")                                      \
	X(BAD_CODE, "bad-code")                                                \
	X(BAD_SOURCE, "bad-source")                                            \
	X(BAD_DESTINATION, "bad-destination")

enum mip6_parse {
#define MIP6_PARSE_ENUM(c, n) MIP6_PARSE_##c,
	MIP6_PARSES(MIP6_PARSE_ENUM)
#undef MIP6_PARSE_ENUM
	    MIP6_PARSE_COUNT
};

/* "truncated"; p < MIP6_PARSE_COUNT (asserted). */
const char *mip6_parse_name(enum mip6_parse p);

#endif
