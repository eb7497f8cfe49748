#include "paper.h"
#include "room.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* in Go: fills a piece of the file the job under way is for; 0 when it cannot be read */
extern int paperRead(long long offset, unsigned char *to, int len);

enum { PIECE = 256 << 10, PIECES = 32 };

/* a file that is read piece by piece, with the pieces used last */
typedef struct {
	long long size;
	unsigned char *piece[PIECES];
	long long number[PIECES], used[PIECES], clock;
} far_file;

struct paper {
	fz_document *doc;
	unsigned char *data;
	far_file far;
	fz_page *page; /* loaded last */
	int number;
	float unit; /* what a point of the library is in ours: images without a believable size are scaled */
};

static void quiet(void *user, const char *message) { (void)user; (void)message; }

void paper_caught(fz_context *ctx, paper_answer *a)
{
	a->status = fz_caught(ctx) == FZ_ERROR_SYSTEM ? PAPER_MEMORY : PAPER_REFUSED;
	strncpy(a->message, fz_caught_message(ctx), sizeof a->message - 1);
}

static void *take(void *user, size_t size) { (void)user; return room_take(size); }
static void *change(void *user, void *p, size_t size) { (void)user; return room_change(p, size); }
static void give(void *user, void *p) { (void)user; room_give(p); }

fz_context *paper_start(size_t store)
{
	static const fz_alloc_context counted = { NULL, take, change, give };
	fz_context *ctx = fz_new_context_imp(&counted, NULL, store, PREVIEW_MUPDF_VERSION);
	int ok = 0;
	if (!ctx)
		return NULL;
	fz_set_warning_callback(ctx, quiet, NULL);
	fz_set_error_callback(ctx, quiet, NULL);
	fz_var(ok);
	fz_try(ctx) {
		/* nothing else is ever opened: no HTML, EPUB, SVG, XPS, archives */
		fz_register_document_handler(ctx, &pdf_document_handler);
		fz_register_document_handler(ctx, &img_document_handler);
		ok = 1;
	}
	fz_catch(ctx)
		ok = 0;
#ifdef __GLIBC__
	mallopt(M_ARENA_MAX, 1);
	/* keep the memory of one page for the next one: faulting it in again costs milliseconds */
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
	return ok ? ctx : NULL;
}

fz_document *paper_document(paper *p) { return p->doc; }

/* loads a page unless it is the one loaded last; throws */
fz_page *paper_turn_to(fz_context *ctx, paper *p, int number)
{
	if (p->page && p->number == number)
		return p->page;
	fz_drop_page(ctx, p->page);
	p->page = NULL;
	p->page = fz_load_page(ctx, p->doc, number);
	p->number = number;
	return p->page;
}

static void measure(fz_context *ctx, paper *p, int number, paper_answer *a)
{
	fz_rect b = fz_bound_page(ctx, paper_turn_to(ctx, p, number));
	a->w = (b.x1 - b.x0) * p->unit;
	a->h = (b.y1 - b.y0) * p->unit;
}

/* Phones and screenshots say 72 dpi or nothing: a photo would be a metre wide. Beyond A3 it counts as A4. */
static void believe_image_size(paper *p, paper_answer *a)
{
	float edge = a->w > a->h ? a->w : a->h;
	if (edge <= 1191)
		return;
	p->unit = 842 / edge;
	a->w *= p->unit;
	a->h *= p->unit;
}

static unsigned char *far_piece(far_file *f, long long number)
{
	long long from = number * PIECE;
	int len = (int)(f->size - from < PIECE ? f->size - from : PIECE);
	int i, at = 0;
	for (i = 0; i < PIECES; i++) {
		if (f->piece[i] && f->number[i] == number) {
			f->used[i] = ++f->clock;
			return f->piece[i];
		}
		if (f->used[i] < f->used[at])
			at = i;
	}
	if (!f->piece[at] && !(f->piece[at] = malloc(PIECE)))
		return NULL;
	f->number[at] = -1;
	if (!paperRead(from, f->piece[at], len))
		return NULL;
	f->number[at] = number;
	f->used[at] = ++f->clock;
	return f->piece[at];
}

static int far_next(fz_context *ctx, fz_stream *stm, size_t max)
{
	far_file *f = stm->state;
	long long number = stm->pos / PIECE, end = (number + 1) * PIECE;
	unsigned char *piece = stm->pos < f->size ? far_piece(f, number) : NULL;
	(void)ctx;
	(void)max;
	if (!piece)
		return -1; /* the end, or what counts as one: the job is refused anyway */
	stm->rp = piece + stm->pos % PIECE;
	stm->wp = piece + (end > f->size ? f->size - number * PIECE : PIECE);
	stm->pos = end > f->size ? f->size : end;
	return *stm->rp++;
}

static void far_seek(fz_context *ctx, fz_stream *stm, long long offset, int whence)
{
	far_file *f = stm->state;
	(void)ctx;
	if (whence == 1)
		offset += stm->pos - (stm->wp - stm->rp);
	else if (whence == 2)
		offset += f->size;
	stm->pos = offset < 0 ? 0 : offset > f->size ? f->size : offset;
	stm->rp = stm->wp = NULL;
}

