/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of the core as JSON: events for watchers, and the pieces that the
 * daemon makes its tables of.
 */
#include "control/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "control/request.h"

#define EVENT_TEXT_OCTETS 256 /* of one string value; the rest is cut */

json_t *
mip6_control_text(const char *text)
{
	char ascii[EVENT_TEXT_OCTETS];
	size_t i;

	for (i = 0; text[i] != '\0' && i + 1 < sizeof(ascii); i++)
		ascii[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	ascii[i] = '\0';
	return json_string(ascii);
}

json_t *
mip6_control_addr(const struct mip6_addr *addr)
{
	return json_string(mip6_addr_text(addr).s);
}

json_t *
mip6_control_lladdr(const struct mip6_lladdr *addr)
{
	char text[24];
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));

	mip6_fmt_lladdr(&f, addr);
	return json_string(text);
}

static json_t *
event_value(const struct mip6_kv *kv)
{
	switch (kv->kind) {
	case MIP6_KV_STR:
		return mip6_control_text(kv->v.str != NULL ? kv->v.str : "");
	case MIP6_KV_U64:
		return json_integer((json_int_t)kv->v.u64);
	case MIP6_KV_I64:
		return json_integer(kv->v.i64);
	case MIP6_KV_ADDR:
		if (kv->v.addr == NULL)
			return json_null();
		return mip6_control_addr(kv->v.addr);
	case MIP6_KV_LLADDR:
		if (kv->v.lladdr == NULL)
			return json_null();
		return mip6_control_lladdr(kv->v.lladdr);
	case MIP6_KV_SPAN:
		return json_integer(kv->v.span.us);
	}
	return NULL;
}

char *
mip6_control_event_line(uint64_t wall_us, enum mip6_log_level level,
    const char *event, const struct mip6_kv *kv, size_t count)
{
	json_t *line, *data;
	char *text, *longer;
	char key[64];
	size_t octets, i;
	int failed = 0;

	data = json_object();
	for (i = 0; i < count; i++) {
		(void)snprintf(key, sizeof(key), "%s%s", kv[i].key,
		    kv[i].kind == MIP6_KV_SPAN ? "_us" : "");
		failed |= json_object_set_new(data, key, event_value(&kv[i]));
	}
	line = json_pack("{s:i,s:s,s:s,s:I,s:o}", "v", MIP6_CONTROL_VERSION,
	    "event", event, "level", mip6_control_level_name(level), "wall_us",
	    (json_int_t)wall_us, "data", data);
	text =
	    line != NULL && failed == 0 ? json_dumps(line, JSON_COMPACT) : NULL;
	json_decref(line);
	if (text == NULL)
		return NULL;
	octets = strlen(text);
	longer = realloc(text, octets + 2);
	if (longer == NULL) {
		free(text);
		return NULL;
	}
	memcpy(longer + octets, "\n", 2);
	return longer;
}
