/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client of the control socket that sends anything, in pieces, and reads
 * when it likes.  The first octets of the input choose the pieces.  What comes
 * out are whole lines of JSON that say whether it went well.
 *
 * Links: control base
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "control/client.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

static json_t *
fuzz_answer(void *arg, const struct mip6_control_request *request, char *error,
    size_t octets)
{
	(void)arg;
	if (request->command == MIP6_CONTROL_RELOAD) {
		if (octets < 2)
			abort();
		memcpy(error, "e", 2);
		return NULL;
	}
	if (request->command == MIP6_CONTROL_SHOW &&
	    (request->max == 0 || request->max > MIP6_CONTROL_ROWS_MAX))
		abort();
	return json_pack("{s:i}", "command", (int)request->command);
}

/* Checks that `line` is an answer. */
static void
fuzz_check_line(const char *line, size_t count)
{
	json_t *object = json_loadb(line, count, 0, NULL);

	if (!json_is_object(object) ||
	    (!json_is_boolean(json_object_get(object, "ok")) &&
		!json_is_string(json_object_get(object, "event"))))
		abort();
	json_decref(object);
}

static void
fuzz_drain(struct mip6_control_client *c)
{
	const uint8_t *octets, *end;
	size_t count, line;

	while ((count = mip6_control_client_output(c, &octets)) > 0) {
		end = memchr(octets, '\n', count);
		if (end == NULL)
			abort();
		line = (size_t)(end - octets);
		fuzz_check_line((const char *)octets, line);
		mip6_control_client_sent(c, line + 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	static const char event[] = "{\"v\":1,\"event\":\"x\"}\n";
	struct mip6_time now = { 0 };
	struct mip6_control_client *c;
	size_t piece, room, at = 1;
	uint8_t step;

	if (count < 1)
		return 0;
	step = octets[0];
	c = mip6_control_client_new(fuzz_answer, NULL, now);
	if (c == NULL)
		return 0;
	while (at < count && !mip6_control_client_done(c)) {
		room = mip6_control_client_room(c);
		piece = step == 0 ? count : step;
		piece = piece < count - at ? piece : count - at;
		piece = piece < room ? piece : room;
		mip6_control_client_input(c, octets + at, piece);
		at += piece;
		mip6_control_client_run(c, now);
		mip6_control_client_event(c, MIP6_LOG_INFO, event,
		    sizeof(event) - 1);
		if (piece == 0 || (step & 1) != 0)
			fuzz_drain(c);
		now = mip6_time_add(now, MIP6_SPAN_MS(1));
	}
	if (!mip6_control_client_done(c)) {
		mip6_control_client_eof(c);
		/* At most as many requests as lines that fit. */
		for (at = 0; at < 2 * MIP6_CONTROL_LINE_OCTETS &&
		     !mip6_control_client_done(c);
		     at++) {
			now = mip6_time_add(now, MIP6_SPAN_S(10));
			mip6_control_client_run(c, now);
			fuzz_drain(c);
		}
		if (!mip6_control_client_done(c))
			abort();
	}
	mip6_control_client_free(c);
	return 0;
}