static fz_stream *open_stream(fz_context *ctx, paper *p, size_t len)
{
	fz_stream *stm;
	if (p->data)
		return fz_open_memory(ctx, p->data, len);
	p->far.size = (long long)len;
	stm = fz_new_stream(ctx, &p->far, far_next, NULL);
	stm->seek = far_seek;
	return stm;
}

paper *paper_open(fz_context *ctx, unsigned char *data, size_t len, const char *magic, const char *password, int picture, paper_answer *a)
{
	fz_stream *stream = NULL;
	paper *p = calloc(1, sizeof *p);
	if (!p) {
		room_give(data);
		a->status = PAPER_MEMORY;
		return NULL;
	}
	p->data = data;
	p->unit = 1;
	a->status = PAPER_OK;
	fz_var(stream);
	fz_try(ctx) {
		stream = open_stream(ctx, p, len);
		p->doc = fz_open_document_with_stream(ctx, magic, stream);
		if (fz_needs_password(ctx, p->doc) && !fz_authenticate_password(ctx, p->doc, password))
			a->status = PAPER_PASSWORD;
		else if ((a->pages = fz_count_pages(ctx, p->doc)) < 1)
			a->status = PAPER_NO_PAGES;
	}
	fz_always(ctx)
		fz_drop_stream(ctx, stream);
	fz_catch(ctx)
		paper_caught(ctx, a);
	if (a->status == PAPER_OK) {
		fz_try(ctx) {
			measure(ctx, p, 0, a);
			if (picture)
				believe_image_size(p, a);
		}
		fz_catch(ctx)
			a->w = a->h = 0; /* the first page is broken; others may not be: A4 until asked */
	}
	if (a->status != PAPER_OK) {
		paper_close(ctx, p);
		return NULL;
	}
	return p;
}

void paper_close(fz_context *ctx, paper *p)
{
	int i;
	fz_drop_page(ctx, p->page);
	fz_drop_document(ctx, p->doc);
	for (i = 0; i < PIECES; i++)
		free(p->far.piece[i]);
	room_give(p->data);
	free(p);
}

void paper_size(fz_context *ctx, paper *p, int page, paper_answer *a)
{
	a->status = PAPER_OK;
	fz_try(ctx)
		measure(ctx, p, page, a);
	fz_catch(ctx)
		paper_caught(ctx, a);
}

void paper_draw(fz_context *ctx, paper *p, int page, float dpi, int turns, int depth, long long max_pixels,
	unsigned char *room, fz_cookie *cookie, paper_answer *a)
{
	fz_pixmap *pix = NULL;
	fz_device *dev = NULL;
	a->status = PAPER_OK;
	fz_var(pix);
	fz_var(dev);
	fz_try(ctx) {
		fz_page *pg = paper_turn_to(ctx, p, page);
		float k = dpi / 72 * p->unit;
		fz_matrix m = fz_concat(fz_scale(k, k), fz_rotate(90.0f * turns));
		fz_irect r = fz_round_rect(fz_transform_rect(fz_bound_page(ctx, pg), m));
		long long w = (long long)r.x1 - r.x0, h = (long long)r.y1 - r.y0;
		if (w < 1)
			r.x1 = r.x0 + (w = 1);
		if (h < 1)
			r.y1 = r.y0 + (h = 1);
		if (w > max_pixels || h > max_pixels / w) {
			a->status = PAPER_TOO_LARGE;
		} else if (!(a->pixels = room ? room : malloc((size_t)(w * h * depth)))) {
			a->status = PAPER_MEMORY;
		} else {
			a->width = (int)w;
			a->height = (int)h;
			pix = fz_new_pixmap_with_bbox_and_data(ctx, depth == 1 ? fz_device_gray(ctx) : fz_device_rgb(ctx), r, NULL, depth == 4, a->pixels);
			fz_clear_pixmap_with_value(ctx, pix, 0xff);
			dev = fz_new_draw_device(ctx, m, pix);
			fz_run_page(ctx, pg, dev, fz_identity, cookie); /* contents, annotations and form fields */
			fz_close_device(ctx, dev);
		}
	}
	fz_always(ctx) {
		fz_drop_device(ctx, dev);
		fz_drop_pixmap(ctx, pix);
	}
	fz_catch(ctx)
		paper_caught(ctx, a);
	if (cookie->abort)
		a->status = PAPER_ABORTED;
	if (a->status != PAPER_OK && a->pixels) {
		if (!room)
			free(a->pixels);
		a->pixels = NULL;
	}
}

