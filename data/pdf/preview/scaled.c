#include "scaled.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ITU-T T.81. Names of markers, tables and variables are those of the standard. */

enum { FAST = 10, MAX_COMPONENTS = 3, LONGEST = 65500 };

typedef struct {
	uint16_t fast[1 << FAST]; /* length and symbol of codes that are short enough; 0: longer */
	int16_t direct[1 << FAST]; /* value, run and length where the coefficient follows within the same bits; 0: not */
	int32_t maxcode[18];      /* left-aligned to 16 bits, exclusive */
	int32_t delta[17];
	uint8_t symbols[256];
	int ready;
} huffman;

typedef struct {
	int id, h, v, tq, td, ta;
	int side, rx, ry; /* samples of a block as they come out, and how often each is repeated */
	int pred;
	size_t stride;
	uint8_t *plane; /* of one row of MCUs */
} component;

struct scaled {
	const uint8_t *p, *end;
	uint64_t buf; /* bits, the next one uppermost */
	int bits;     /* how many of them are real */
	int marker;   /* the data has ended */
	int broken;

	int shift, w, h, n, hmax, vmax, mcux, mcuy, row, interval, todo;
	component c[MAX_COMPONENTS];
	float quant[4][64];
	int has_quant[4];
	huffman dc[4], ac[4];
	uint8_t *out;
};

