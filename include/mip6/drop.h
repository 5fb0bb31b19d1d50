/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every reason for which a packet or a message is discarded or refused, once.
 *
 * A row {CONSTANT, "name", "meaning"} is the counter, the word in the log, the
 * line of `mip6ctl show counters` and the name a test asserts.  Add a row here
 * and nothing else.
 */
#ifndef MIP6_DROP_H
#define MIP6_DROP_H

#include "base/base.h"

#define MIP6_DROPS(X)                                                          \
	/* any packet */                                                       \
	X(NOT_IP6, "not-ip6", "not an IPv6 packet")                            \
	X(TRUNCATED, "truncated", "shorter than its headers say")              \
	X(BAD_CHAIN, "bad-header-chain", "extension headers malformed")        \
	X(TOO_MANY_HEADERS, "too-many-headers", "header or option limit")      \
	X(BAD_CHECKSUM, "bad-checksum", "upper-layer checksum wrong")          \
	X(NOT_OURS, "not-ours", "destination is not an address of ours")       \
	X(SELF_SENT, "self-sent", "source is an address of ours")              \
	X(MARTIAN, "martian", "source or destination not usable as such")      \
	/* Home Address option and type 2 routing header */                    \
	X(HAO_TWICE, "hao-twice", "two Home Address options")                  \
	X(HAO_ORDER, "hao-order", "Home Address option in the wrong header")   \
	X(HAO_NOT_UNICAST, "hao-not-unicast", "home address not routable")     \
	X(HAO_NO_BINDING, "hao-no-binding", "no binding for the option")       \
	X(RH2_BAD, "rh2-bad", "type 2 routing header malformed")               \
	X(RH2_NOT_HOME, "rh2-not-home", "its address is no home address")      \
	X(RH_OTHER, "rh-other", "another routing header type")                 \
	/* Mobility Header */                                                  \
	X(MH_PROTO, "mh-payload-proto", "Payload Proto is not 59")             \
	X(MH_LENGTH, "mh-length", "Header Len too short or too long")          \
	X(MH_TYPE, "mh-type", "unknown Mobility Header type")                  \
	X(MH_OPTION, "mh-option", "mobility option malformed or misplaced")    \
	X(MH_WRONG_ROLE, "mh-wrong-role", "message for a role not played")     \
	X(MH_RATE, "mh-rate", "answers limited in rate")                       \
	/* Binding Update */                                                   \
	X(BU_NO_HOME_AGENT, "bu-no-home-agent", "not a home agent (131)")      \
	X(BU_NOT_HOME_SUBNET, "bu-not-home-subnet", "wrong home subnet (132)") \
	X(BU_UNKNOWN_MOBILE, "bu-unknown-mobile", "no such mobile node (129)") \
	X(BU_NO_BINDING, "bu-no-binding", "not home agent for it (133)")       \
	X(BU_HOA_INVALID, "bu-hoa-invalid", "home address not routable")       \
	X(BU_COA_INVALID, "bu-coa-invalid", "care-of address not routable")    \
	X(BU_SRC_INVALID, "bu-src-invalid", "source not unicast")              \
	X(BU_NO_HAO, "bu-no-hao", "home registration without home address")    \
	X(BU_NONCE_PRESENT, "bu-nonce-present", "Nonce Indices with H set")    \
	X(BU_SEQUENCE, "bu-sequence", "sequence number too old (135)")         \
	X(BU_TYPE_CHANGE, "bu-type-change", "H bit differs (139)")             \
	X(BU_RESOURCES, "bu-resources", "limit reached (130)")                 \
	X(BU_BUSY, "bu-busy", "refresh while too much waits; not answered")    \
	X(BU_DAD, "bu-dad-failed", "home address is another node's (134)")     \
	X(BU_AUTH_MISSING, "bu-auth-missing", "no authentication option")      \
	X(BU_AUTH_FAIL, "bu-auth-fail", "authentication failed (146)")         \
	X(BU_AUTH_SPI, "bu-auth-spi", "unknown SPI")                           \
	X(BU_ID_MISMATCH, "bu-id-mismatch", "replay timestamp off (144)")      \
	X(BU_ID_REPLAY, "bu-id-replay", "replay timestamp not newer (145)")    \
	X(BU_ID_MISSING, "bu-id-missing", "no replay timestamp (145)")         \
	X(BU_NONCE_MISSING, "bu-nonce-missing", "no Nonce Indices option")     \
	X(BU_NONCE_EXPIRED, "bu-nonce-expired", "nonce not valid (136-138)")   \
	X(BU_RR_FAIL, "bu-rr-fail", "not made with the tokens of its nonces")  \
	/* return routability */                                               \
	X(RR_HEADERS, "rr-headers", "Home Address option or routing header")   \
	/* Binding Acknowledgement and Binding Error at the mobile node */     \
	X(BA_UNEXPECTED, "ba-unexpected", "nothing outstanding for it")        \
	X(BA_SEQUENCE, "ba-sequence", "sequence number does not match")        \
	X(BA_AUTH_MISSING, "ba-auth-missing", "no authentication option")      \
	X(BA_AUTH_FAIL, "ba-auth-fail", "authentication failed")               \
	X(BA_UNAUTHENTICATED, "ba-unauthenticated", "refusal not believed")    \
	X(BA_ID, "ba-id", "replay timestamp not the one sent")                 \
	X(BA_LIFETIME, "ba-lifetime", "lifetime out of place")                 \
	X(BE_UNEXPECTED, "be-unexpected", "Binding Error from a stranger")     \
	/* Home Test and Care-of Test at the mobile node */                    \
	X(TEST_UNEXPECTED, "test-unexpected", "answers no test under way")     \
	X(TEST_COOKIE, "test-cookie", "its cookie is not the one sent")        \
	X(TEST_WAY, "test-way", "home test not through the tunnel")            \
	/* mobile prefix discovery */                                          \
	X(MP_INVALID, "mp-invalid", "mobile prefix message malformed")         \
	X(MPS_UNEXPECTED, "mps-unexpected", "solicitation not as it must be")  \
	X(MPS_NO_BINDING, "mps-no-binding", "solicitation without a binding")  \
	X(MPS_RATE, "mps-rate", "solicitations limited in rate")               \
	X(MPA_UNEXPECTED, "mpa-unexpected", "not from our home agent to us")   \
	X(MPA_UNSOLICITED, "mpa-unsolicited", "answers no solicitation")       \
	X(MPA_PREFIX, "mpa-prefix", "no home address is formed in it")         \
	/* Neighbour Discovery */                                              \
	X(ND_HOP_LIMIT, "nd-hop-limit", "hop limit is not 255")                \
	X(ND_INVALID, "nd-invalid", "malformed, or option of length 0")        \
	X(ND_SOURCE, "nd-source", "source not allowed")                        \
	X(ND_CLAIM, "nd-claim", "another node claims a defended address")      \
	X(ND_FULL, "nd-full", "neighbour, router or prefix table full")        \
	/* home agents on the home link */                                     \
	X(HA_LIST_FULL, "ha-list-full", "too many home agents on the link")    \
	X(DHAAD_INVALID, "dhaad-invalid", "address discovery malformed")       \
	X(DHAAD_RATE, "dhaad-rate", "address discovery limited in rate")       \
	X(DHAAD_UNEXPECTED, "dhaad-unexpected", "answers no request of ours")  \
	/* Multicast Listener Discovery */                                     \
	X(MLD_INVALID, "mld-invalid", "malformed, or not of its link")         \
	X(MLD_FULL, "mld-full", "too many groups of mobile nodes")             \
	/* tunnel */                                                           \
	X(TUNNEL_UNKNOWN, "tunnel-unknown", "no binding for the inner packet") \
	X(TUNNEL_PEER, "tunnel-peer", "outer source is not the tunnel's end")  \
	X(TUNNEL_LOOP, "tunnel-loop", "packet would enter its own tunnel")     \
	X(TUNNEL_SCOPE, "tunnel-scope", "link-local or multicast in a tunnel") \
	X(TUNNEL_HOPS, "tunnel-hop-limit", "hop limit used up")                \
	X(TUNNEL_TOO_BIG, "tunnel-too-big", "Packet Too Big sent back")        \
	X(TUNNEL_NESTED, "tunnel-nested", "too deeply nested")                 \
	X(TUNNEL_ECN, "tunnel-ecn", "congestion mark on what has no ECN")      \
	/* forwarding */                                                       \
	X(NO_ROW, "no-row", "no forwarding row")                               \
	X(BLOCKED, "blocked", "nothing registered: traffic held back")         \
	X(NO_ROUTE, "no-route", "the host has no route to it")                 \
	X(UNRESOLVED, "neighbour-unresolved", "next hop does not answer")      \
	X(WAITING_FULL, "waiting-full", "too many packets wait for next hop")  \
	X(FRAGMENT_BAD, "fragment-bad", "overlapping or malformed fragment")   \
	X(FRAGMENT_TIMEOUT, "fragment-timeout", "not all fragments in time")   \
	X(FRAGMENT_FULL, "fragment-full", "reassembly memory used up")         \
	X(TOO_BIG, "too-big", "larger than the link and not to be cut")        \
	X(NO_BUFFER, "no-buffer", "packet buffers used up")                    \
	X(TX_FAILED, "tx-failed", "the link did not take it")                  \
	/* ICMPv6 errors */                                                    \
	X(ICMP_QUOTE, "icmp-quote", "quoted packet is none that we sent")      \
	X(ICMP_RATE, "icmp-rate", "ICMPv6 errors limited in rate")             \
	X(ICMP_IGNORED, "icmp-ignored", "ICMPv6 message of no concern")

enum mip6_drop {
#define MIP6_DROP_ENUM(c, n, m) MIP6_DROP_##c,
	MIP6_DROPS(MIP6_DROP_ENUM)
#undef MIP6_DROP_ENUM
	    MIP6_DROP_COUNT
};

struct mip6_drops {
	uint64_t count[MIP6_DROP_COUNT];
};

/* "bad-checksum"; d < MIP6_DROP_COUNT (asserted). */
const char *mip6_drop_name(enum mip6_drop d);
/* "upper-layer checksum wrong" */
const char *mip6_drop_meaning(enum mip6_drop d);

#endif
