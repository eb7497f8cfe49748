/* What the helper asks of MuPDF. No function here lets an exception of the library out. */
#ifndef SCHALTER_PAPER_H
#define SCHALTER_PAPER_H

#include "mupdf.h"

enum { PAPER_OK, PAPER_PASSWORD, PAPER_NO_PAGES, PAPER_TOO_LARGE, PAPER_REFUSED, PAPER_MEMORY, PAPER_ABORTED };

typedef struct paper paper;

typedef struct {
	int status;
	int pages;
	float w, h;            /* points */
	int width, height;     /* pixels */
	unsigned char *pixels; /* RGBA or gray; malloc'ed unless room was given */
	char *text;            /* malloc'ed UTF-8, or words */
	size_t text_len;
	char message[256];
} paper_answer;

/* NULL when the library is of another version than the one declared, or memory is short */
fz_context *paper_start(size_t store);

/* takes data over (of room.h); without data the file is read piece by piece through paperRead; NULL when not shown.
   picture: what it was is one, so that its size may be none that a paper has */
paper *paper_open(fz_context *ctx, unsigned char *data, size_t len, const char *magic, const char *password, int picture, paper_answer *a);
void paper_close(fz_context *ctx, paper *p);

void paper_size(fz_context *ctx, paper *p, int page, paper_answer *a);
/* depth: bytes of a pixel, 4 or (without colours) 1 */
void paper_draw(fz_context *ctx, paper *p, int page, float dpi, int turns, int depth, long long max_pixels,
	unsigned char *room, fz_cookie *cookie, paper_answer *a);
void paper_text(fz_context *ctx, paper *p, int page, size_t max_len, fz_cookie *cookie, paper_answer *a);
/* the words as records of: 4 floats (box in points), line, length, bytes; see wordsOf */
void paper_words(fz_context *ctx, paper *p, int page, size_t max_len, fz_cookie *cookie, paper_answer *a);

/* what the file says about itself, and the links of a page, as records of contents.c */
void paper_contents(fz_context *ctx, paper *p, size_t max_len, paper_answer *a);
void paper_links(fz_context *ctx, paper *p, int page, size_t max_len, paper_answer *a);

/* for contents.c; the second throws */
fz_document *paper_document(paper *p);
fz_page *paper_turn_to(fz_context *ctx, paper *p, int number);
void paper_caught(fz_context *ctx, paper_answer *a);

/* gives freed memory back to the system */
void paper_tidy(void);
/* ends the process when its processor time is used up; the Go runtime would ignore the signal */
void paper_obey_cpu_limit(void);

#endif
