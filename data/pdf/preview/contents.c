#include "paper.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
What a file says about itself: its outline, what its pages are called, the files in it, and the links of a page. All of
it comes from outside and may be without end; what is beyond the bounds is left out.
*/

enum { MOST = 10000, DEEPEST = 32, LONGEST = 1000, MOST_FILES = 500, SEEN = 1 << 15, PATIENCE = CLOCKS_PER_SEC };

/* what stands before the letters of an entry; see contentsOf */
typedef struct {
	unsigned char kind, depth;
	unsigned short len;
	int page;
	float top;
	float box[4];
} entry;

typedef struct {
	paper_answer *a;
	size_t room, most;
	int count;
	clock_t end;
} list;

/* 0 when there is no room for more */
static int add(list *l, entry e, const char *text)
{
	size_t len = text ? strnlen(text, LONGEST) : 0;
	if (l->a->text_len + sizeof e + len > l->room) {
		size_t more = l->room ? 2 * l->room : 16 << 10;
		char *grown = more > l->most ? NULL : realloc(l->a->text, more);
		if (!grown)
			return 0;
		l->a->text = grown;
		l->room = more;
	}
	e.len = (unsigned short)len;
	memcpy(l->a->text + l->a->text_len, &e, sizeof e);
	if (len)
		memcpy(l->a->text + l->a->text_len + sizeof e, text, len);
	l->a->text_len += sizeof e + len;
	l->count++;
	return 1;
}

/* where an address within the file leads to */
static void aim(fz_context *ctx, paper *p, const char *uri, entry *e)
{
	float x = 0, y = 0;
	e->page = -1;
	if (!uri || fz_is_external_link(ctx, uri))
		return;
	fz_try(ctx) {
		fz_location to = fz_resolve_link(ctx, paper_document(p), uri, &x, &y);
		if (to.page >= 0)
			e->page = fz_page_number_from_location(ctx, paper_document(p), to);
	}
	fz_catch(ctx)
		e->page = -1;
	e->top = isfinite(y) ? y : 0;
}

/* objects seen before, by their numbers: nothing is gone into twice */
typedef struct {
	int seen[SEEN];
	int count;
} memory;

/* 0 when it was seen before, is none of its own, or there are too many */
static int is_new(fz_context *ctx, memory *m, pdf_obj *obj)
{
	int num = pdf_to_num(ctx, obj), at = (int)((unsigned int)num * 2654435761u % SEEN);
	if (num <= 0 || m->count >= SEEN / 2)
		return 0;
	for (; m->seen[at]; at = (at + 1) % SEEN)
		if (m->seen[at] == num)
			return 0;
	m->seen[at] = num;
	m->count++;
	return 1;
}

static int heading(fz_context *ctx, paper *p, pdf_document *doc, list *l, pdf_obj *node, int depth)
{
	entry e = { .kind = 'o', .depth = (unsigned char)depth };
	pdf_obj *title = pdf_dict_gets(ctx, node, "Title"), *dest = pdf_dict_gets(ctx, node, "Dest");
	char *uri = NULL;
	fz_var(uri);
	fz_try(ctx) {
		uri = dest ? pdf_parse_link_dest(ctx, doc, dest) : pdf_parse_link_action(ctx, doc, pdf_dict_gets(ctx, node, "A"), -1);
		aim(ctx, p, uri, &e);
	}
	fz_always(ctx)
		fz_free(ctx, uri);
	fz_catch(ctx)
		e.page = -1;
	return add(l, e, pdf_to_text_string(ctx, title));
}

/* never by calling itself: an outline may be as deep as it is long */
static void outline(fz_context *ctx, paper *p, pdf_document *doc, list *l, memory *m)
{
	pdf_obj *above[DEEPEST], *node = pdf_dict_gets(ctx, pdf_dict_getp(ctx, pdf_trailer(ctx, doc), "Root/Outlines"), "First");
	int depth = 0;
	while (l->count < MOST && clock() < l->end) {
		pdf_obj *below = NULL;
		if (node && is_new(ctx, m, node)) {
			if (!heading(ctx, p, doc, l, node, depth))
				return;
			below = depth + 1 < DEEPEST ? pdf_dict_gets(ctx, node, "First") : NULL;
		} else
			node = NULL;
		if (below) {
			above[depth++] = node;
			node = below;
			continue;
		}
		while (!(node = node ? pdf_dict_gets(ctx, node, "Next") : NULL) && depth > 0)
			node = above[--depth];
		if (!node)
			return;
	}
}

