#include "shrink.h"

#include "room.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __x86_64__
#include <emmintrin.h>
#endif

/*
Each sample is the sum of those it covers and their neighbours, each by a weight, which together are one: first from the
rows, then within the row. A neighbour's weight falls smoothly with its distance.
*/

enum { TAPS = 6, ONE = 256 };

/* what one sample is made of */
typedef struct {
	int from, count;
	uint16_t by[TAPS];
} taps;

static double weight(double distance)
{
	double d = distance < 0 ? -distance : distance;
	return d >= 1 ? 0 : 1 + (2 * d - 3) * d * d;
}

/* from and to: how many samples there are and will be */
static int weigh(taps *all, int from, int to)
{
	double step = (double)from / to;
	int i, k;
	for (i = 0; i < to; i++) {
		taps *t = &all[i];
		double centre = (i + 0.5) * step - 0.5, sum = 0, by[TAPS];
		int first = (int)(centre - step) + (centre > step), last = (int)(centre + step), rest = ONE, most = 0;
		first = first < 0 ? 0 : first;
		last = last > from - 1 ? from - 1 : last;
		if (last - first >= TAPS || last < first)
			return 0;
		t->from = first;
		t->count = last - first + 1;
		for (k = 0; k < t->count; k++)
			sum += by[k] = weight((first + k - centre) / step);
		for (k = 0; k < t->count; k++) {
			t->by[k] = (uint16_t)(by[k] / sum * ONE + 0.5);
			rest -= t->by[k];
			most = t->by[k] > t->by[most] ? k : most;
		}
		t->by[most] = (uint16_t)(t->by[most] + rest);
	}
	return 1;
}

/* one row out of several; there are at most ONE times 255 in a sum, which fits */
static void mix(const uint8_t *rows, size_t stride, const taps *t, uint8_t *to, size_t len)
{
	size_t i;
	int k;
	for (i = 0; i < len; i++) {
		uint16_t sum = ONE / 2;
		for (k = 0; k < t->count; k++)
			sum = (uint16_t)(sum + rows[(size_t)k * stride + i] * t->by[k]);
		to[i] = (uint8_t)(sum >> 8);
	}
}

/* the usual number of rows, in a form that compilers make short */
static void mix3(const uint8_t *a, const uint8_t *b, const uint8_t *c, const uint16_t by[3], uint8_t *to, size_t len)
{
	const uint16_t p = by[0], q = by[1], r = by[2];
	size_t i;
	for (i = 0; i < len; i++)
		to[i] = (uint8_t)((uint16_t)((uint16_t)(a[i] * p) + (uint16_t)(b[i] * q) + (uint16_t)(c[i] * r) + ONE / 2) >> 8);
}

static void one(const uint8_t *row, const taps *all, uint8_t *to, int w)
{
	int i, k;
	for (i = 0; i < w; i++) {
		uint32_t sum = ONE / 2;
		for (k = 0; k < all[i].count; k++)
			sum += (uint32_t)row[all[i].from + k] * all[i].by[k];
		to[i] = (uint8_t)(sum >> 8);
	}
}

/* row and to have a byte more than they need */
static void three(const uint8_t *row, const taps *all, uint8_t *to, int w)
{
	int i, k;
	for (i = 0; i < w; i++, to += 3) {
		const uint8_t *p = row + 3 * all[i].from;
#ifdef __x86_64__
		const __m128i zero = _mm_setzero_si128();
		__m128i sum = _mm_set1_epi16(ONE / 2);
		int32_t v;
		for (k = 0; k < all[i].count; k++, p += 3) {
			memcpy(&v, p, 4);
			sum = _mm_add_epi16(sum, _mm_mullo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(v), zero), _mm_set1_epi16((short)all[i].by[k])));
		}
		sum = _mm_srli_epi16(sum, 8);
		v = _mm_cvtsi128_si32(_mm_packus_epi16(sum, sum));
		memcpy(to, &v, 4);
#else
		uint32_t r = ONE / 2, g = ONE / 2, b = ONE / 2;
		for (k = 0; k < all[i].count; k++, p += 3) {
			r += (uint32_t)p[0] * all[i].by[k];
			g += (uint32_t)p[1] * all[i].by[k];
			b += (uint32_t)p[2] * all[i].by[k];
		}
		to[0] = (uint8_t)(r >> 8);
		to[1] = (uint8_t)(g >> 8);
		to[2] = (uint8_t)(b >> 8);
#endif
	}
}

static void row(const shrink_picture *from, const shrink_picture *to, const taps *across, const taps *down, int y, uint8_t *mixed, uint8_t *out)
{
	size_t stride = (size_t)from->w * (size_t)from->n;
	const uint8_t *rows = from->samples + (size_t)down[y].from * stride;
	if (down[y].count == 3)
		mix3(rows, rows + stride, rows + 2 * stride, down[y].by, mixed, stride);
	else
		mix(rows, stride, &down[y], mixed, stride);
	if (to->n == 1)
		one(mixed, across, out, to->w);
	else
		three(mixed, across, out, to->w);
}

int shrink(const shrink_picture *from, const shrink_picture *to, int flipped)
{
	size_t in = (size_t)from->w * (size_t)from->n, out = (size_t)to->w * (size_t)to->n;
	taps *across, *down;
	uint8_t *mixed, *made;
	int y, done = 0;
	if ((from->n != 1 && from->n != 3) || to->w > from->w || to->h > from->h || to->w < 1 || to->h < 1)
		return 0;
	across = room_take((size_t)to->w * sizeof *across);
	down = room_take((size_t)to->h * sizeof *down);
	mixed = room_clear(in + 1, 1);
	made = room_take(out + 1);
	if (across && down && mixed && made && weigh(across, from->w, to->w) && weigh(down, from->h, to->h)) {
		for (y = 0; y < to->h; y++) {
			row(from, to, across, down, y, mixed, made);
			memcpy(to->samples + (size_t)(flipped ? to->h - 1 - y : y) * out, made, out);
		}
		done = 1;
	}
	room_give(across);
	room_give(down);
	room_give(mixed);
	room_give(made);
	return done;
}
