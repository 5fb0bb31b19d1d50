/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers of the daemon, for people.
 */
#ifndef MIP6_CTL_PRINT_H
#define MIP6_CTL_PRINT_H

#include <stdio.h>

#include <jansson.h>

#include "control/request.h"

#define MIP6_PRINT_COLUMNS 13

/* A table whose rows come in pages. */
struct mip6_print {
	FILE *out;
	bool colour;
	enum mip6_control_table table;
	size_t width[MIP6_PRINT_COLUMNS];
	bool begun;
	size_t rows;   /* printed */
	size_t hidden; /* counters that are zero */
};

void mip6_print_begin(struct mip6_print *p, FILE *out, bool colour,
    enum mip6_control_table table);
/* The next page; columns are as wide as the first one needs. */
void mip6_print_page(struct mip6_print *p, const json_t *rows);
/* Says when there was nothing. */
void mip6_print_end(struct mip6_print *p);

void mip6_print_status(FILE *out, bool colour, const json_t *status);
/* One event of `watch`. */
void mip6_print_event(FILE *out, bool colour, const json_t *event);
/* What a reload changed. */
void mip6_print_reload(FILE *out, const json_t *answer);

#define MIP6_PRINT_CELL 64
/* "1 h 02 min", "12.3 s", "0.25 s": a span of microseconds. */
void mip6_print_span(char text[MIP6_PRINT_CELL], int64_t us);

/* "text" of a member; "" when there is none.  Safe for a terminal. */
const char *mip6_print_text(const json_t *object, const char *name,
    char text[MIP6_PRINT_CELL]);

#endif
