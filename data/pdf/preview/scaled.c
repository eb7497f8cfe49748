#include "scaled.h"

#include "entropy.h"
#include "room.h"
#include "samples.h"

#include <stdint.h>
#include <string.h>

/* ITU-T T.81. Names of markers, tables and variables are those of the standard. */

enum { MAX_COMPONENTS = 3, LONGEST = 65500 };

typedef struct {
	int id, h, v, tq, td, ta;
	int side, rx, ry; /* samples of a block as they come out, and how often each is repeated */
	int16_t pred;
	float lowest; /* what the lowest coefficient is multiplied with */
	entropy_place places[64];
	size_t stride;
	uint8_t *plane; /* of one row of MCUs */
} component;

struct scaled {
	const uint8_t *p, *end; /* of the file: what is not unstuffed yet */
	uint8_t *data;          /* unstuffed, up to the next marker */
	entropy_reader r;
	int broken;

	int shift, w, h, n, hmax, vmax, mcux, mcuy, row, interval, todo;
	component c[MAX_COMPONENTS];
	float quant[4][64];
	int has_quant[4];
	entropy_table dc[4], ac[4];
	uint8_t *out;
};

static const uint8_t zigzag[64] = {
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

static void repeated(const component *c, const float *f, uint8_t *to)
{
	uint8_t x[64];
	int i, j;
	samples_block(f, c->side, x, (size_t)c->side);
	for (i = 0; i < c->side * c->ry; i++)
		for (j = 0; j < c->side * c->rx; j++)
			to[(size_t)i * c->stride + (size_t)j] = x[i / c->ry * c->side + j / c->rx];
}

static void block(scaled *s, component *c, uint8_t *to)
{
	float f[65], lowest;
	int i, across = c->side * c->rx, down = c->side * c->ry;
	int filled = entropy_block(&s->r, &s->dc[c->td], &s->ac[c->ta], c->places, &c->pred, f, c->side * c->side);
	lowest = (float)c->pred * c->lowest;
	s->broken = filled < 0;
	if (filled <= 0) {
		uint8_t flat = samples_flat(lowest, c->side);
		for (i = 0; i < down; i++)
			memset(to + (size_t)i * c->stride, flat, (size_t)across);
		return;
	}
	f[0] = lowest;
	if (c->rx == 1 && c->ry == 1)
		samples_block(f, c->side, to, c->stride);
	else
		repeated(c, f, to);
}

/* the next piece of data without a marker */
static void next_piece(scaled *s)
{
	size_t used, len = entropy_unstuff(s->p, s->end, s->data, &used);
	s->p += used;
	s->r = entropy_at(s->data, s->data + len);
}

/* after so many MCUs the data begins anew behind a marker */
static void restart(scaled *s)
{
	int i;
	while (s->p + 1 < s->end && !(s->p[0] == 0xff && s->p[1] >= 0xd0 && s->p[1] <= 0xd7))
		s->p++;
	if (s->p + 1 < s->end)
		s->p += 2;
	else
		s->broken = 1;
	next_piece(s);
	for (i = 0; i < s->n; i++)
		s->c[i].pred = 0;
	s->todo = s->interval;
}

static void mcu(scaled *s, int x)
{
	int i, h, v;
	for (i = 0; i < s->n; i++) {
		component *c = &s->c[i];
		size_t wide = (size_t)(c->side * c->rx), high = (size_t)(c->side * c->ry);
		for (v = 0; v < c->v; v++)
			for (h = 0; h < c->h; h++) {
				if (s->broken)
					return;
				block(s, c, c->plane + (size_t)v * high * c->stride + ((size_t)x * (size_t)c->h + (size_t)h) * wide);
			}
	}
}

static int high(const scaled *s) { return s->vmax * (8 >> s->shift); }

size_t scaled_rows(scaled *s, unsigned char **rows)
{
	int x, y, count, h = high(s);
	if (s->row >= s->mcuy)
		return 0;
	for (x = 0; x < s->n; x++)
		if (s->broken)
			memset(s->c[x].plane, 128, s->c[x].stride * (size_t)h);
	for (x = 0; x < s->mcux && !s->broken; x++) {
		if (s->interval && s->todo-- == 0) {
			restart(s);
			s->todo--;
		}
		mcu(s, x);
	}
	count = s->h - s->row * h < h ? s->h - s->row * h : h;
	for (y = 0; y < count; y++) {
		size_t at = (size_t)y * s->c[0].stride;
		uint8_t *to = s->out + (size_t)y * (size_t)s->w * (size_t)s->n;
		if (s->n == 1)
			memcpy(to, s->c[0].plane + at, (size_t)s->w);
		else
			samples_colour(s->c[0].plane + at, s->c[1].plane + at, s->c[2].plane + at, to, s->w);
	}
	s->row++;
	*rows = s->out;
	return (size_t)count * (size_t)s->w * (size_t)s->n;
}

/* headers */

static int word(const uint8_t *p) { return p[0] << 8 | p[1]; }

static int quantization(scaled *s, const uint8_t *p, const uint8_t *end)
{
	while (p < end) {
		int wide = *p >> 4, t = *p & 15, i;
		if (t > 3 || wide > 1 || end - p < 1 + 64 * (wide + 1))
			return 0;
		p++;
		for (i = 0; i < 64; i++, p += wide + 1)
			s->quant[t][i] = (float)(wide ? word(p) : *p);
		s->has_quant[t] = 1;
	}
	return 1;
}

static int codes(scaled *s, const uint8_t *p, const uint8_t *end)
{
	while (p < end) {
		entropy_table *t = (*p >> 4 ? s->ac : s->dc) + (*p & 3);
		int n, total = 0;
		if ((*p & 0xec) != 0 || end - p < 17)
			return 0;
		for (n = 1; n <= 16; n++)
			total += p[n];
		if (total > 256 || end - p < 17 + total || !entropy_codes(t, p + 1, p + 17))
			return 0;
		p += 17 + total;
	}
	return 1;
}

static int frame(scaled *s, const uint8_t *p, size_t len)
{
	int i;
	if (len < 6 || p[0] != 8 || s->n || len < 6 + 3 * (size_t)p[5])
		return 0;
	s->h = word(p + 1);
	s->w = word(p + 3);
	s->n = p[5];
	if (s->w < 1 || s->h < 1 || s->w > LONGEST || s->h > LONGEST || (s->n != 1 && s->n != 3))
		return 0;
	for (i = 0, p += 6; i < s->n; i++, p += 3) {
		component *c = &s->c[i];
		c->id = p[0];
		c->h = s->n == 1 ? 1 : p[1] >> 4;
		c->v = s->n == 1 ? 1 : p[1] & 15;
		c->tq = p[2];
		if (c->h < 1 || c->h > 2 || c->v < 1 || c->v > 2 || c->tq > 3)
			return 0;
		s->hmax = c->h > s->hmax ? c->h : s->hmax;
		s->vmax = c->v > s->vmax ? c->v : s->vmax;
	}
	/* red, green and blue by their names, and brightness that is coarser than the colours, are for the library */
	return s->n == 1 || !(s->c[0].id == 'R' || s->c[0].h != s->hmax || s->c[0].v != s->vmax);
}

static int scan(scaled *s, const uint8_t *p, size_t len)
{
	int i;
	if (!s->n || len < 1 || p[0] != s->n || len < 4 + 2 * (size_t)s->n)
		return 0;
	for (i = 0; i < s->n; i++) {
		component *c = &s->c[i];
		if (p[1 + 2 * i] != c->id)
			return 0;
		c->td = p[2 + 2 * i] >> 4;
		c->ta = p[2 + 2 * i] & 15;
		if (c->td > 3 || c->ta > 3 || !s->dc[c->td].ready || !s->ac[c->ta].ready || !s->has_quant[c->tq])
			return 0;
	}
	return 1;
}

/* reads up to the beginning of the data; 0: not for us */
static int headers(scaled *s)
{
	const uint8_t *p = s->p;
	if (s->end - p < 4 || p[0] != 0xff || p[1] != 0xd8)
		return 0;
	for (p += 2; s->end - p >= 4;) {
		size_t len;
		int ok = 1, m = p[1];
		if (p[0] != 0xff)
			return 0;
		if (m == 0xff) { /* fill byte */
			p++;
			continue;
		}
		len = (size_t)word(p + 2);
		if (len < 2 || (size_t)(s->end - p) < 2 + len)
			return 0;
		p += 4;
		len -= 2;
		if (m == 0xdb)
			ok = quantization(s, p, p + len);
		else if (m == 0xc4)
			ok = codes(s, p, p + len);
		else if (m == 0xc0 || m == 0xc1)
			ok = frame(s, p, len);
		else if (m == 0xdd && len >= 2)
			s->interval = s->todo = word(p);
		else if (m == 0xee)
			ok = !(len >= 12 && memcmp(p, "Adobe", 5) == 0 && p[11] != 1);
		else if (m == 0xda) {
			s->p = p + len;
			return scan(s, p, len);
		} else if (m < 0xe0)
			ok = 0; /* another process */
		if (!ok)
			return 0;
		p += len;
	}
	return 0;
}

/* what each coefficient is multiplied with and where it goes */
static void weigh(component *c, const float *q)
{
	float scale = samples_scale(c->side);
	int k;
	c->lowest = q[0] * scale;
	for (k = 1; k < 64; k++) {
		c->places[k].by = q[k] * scale;
		c->places[k].to = samples_place(c->side, zigzag[k] & 7, zigzag[k] >> 3);
	}
}

static int rooms(scaled *s)
{
	int i, part = 8 >> s->shift;
	s->mcux = (s->w + 8 * s->hmax - 1) / (8 * s->hmax);
	s->mcuy = (s->h + 8 * s->vmax - 1) / (8 * s->vmax);
	s->w = (s->w + (1 << s->shift) - 1) >> s->shift;
	s->h = (s->h + (1 << s->shift) - 1) >> s->shift;
	for (i = 0; i < s->n; i++) {
		component *c = &s->c[i];
		int across = s->hmax / c->h, down = s->vmax / c->v, both = across < down ? across : down;
		c->side = part * both;
		c->rx = across / both;
		c->ry = down / both;
		c->stride = (size_t)(s->mcux * s->hmax * part);
		c->plane = room_take(c->stride * (size_t)high(s));
		if (!c->plane)
			return 0;
		weigh(c, s->quant[c->tq]);
		memset(c->plane, 128, c->stride * (size_t)high(s));
	}
	s->out = room_take((size_t)s->w * (size_t)s->n * (size_t)high(s) + 1);
	s->data = room_take((size_t)(s->end - s->p) + ENTROPY_SLACK);
	return s->out && s->data;
}

scaled *scaled_open(const unsigned char *data, size_t len, int shift)
{
	scaled *s = room_clear(1, sizeof *s);
	if (!s)
		return NULL;
	s->p = data;
	s->end = data + len;
	s->shift = shift;
	if (!headers(s) || !rooms(s)) {
		scaled_close(s);
		return NULL;
	}
	next_piece(s);
	return s;
}

void scaled_size(const scaled *s, int *w, int *h, int *n)
{
	*w = s->w;
	*h = s->h;
	*n = s->n;
}

void scaled_close(scaled *s)
{
	int i;
	if (!s)
		return;
	for (i = 0; i < MAX_COMPONENTS; i++)
		room_give(s->c[i].plane);
	room_give(s->out);
	room_give(s->data);
	room_give(s);
}
