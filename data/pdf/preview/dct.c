#include "paper.h"
#include "scaled.h"

#include <stdlib.h>

/*
A scan on the screen is a JPEG that is shown at a third of its size. The library would decode it with a reference
decoder; where the linker can put this filter in front of its own, pictures that are made smaller anyway are decoded
by scaled.c, and all others by the library.
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

#endif