/* a tree of numbers or names with what belongs to them: each pair goes to use, until that says 0 */
static void pairs(fz_context *ctx, pdf_obj *root, const char *leaves, list *l, memory *m, int (*use)(fz_context *ctx, list *l, pdf_obj *key, pdf_obj *value))
{
	struct {
		pdf_obj *node;
		int next;
	} above[DEEPEST];
	int depth = 0, i;
	above[0].node = root;
	above[0].next = 0;
	while (depth >= 0 && clock() < l->end) {
		pdf_obj *node = above[depth].node, *kids = pdf_dict_gets(ctx, node, "Kids"), *leaf = pdf_dict_gets(ctx, node, leaves), *kid;
		if (above[depth].next == 0)
			for (i = 0; i + 1 < pdf_array_len(ctx, leaf); i += 2)
				if (!use(ctx, l, pdf_array_get(ctx, leaf, i), pdf_array_get(ctx, leaf, i + 1)))
					return;
		if (above[depth].next >= pdf_array_len(ctx, kids)) {
			depth--;
			continue;
		}
		kid = pdf_array_get(ctx, kids, above[depth].next++);
		if (depth + 1 < DEEPEST && is_new(ctx, m, kid)) {
			above[++depth].node = kid;
			above[depth].next = 0;
		}
	}
}

/* from which page on, in what style, from which number on, behind which letters */
static int label(fz_context *ctx, list *l, pdf_obj *key, pdf_obj *value)
{
	entry e = { .kind = 'l', .page = pdf_to_int(ctx, key), .top = 1 };
	pdf_obj *prefix = pdf_dict_gets(ctx, value, "P"), *start = pdf_dict_gets(ctx, value, "St");
	e.depth = (unsigned char)pdf_to_name(ctx, pdf_dict_gets(ctx, value, "S"))[0];
	if (start)
		e.top = (float)pdf_to_int(ctx, start);
	return l->count < MOST && add(l, e, prefix ? pdf_to_text_string(ctx, prefix) : NULL);
}

static int file(fz_context *ctx, list *l, pdf_obj *key, pdf_obj *value)
{
	entry e = { .kind = 'f' };
	pdf_obj *name = pdf_dict_gets(ctx, value, "UF");
	if (!name)
		name = pdf_dict_gets(ctx, value, "F");
	return l->count < MOST_FILES && add(l, e, pdf_to_text_string(ctx, name ? name : key));
}

static void finish(paper_answer *a)
{
	if (a->status != PAPER_OK || a->text)
		return;
	a->text = malloc(1);
	if (!a->text)
		a->status = PAPER_MEMORY;
}

void paper_contents(fz_context *ctx, paper *p, size_t max_len, paper_answer *a)
{
	list l = { .a = a, .most = max_len, .end = clock() + PATIENCE };
	pdf_document *doc = pdf_specifics(ctx, paper_document(p));
	memory *m = doc ? calloc(1, sizeof *m) : NULL;
	a->status = PAPER_OK;
	if (m) {
		/* each stands for itself: a broken one does not take the others with it */
		fz_try(ctx)
			pairs(ctx, pdf_dict_getp(ctx, pdf_trailer(ctx, doc), "Root/PageLabels"), "Nums", &l, m, label);
		fz_catch(ctx)
			(void)0;
		l.count = 0;
		fz_try(ctx)
			pairs(ctx, pdf_dict_getp(ctx, pdf_trailer(ctx, doc), "Root/Names/EmbeddedFiles"), "Names", &l, m, file);
		fz_catch(ctx)
			(void)0;
		l.count = 0;
		fz_try(ctx)
			outline(ctx, p, doc, &l, m);
		fz_catch(ctx)
			(void)0;
	}
	free(m);
	finish(a);
}

void paper_links(fz_context *ctx, paper *p, int page, size_t max_len, paper_answer *a)
{
	list l = { .a = a, .most = max_len, .end = clock() + PATIENCE };
	fz_link *first = NULL, *link;
	a->status = PAPER_OK;
	fz_var(first);
	fz_try(ctx) {
		fz_page *pg = paper_turn_to(ctx, p, page);
		fz_rect bounds = fz_bound_page(ctx, pg);
		first = fz_load_links(ctx, pg);
		for (link = first; link && l.count < MOST && clock() < l.end; link = link->next) {
			entry e = { .kind = 'k', .box = { link->rect.x0 - bounds.x0, link->rect.y0 - bounds.y0, link->rect.x1 - bounds.x0, link->rect.y1 - bounds.y0 } };
			aim(ctx, p, link->uri, &e);
			if (!add(&l, e, e.page < 0 ? link->uri : NULL))
				break;
		}
	}
	fz_always(ctx)
		fz_drop_link(ctx, first);
	fz_catch(ctx)
		paper_caught(ctx, a);
	finish(a);
	if (a->status != PAPER_OK) {
		free(a->text);
		a->text = NULL;
	}
}