/* runs a page into structured text, ends in use_text; nothing of the library's is left over */
static void read_page(fz_context *ctx, paper *p, int page, int flags, size_t max_len, fz_cookie *cookie, paper_answer *a,
	void (*use_text)(fz_context *ctx, paper *p, fz_stext_page *text, fz_rect bounds, size_t max_len, paper_answer *a))
{
	fz_stext_options options = { flags, 1, { 0, 0, 0, 0 } };
	fz_stext_page *text = NULL;
	fz_device *dev = NULL;
	a->status = PAPER_OK;
	fz_var(text);
	fz_var(dev);
	fz_try(ctx) {
		fz_page *pg = paper_turn_to(ctx, p, page);
		fz_rect bounds = fz_bound_page(ctx, pg);
		text = fz_new_stext_page(ctx, bounds);
		dev = fz_new_stext_device(ctx, text, &options);
		fz_run_page(ctx, pg, dev, fz_identity, cookie);
		fz_close_device(ctx, dev);
		use_text(ctx, p, text, bounds, max_len, a);
	}
	fz_always(ctx) {
		fz_drop_device(ctx, dev);
		fz_drop_stext_page(ctx, text);
	}
	fz_catch(ctx)
		paper_caught(ctx, a);
	if (cookie->abort)
		a->status = PAPER_ABORTED;
	if (a->status != PAPER_OK) {
		free(a->text);
		a->text = NULL;
	}
}

static void plain(fz_context *ctx, paper *p, fz_stext_page *text, fz_rect bounds, size_t max_len, paper_answer *a)
{
	unsigned char *s;
	fz_buffer *buf = fz_new_buffer_from_stext_page(ctx, text);
	(void)p;
	(void)bounds;
	a->text_len = fz_buffer_storage(ctx, buf, &s);
	if (a->text_len > max_len)
		a->text_len = max_len;
	a->text = malloc(a->text_len + 1);
	if (!a->text)
		a->status = PAPER_MEMORY;
	else
		memcpy(a->text, s, a->text_len);
	fz_drop_buffer(ctx, buf);
}

void paper_text(fz_context *ctx, paper *p, int page, size_t max_len, fz_cookie *cookie, paper_answer *a)
{
	read_page(ctx, p, page, FZ_STEXT_DEHYPHENATE, max_len, cookie, a, plain);
}

enum { WORD_HEAD = 4 * sizeof(float) + 2 * sizeof(unsigned int), WORD_LONGEST = 1000 };

/* the word being put together at the end of what is collected */
typedef struct {
	fz_rect box, bounds;
	float unit;
	unsigned int line, len;
	size_t room;
} word;

static void end_word(word *w, paper_answer *a)
{
	float box[4] = {
		(w->box.x0 - w->bounds.x0) * w->unit, (w->box.y0 - w->bounds.y0) * w->unit,
		(w->box.x1 - w->bounds.x0) * w->unit, (w->box.y1 - w->bounds.y0) * w->unit,
	};
	if (w->len == 0)
		return;
	memcpy(a->text + a->text_len, box, sizeof box);
	memcpy(a->text + a->text_len + sizeof box, &w->line, sizeof w->line);
	memcpy(a->text + a->text_len + sizeof box + sizeof w->line, &w->len, sizeof w->len);
	a->text_len += WORD_HEAD + w->len;
	w->len = 0;
}

static int blank(int c)
{
	return c <= ' ' || c == 0x7f || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200b) || c == 0x2028 || c == 0x2029
		|| c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

/* 0 when there is no room for more */
static int add_char(word *w, fz_stext_char *ch, size_t max_len, paper_answer *a)
{
	fz_rect box = fz_rect_from_quad(ch->quad);
	if (blank(ch->c) || w->len >= WORD_LONGEST)
		end_word(w, a);
	if (blank(ch->c))
		return 1;
	if (a->text_len + WORD_HEAD + w->len + 16 > w->room) {
		size_t more = w->room ? 2 * w->room : 16 << 10;
		char *grown = more > max_len ? NULL : realloc(a->text, more);
		if (!grown)
			return 0;
		a->text = grown;
		w->room = more;
	}
	w->box = w->len ? fz_union_rect(w->box, box) : box;
	w->len += (unsigned int)fz_runetochar(a->text + a->text_len + WORD_HEAD + w->len, ch->c);
	return 1;
}

static void words(fz_context *ctx, paper *p, fz_stext_page *text, fz_rect bounds, size_t max_len, paper_answer *a)
{
	word w = { { 0, 0, 0, 0 }, bounds, p->unit, 0, 0, 0 };
	fz_stext_block *block;
	fz_stext_line *line;
	fz_stext_char *ch;
	(void)ctx;
	for (block = text->first_block; block; block = block->next) {
		if (block->type != FZ_STEXT_BLOCK_TEXT)
			continue;
		for (line = block->u.t.first_line; line; line = line->next) {
			for (ch = line->first_char; ch; ch = ch->next)
				if (!add_char(&w, ch, max_len, a))
					return; /* what there is */
			end_word(&w, a);
			w.line++;
		}
	}
}

void paper_words(fz_context *ctx, paper *p, int page, size_t max_len, fz_cookie *cookie, paper_answer *a)
{
	read_page(ctx, p, page, 0, max_len, cookie, a, words);
}

void paper_tidy(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

void paper_obey_cpu_limit(void)
{
#ifdef SIGXCPU
	signal(SIGXCPU, SIG_DFL);
#endif
}