static const uint8_t zigzag[64] = {
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

/* bits */

/* the bits of one block, so that they stay in registers */
typedef struct {
	const uint8_t *p, *end;
	uint64_t buf;
	int bits, marker, broken;
} reader;

static inline uint64_t eight_bytes(const uint8_t *p)
{
	return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 | (uint64_t)p[3] << 32
		| (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 | (uint64_t)p[6] << 8 | p[7];
}

static void refill_slowly(reader *r)
{
	while (r->bits <= 56 && !r->marker) {
		uint64_t b;
		if (r->p >= r->end || (r->p[0] == 0xff && (r->p + 1 >= r->end || r->p[1] != 0))) {
			r->marker = 1;
			return;
		}
		b = *r->p;
		r->p += b == 0xff ? 2 : 1;
		r->buf |= b << (56 - r->bits);
		r->bits += 8;
	}
}

static inline void refill(reader *r)
{
	if (r->bits > 32)
		return;
	if (r->bits >= 0 && r->end - r->p >= 8) {
		uint64_t v = eight_bytes(r->p), x = ~v;
		if (!((x - 0x0101010101010101u) & ~x & 0x8080808080808080u)) { /* no byte is 0xff */
			int take = (63 - r->bits) >> 3;
			r->buf |= v >> r->bits;
			r->p += take;
			r->bits += take * 8;
			return;
		}
	}
	refill_slowly(r);
}

static inline void skip(reader *r, int n)
{
	r->buf <<= n;
	r->bits -= n;
}

static inline int symbol(reader *r, const huffman *h)
{
	uint32_t look = (uint32_t)(r->buf >> 48);
	uint16_t e = h->fast[look >> (16 - FAST)];
	int n;
	if (e) {
		skip(r, e >> 8);
		return e & 0xff;
	}
	for (n = FAST + 1; n <= 16; n++)
		if ((int32_t)look < h->maxcode[n]) {
			skip(r, n);
			return h->symbols[((look >> (16 - n)) + (uint32_t)h->delta[n]) & 0xff];
		}
	r->broken = 1;
	return 0;
}

/* n bits of a number as the standard writes it; n is at most 15 */
static inline int number(uint32_t bits, int n)
{
	int v = (int)bits;
	return v + (((v >> (n - 1)) - 1) & (1 - (1 << n)));
}

static inline int extend(reader *r, int n)
{
	int v;
	if (n == 0)
		return 0;
	v = number((uint32_t)(r->buf >> (64 - n)), n);
	skip(r, n);
	return v;
}

static inline int alternating(reader *r, const huffman *ac, const float *q, float *f)
{
	int k, filled = 0;
	for (k = 1; k < 64; k++) {
		int rs, value;
		int16_t d;
		refill(r);
		d = ac->direct[r->buf >> (64 - FAST)];
		if (d) {
			k += d >> 4 & 15;
			skip(r, d & 15);
			value = d >> 8;
		} else {
			rs = symbol(r, ac);
			k += rs >> 4;
			if ((rs & 15) == 0) {
				if (rs != 0xf0)
					break;
				continue;
			}
			value = extend(r, rs & 15);
		}
		if (k > 63) {
			r->broken = 1;
			break;
		}
		if (!filled)
			memset(f + 1, 0, 63 * sizeof *f);
		filled = 1;
		f[zigzag[k]] = (float)value * q[k];
	}
	return filled;
}

/* one block of coefficients, in natural order and dequantized; 0 when it is one flat colour */
static int coefficients(scaled *s, component *c, float *f)
{
	reader r = { s->p, s->end, s->buf, s->bits, s->marker, 0 };
	int n, filled = 0;
	refill(&r);
	n = symbol(&r, &s->dc[c->td]);
	if (n <= 11) {
		c->pred = (int16_t)(c->pred + extend(&r, n));
		f[0] = (float)c->pred * s->quant[c->tq][0];
		filled = alternating(&r, &s->ac[c->ta], s->quant[c->tq], f);
	}
	s->p = r.p;
	s->buf = r.buf;
	s->bits = r.bits;
	s->marker = r.marker;
	s->broken = r.broken || n > 11 || r.bits < 0;
	return filled && !s->broken;
}

/* Inverse transforms to 1, 2, 4 and 8 samples a side: those of the lowest coefficients, which is what the picture
   is when it is made smaller by leaving out what is too fine. All are orthonormal; a smaller side takes its part. */

static inline uint8_t sample(float v)
{
	v += 128.5f;
	v = v > 0.0f ? v : 0.0f;
	v = v < 255.0f ? v : 255.0f;
	return (uint8_t)(int)v;
}

static inline void four(const float *f, int step, float *x, int gap)
{
	float p = 0.5f * (f[0] + f[2 * step]), q = 0.5f * (f[0] - f[2 * step]);
	float r = 0.65328148f * f[step] + 0.27059805f * f[3 * step], t = 0.27059805f * f[step] - 0.65328148f * f[3 * step];
	x[0] = p + r;
	x[gap] = q + t;
	x[2 * gap] = q - t;
	x[3 * gap] = p - r;
}

static inline void eight(const float *f, int step, float *x, int gap)
{
	const float c1 = 0.49039264f, c2 = 0.46193977f, c3 = 0.41573481f, c4 = 0.35355339f, c5 = 0.27778512f, c6 = 0.19134172f, c7 = 0.09754516f;
	float f1 = f[step], f2 = f[2 * step], f3 = f[3 * step], f5 = f[5 * step], f6 = f[6 * step], f7 = f[7 * step];
	float p = c4 * (f[0] + f[4 * step]), q = c4 * (f[0] - f[4 * step]), r = c2 * f2 + c6 * f6, t = c6 * f2 - c2 * f6;
	float e0 = p + r, e1 = q + t, e2 = q - t, e3 = p - r;
	float o0 = c1 * f1 + c3 * f3 + c5 * f5 + c7 * f7, o1 = c3 * f1 - c7 * f3 - c1 * f5 - c5 * f7;
	float o2 = c5 * f1 - c1 * f3 + c7 * f5 + c3 * f7, o3 = c7 * f1 - c5 * f3 + c3 * f5 - c1 * f7;
	x[0] = e0 + o0;
	x[gap] = e1 + o1;
	x[2 * gap] = e2 + o2;
	x[3 * gap] = e3 + o3;
	x[4 * gap] = e3 - o3;
	x[5 * gap] = e2 - o2;
	x[6 * gap] = e1 - o1;
	x[7 * gap] = e0 - o0;
}

static void transform(const float *f, int side, float *x)
{
	float t[64];
	int i;
	switch (side) {
	case 1:
		x[0] = f[0] * 0.125f;
		return;
	case 2: {
		float a = 0.125f * f[0], b = 0.125f * f[1], c = 0.125f * f[8], d = 0.125f * f[9];
		x[0] = a + b + c + d;
		x[1] = a - b + c - d;
		x[2] = a + b - c - d;
		x[3] = a - b - c + d;
		return;
	}
	case 4:
		for (i = 0; i < 4; i++)
			four(f + i, 8, t + i, 4);
		for (i = 0; i < 4; i++)
			four(t + 4 * i, 1, x + 4 * i, 1);
		for (i = 0; i < 16; i++)
			x[i] *= 0.5f;
		return;
	default:
		for (i = 0; i < 8; i++)
			eight(f + i, 8, t + i, 8);
		for (i = 0; i < 8; i++)
			eight(t + 8 * i, 1, x + 8 * i, 1);
	}
}

static void block(scaled *s, component *c, uint8_t *to)
{
	float f[64], x[64];
	int across = c->side * c->rx, down = c->side * c->ry, i, j;
	f[0] = 0;
	if (!coefficients(s, c, f)) {
		uint8_t flat = sample(f[0] * 0.125f);
		for (i = 0; i < down; i++)
			memset(to + (size_t)i * c->stride, flat, (size_t)across);
		return;
	}
	transform(f, c->side, x);
	if (c->rx == 1 && c->ry == 1 && c->side == 4) { /* the usual ones, in a form that compilers make short */
		for (i = 0; i < 4; i++, to += c->stride)
			for (j = 0; j < 4; j++)
				to[j] = sample(x[i * 4 + j]);
		return;
	}
	if (c->rx == 1 && c->ry == 1 && c->side == 8) {
		for (i = 0; i < 8; i++, to += c->stride)
			for (j = 0; j < 8; j++)
				to[j] = sample(x[i * 8 + j]);
		return;
	}
	for (i = 0; i < down; i++)
		for (j = 0; j < across; j++)
			to[(size_t)i * c->stride + (size_t)j] = sample(x[i / c->ry * c->side + j / c->rx]);
}

/* after so many MCUs the data begins anew behind a marker */
static void restart(scaled *s)
{
	int i;
	s->buf = 0;
	s->bits = s->marker = 0;
	while (s->p + 1 < s->end && !(s->p[0] == 0xff && s->p[1] >= 0xd0 && s->p[1] <= 0xd7))
		s->p++;
	if (s->p + 1 < s->end)
		s->p += 2;
	else
		s->broken = 1;
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

static inline uint8_t clamp(int v) { return v < 0 ? 0 : v > 255 ? 255 : (uint8_t)v; }

static void colour(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, uint8_t *to, int n)
{
	int i;
	for (i = 0; i < n; i++) {
		int l = y[i] * 65536 + 32768, b = cb[i] - 128, r = cr[i] - 128;
		to[3 * i] = clamp((l + 91881 * r) >> 16);
		to[3 * i + 1] = clamp((l - 22554 * b - 46802 * r) >> 16);
		to[3 * i + 2] = clamp((l + 116130 * b) >> 16);
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
			colour(s->c[0].plane + at, s->c[1].plane + at, s->c[2].plane + at, to, s->w);
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

/* coefficients that are so short that code and value are looked up at once */
static void direct(huffman *h)
{
	uint32_t i;
	for (i = 0; i < 1 << FAST; i++) {
		int len = h->fast[i] >> 8, run = h->fast[i] >> 4 & 15, n = h->fast[i] & 15, v;
		if (!len || !n || len + n > FAST)
			continue;
		v = number(i >> (FAST - len - n) & ((1u << n) - 1), n);
		if (v >= -128 && v <= 127)
			h->direct[i] = (int16_t)(v * 256 + run * 16 + len + n);
	}
}

static int codes(scaled *s, const uint8_t *p, const uint8_t *end)
{
	while (p < end) {
		huffman *h = (*p >> 4 ? s->ac : s->dc) + (*p & 3);
		int n, i, k = 0, code = 0, total = 0;
		const uint8_t *counts = p + 1;
		if ((*p & 0xec) != 0 || end - p < 17)
			return 0;
		for (n = 0; n < 16; n++)
			total += counts[n];
		if (total > 256 || end - p < 17 + total)
			return 0;
		memset(h, 0, sizeof *h);
		memcpy(h->symbols, p + 17, (size_t)total);
		for (n = 1; n <= 16; n++, code <<= 1) {
			h->delta[n] = k - code;
			for (i = 0; i < counts[n - 1]; i++, k++, code++) {
				if (code >= 1 << n)
					return 0;
				if (n <= FAST) {
					int from = code << (FAST - n), j;
					for (j = 0; j < 1 << (FAST - n); j++)
						h->fast[from + j] = (uint16_t)(n << 8 | h->symbols[k]);
				}
			}
			h->maxcode[n] = code << (16 - n);
		}
		direct(h);
		h->ready = 1;
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
		c->plane = malloc(c->stride * (size_t)high(s));
		if (!c->plane)
			return 0;
		memset(c->plane, 128, c->stride * (size_t)high(s));
	}
	s->out = malloc((size_t)s->w * (size_t)s->n * (size_t)high(s));
	return s->out != NULL;
}

scaled *scaled_open(const unsigned char *data, size_t len, int shift)
{
	scaled *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->p = data;
	s->end = data + len;
	s->shift = shift;
	if (!headers(s) || !rooms(s)) {
		scaled_close(s);
		return NULL;
	}
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
		free(s->c[i].plane);
	free(s->out);
	free(s);
}
