/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libconfuse's lexer would pass over in silence, or remember until the
 * next file, is an error here, with the line it is in:
 *
 * - characters that it drops ("en*" without quotes would become "en");
 * - strings and comments without an end (its start state outlives the parse,
 *   so that the next, correct file would be read as the rest of a string);
 * - values from the environment, escapes and paths of options, which nobody
 *   needs here, and words without bound.
 *
 * Comments become spaces, since its count of lines goes wrong after them.
 */
#include "config/scan.h"

#include <string.h>

#define SCAN_DEPTH_MAX   8
#define SCAN_WORD_OCTETS 1024 /* of a string or a word: libconfuse is slow */

struct scan {
	char *text;
	size_t octets;
	size_t at;
	unsigned int line;
	unsigned int open[SCAN_DEPTH_MAX]; /* lines of braces not closed yet */
	unsigned int depth;
	struct mip6_config_scan *wrong;
};

static bool
scan_fail(struct scan *s, unsigned int line, const char *what)
{
	s->wrong->line = line;
	s->wrong->what = what;
	return false;
}

/* The octet `ahead` of the present one; 0 past the end. */
static char
scan_peek(const struct scan *s, size_t ahead)
{
	return s->octets - s->at > ahead ? s->text[s->at + ahead] : '\0';
}

static bool
scan_is_control(char c)
{
	unsigned char u = (unsigned char)c;

	return (u < ' ' && c != '\t' && c != '\n' && c != '\r') || u == 0x7f;
}

/* Blanks from here up to the end of the line. */
static bool
scan_line_comment(struct scan *s)
{
	while (s->at < s->octets && s->text[s->at] != '\n') {
		if (scan_is_control(s->text[s->at]))
			return scan_fail(s, s->line,
			    "a control character in a comment");
		s->text[s->at++] = ' ';
	}
	return true;
}

static bool
scan_block_comment(struct scan *s)
{
	unsigned int line = s->line;

	while (s->at < s->octets) {
		if (s->text[s->at] == '*' && scan_peek(s, 1) == '/') {
			memset(s->text + s->at, ' ', 2);
			s->at += 2;
			return true;
		}
		if (scan_is_control(s->text[s->at]))
			return scan_fail(s, s->line,
			    "a control character in a comment");
		if (s->text[s->at] == '\n')
			s->line++;
		else
			s->text[s->at] = ' ';
		s->at++;
	}
	return scan_fail(s, line, "the comment that begins here has no end");
}

/* Past the string that begins at the quote here. */
static bool
scan_string(struct scan *s)
{
	size_t from = s->at;

	for (s->at++; s->at < s->octets; s->at++) {
		char c = s->text[s->at];

		if (c == '"') {
			s->at++;
			return true;
		}
		if (c == '\n' || c == '\r')
			break;
		if (s->at - from > SCAN_WORD_OCTETS)
			return scan_fail(s, s->line,
			    "a string of more than 1024 octets");
		if (scan_is_control(c) || c == '\t')
			return scan_fail(s, s->line,
			    "a control character in a string");
		if (c == '\\' || (c == '$' && scan_peek(s, 1) == '{'))
			return scan_fail(s, s->line,
			    "a string is taken as it is: no \\ and no ${ in it");
	}
	return scan_fail(s, s->line,
	    "the string in this line has no closing quote");
}

static bool
scan_brace(struct scan *s, char c)
{
	if (c == '{') {
		if (s->depth == SCAN_DEPTH_MAX)
			return scan_fail(s, s->line,
			    "braces are nested too deeply");
		s->open[s->depth++] = s->line;
	} else {
		if (s->depth == 0)
			return scan_fail(s, s->line,
			    "a closing brace without its opening one");
		s->depth--;
	}
	s->at++;
	return true;
}

static bool
scan_is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("-_.:/@,=", c));
}

/* Past the octets without quotes that begin here, up to a comment. */
static bool
scan_word(struct scan *s)
{
	size_t from = s->at;

	while (s->at < s->octets && scan_is_plain(s->text[s->at])) {
		if (s->text[s->at] == '/' &&
		    (scan_peek(s, 1) == '/' || scan_peek(s, 1) == '*'))
			break;
		if (s->at - from == SCAN_WORD_OCTETS)
			return scan_fail(s, s->line,
			    "a word of more than 1024 octets");
		s->at++;
	}
	return true;
}

static bool
scan_token(struct scan *s)
{
	char c = s->text[s->at];

	switch (c) {
	case '\n':
		s->line++;
		s->at++;
		return true;
	case ' ':
	case '\t':
	case '\r':
		s->at++;
		return true;
	case '"':
		return scan_string(s);
	case '#':
		return scan_line_comment(s);
	case '{':
	case '}':
		return scan_brace(s, c);
	default:
		break;
	}
	if (c == '/' && scan_peek(s, 1) == '/')
		return scan_line_comment(s);
	if (c == '/' && scan_peek(s, 1) == '*') {
		memset(s->text + s->at, ' ', 2);
		s->at += 2;
		return scan_block_comment(s);
	}
	if (scan_is_control(c))
		return scan_fail(s, s->line, "a control character");
	if (c == '\'')
		return scan_fail(s, s->line, "strings stand in double quotes");
	if (!scan_is_plain(c))
		return scan_fail(s, s->line,
		    "a character that must stand inside double quotes");
	return scan_word(s);
}

bool
mip6_config_scan(char *text, size_t octets, struct mip6_config_scan *wrong)
{
	struct scan s = { .text = text,
		.octets = octets,
		.line = 1,
		.wrong = wrong };

	while (s.at < s.octets)
		if (!scan_token(&s))
			return false;
	if (s.depth > 0)
		return scan_fail(&s, s.open[s.depth - 1],
		    "the brace that opens here is never closed");
	return true;
}
