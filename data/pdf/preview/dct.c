#include "paper.h"
#include "scaled.h"
#include "shrink.h"

#include <stdlib.h>

/*
A scan on the screen is a JPEG that is shown at a third of its size. The library would decode it with a reference
decoder and make it smaller sample by sample; where the linker can put these functions in front of its own, pictures
that are made smaller anyway are decoded by scaled.c and made smaller by shrink.c, and all others by the library.
*/
#ifdef __linux__

fz_stream *__real_fz_open_dctd(fz_context *ctx, fz_stream *chain, int color_transform, int invert_cmyk, int l2factor, fz_stream *jpegtables);
fz_stream *__wrap_fz_open_dctd(fz_context *ctx, fz_stream *chain, int color_transform, int invert_cmyk, int l2factor, fz_stream *jpegtables);

typedef struct {
	scaled *s;
	fz_buffer *data;
} filter;

static int next_rows(fz_context *ctx, fz_stream *stm, size_t max)
{
	filter *f = stm->state;
	size_t len = scaled_rows(f->s, &stm->rp);
	(void)ctx;
	(void)max;
	stm->wp = stm->rp + len;
	stm->pos += (long long)len;
	return len ? *stm->rp++ : -1;
}

static void drop_filter(fz_context *ctx, void *state)
{
	filter *f = state;
	scaled_close(f->s);
	fz_drop_buffer(ctx, f->data);
	free(f);
}

fz_stream *__wrap_fz_open_dctd(fz_context *ctx, fz_stream *chain, int color_transform, int invert_cmyk, int l2factor, fz_stream *jpegtables)
{
	fz_stream *stm = NULL, *memory = NULL;
	filter *f;
	unsigned char *data;
	size_t len;
	int cut, given = 0;
	if (l2factor < 1 || l2factor > 3 || color_transform == 0 || jpegtables)
		return __real_fz_open_dctd(ctx, chain, color_transform, invert_cmyk, l2factor, jpegtables);
	f = calloc(1, sizeof *f);
	if (!f)
		return __real_fz_open_dctd(ctx, chain, color_transform, invert_cmyk, l2factor, jpegtables);
	fz_var(stm);
	fz_var(memory);
	fz_var(given);
	fz_try(ctx) {
		f->data = fz_read_best(ctx, chain, 1 << 20, &cut, 0);
		len = fz_buffer_storage(ctx, f->data, &data);
		f->s = scaled_open(data, len, l2factor);
		if (f->s) {
			given = 1; /* also when it fails */
			stm = fz_new_stream(ctx, f, next_rows, drop_filter);
		} else {
			memory = fz_open_buffer(ctx, f->data);
			stm = __real_fz_open_dctd(ctx, memory, color_transform, invert_cmyk, l2factor, jpegtables);
		}
	}
	fz_always(ctx)
		fz_drop_stream(ctx, memory);
	fz_catch(ctx) {
		if (!given)
			drop_filter(ctx, f);
		fz_rethrow(ctx);
	}
	if (!given)
		drop_filter(ctx, f);
	return stm;
}

fz_pixmap *__real_fz_scale_pixmap_cached(fz_context *ctx, const fz_pixmap *src, float x, float y, float w, float h, const fz_irect *clip, void *cache_x, void *cache_y);
fz_pixmap *__wrap_fz_scale_pixmap_cached(fz_context *ctx, const fz_pixmap *src, float x, float y, float w, float h, const fz_irect *clip, void *cache_x, void *cache_y);

enum { WORTH_IT = 128 * 128, LARGEST = 1 << 15 };

/* where the picture goes, if that is whole pixels and all of them are asked for */
static int whole(float x, float y, float w, float h, const fz_irect *clip, fz_irect *to)
{
	float top = h < 0 ? y + h : y, high = h < 0 ? -h : h;
	if (!(w >= 1 && high >= 1 && w < LARGEST && high < LARGEST && x > -LARGEST && x < LARGEST && top > -LARGEST && top < LARGEST))
		return 0;
	to->x0 = (int)x;
	to->y0 = (int)top;
	to->x1 = to->x0 + (int)w;
	to->y1 = to->y0 + (int)high;
	return (float)to->x0 == x && (float)to->y0 == top && (float)(int)w == w && (float)(int)high == high && (int)w >= WORTH_IT / (int)high
		&& (!clip || (clip->x0 <= to->x0 && clip->y0 <= to->y0 && clip->x1 >= to->x1 && clip->y1 >= to->y1));
}

fz_pixmap *__wrap_fz_scale_pixmap_cached(fz_context *ctx, const fz_pixmap *src, float x, float y, float w, float h, const fz_irect *clip, void *cache_x, void *cache_y)
{
	shrink_picture from = { fz_pixmap_samples(ctx, src), fz_pixmap_width(ctx, src), fz_pixmap_height(ctx, src), fz_pixmap_components(ctx, src) }, to = from;
	fz_irect box;
	if (!fz_pixmap_alpha(ctx, src) && !fz_pixmap_spots(ctx, src) && fz_pixmap_stride(ctx, src) == from.w * from.n && whole(x, y, w, h, clip, &box)) {
		fz_pixmap *made = fz_new_pixmap_with_bbox(ctx, fz_pixmap_colorspace(ctx, src), box, NULL, 0);
		to.samples = fz_pixmap_samples(ctx, made);
		to.w = box.x1 - box.x0;
		to.h = box.y1 - box.y0;
		if (fz_pixmap_components(ctx, made) == from.n && shrink(&from, &to, h < 0))
			return made;
		fz_drop_pixmap(ctx, made);
	}
	return __real_fz_scale_pixmap_cached(ctx, src, x, y, w, h, clip, cache_x, cache_y);
}

#endif
