#include "samples.h"

#include <string.h>
#ifdef __x86_64__
#include <emmintrin.h>
#endif

/*
Inverse transforms to 1, 2, 4 and 8 samples a side: those of the lowest coefficients, which is what the picture is when
it is made smaller by leaving out what is too fine. All are orthonormal; a smaller side takes its part.

Four numbers are calculated with at a time, in a way that compilers know for every processor. The coefficients lie with
the columns one after the other, so that what comes out of the second pass are rows.
*/

typedef float four __attribute__((vector_size(16)));
typedef int32_t four_int __attribute__((vector_size(16)));

#ifdef __clang__
#define PICK(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
#define PICK(a, b, i, j, k, l) __builtin_shuffle(a, b, (four_int){ i, j, k, l })
#endif

uint32_t samples_place(int side, int u, int v) { return (uint32_t)(u < side && v < side ? u * side + v : side * side); }

float samples_scale(int side) { return side == 8 ? 1.0f : side == 4 ? 0.5f : 0.125f; }

static inline uint8_t sample(float v)
{
	v += 128.5f;
	v = v > 0.0f ? v : 0.0f;
	v = v < 255.0f ? v : 255.0f;
	return (uint8_t)(int)v;
}

uint8_t samples_flat(float lowest, int side) { return sample(lowest * (side == 8 ? 0.125f : side == 4 ? 0.25f : 1.0f)); }

static inline four load(const float *f)
{
	four v;
	memcpy(&v, f, sizeof v);
	return v;
}

/* four samples */
static inline void put(uint8_t *to, four v)
{
#ifdef __x86_64__
	__m128i i = _mm_cvttps_epi32(_mm_add_ps((__m128)v, _mm_set1_ps(128.5f)));
	int32_t out;
	i = _mm_packs_epi32(i, i);
	out = _mm_cvtsi128_si32(_mm_packus_epi16(i, i));
	memcpy(to, &out, sizeof out);
#else
	int i;
	for (i = 0; i < 4; i++)
		to[i] = sample(v[i]);
#endif
}

static inline void turn(four *a, four *b, four *c, four *d)
{
	four ab = PICK(*a, *b, 0, 4, 1, 5), cd = PICK(*c, *d, 0, 4, 1, 5), AB = PICK(*a, *b, 2, 6, 3, 7), CD = PICK(*c, *d, 2, 6, 3, 7);
	*a = PICK(ab, cd, 0, 1, 4, 5);
	*b = PICK(ab, cd, 2, 3, 6, 7);
	*c = PICK(AB, CD, 0, 1, 4, 5);
	*d = PICK(AB, CD, 2, 3, 6, 7);
}

static inline void pass4(four *x)
{
	four p = 0.5f * (x[0] + x[2]), q = 0.5f * (x[0] - x[2]);
	four r = 0.65328148f * x[1] + 0.27059805f * x[3], t = 0.27059805f * x[1] - 0.65328148f * x[3];
	x[0] = p + r;
	x[1] = q + t;
	x[2] = q - t;
	x[3] = p - r;
}

static void block4(const float *f, uint8_t *to, size_t stride)
{
	four x[4] = { load(f), load(f + 4), load(f + 8), load(f + 12) };
	int i;
	pass4(x);
	turn(x, x + 1, x + 2, x + 3);
	pass4(x);
	for (i = 0; i < 4; i++)
		put(to + (size_t)i * stride, x[i]);
}

static inline void pass8(four *x)
{
	const float c1 = 0.49039264f, c2 = 0.46193977f, c3 = 0.41573481f, c4 = 0.35355339f, c5 = 0.27778512f, c6 = 0.19134172f, c7 = 0.09754516f;
	four p = c4 * (x[0] + x[4]), q = c4 * (x[0] - x[4]), r = c2 * x[2] + c6 * x[6], t = c6 * x[2] - c2 * x[6];
	four e0 = p + r, e1 = q + t, e2 = q - t, e3 = p - r;
	four o0 = c1 * x[1] + c3 * x[3] + c5 * x[5] + c7 * x[7], o1 = c3 * x[1] - c7 * x[3] - c1 * x[5] - c5 * x[7];
	four o2 = c5 * x[1] - c1 * x[3] + c7 * x[5] + c3 * x[7], o3 = c7 * x[1] - c5 * x[3] + c3 * x[5] - c1 * x[7];
	x[0] = e0 + o0;
	x[1] = e1 + o1;
	x[2] = e2 + o2;
	x[3] = e3 + o3;
	x[4] = e3 - o3;
	x[5] = e2 - o2;
	x[6] = e1 - o1;
	x[7] = e0 - o0;
}

static void block8(const float *f, uint8_t *to, size_t stride)
{
	four a[8], b[8], x[8]; /* the columns' upper and lower halves */
	int i;
	for (i = 0; i < 8; i++) {
		a[i] = load(f + 8 * i);
		b[i] = load(f + 8 * i + 4);
	}
	pass8(a);
	pass8(b);
	turn(a, a + 1, a + 2, a + 3);
	turn(a + 4, a + 5, a + 6, a + 7);
	turn(b, b + 1, b + 2, b + 3);
	turn(b + 4, b + 5, b + 6, b + 7);
	for (i = 0; i < 4; i++) {
		x[i] = a[i];
		x[i + 4] = b[i];
	}
	pass8(x);
	for (i = 0; i < 8; i++)
		put(to + (size_t)i * stride, x[i]);
	for (i = 0; i < 4; i++) {
		x[i] = a[i + 4];
		x[i + 4] = b[i + 4];
	}
	pass8(x);
	for (i = 0; i < 8; i++)
		put(to + (size_t)i * stride + 4, x[i]);
}

void samples_block(const float *f, int side, uint8_t *to, size_t stride)
{
	switch (side) {
	case 1:
		to[0] = sample(f[0]);
		return;
	case 2: { /* column after column */
		float p = f[0] + f[1], q = f[0] - f[1], r = f[2] + f[3], t = f[2] - f[3];
		to[0] = sample(p + r);
		to[1] = sample(p - r);
		to[stride] = sample(q + t);
		to[stride + 1] = sample(q - t);
		return;
	}
	case 4:
		block4(f, to, stride);
		return;
	default:
		block8(f, to, stride);
	}
}

static inline uint8_t clamp(int v) { return v < 0 ? 0 : v > 255 ? 255 : (uint8_t)v; }

static void slowly(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, uint8_t *to, int n)
{
	int i;
	for (i = 0; i < n; i++) {
		int b = cb[i] - 128, r = cr[i] - 128;
		to[3 * i] = clamp(y[i] + r + ((r * 103 + 128) >> 8));
		to[3 * i + 1] = clamp(y[i] - r + ((r * 73 - b * 88 + 128) >> 8));
		to[3 * i + 2] = clamp(y[i] + 2 * b - ((b * 58 + 128) >> 8));
	}
}

#ifdef __x86_64__
static inline __m128i wide(const uint8_t *p) { return _mm_unpacklo_epi8(_mm_loadl_epi64((const __m128i *)p), _mm_setzero_si128()); }

static inline __m128i part(__m128i v, short by, __m128i more)
{
	return _mm_srai_epi16(_mm_add_epi16(_mm_add_epi16(_mm_mullo_epi16(v, _mm_set1_epi16(by)), more), _mm_set1_epi16(128)), 8);
}

/* two pixels of four bytes each, of which the last counts for nothing */
static inline void pair(uint8_t *to, uint64_t two)
{
	uint32_t first = (uint32_t)two, second = (uint32_t)(two >> 32);
	memcpy(to, &first, 4);
	memcpy(to + 3, &second, 4);
}

static inline void pairs(uint8_t *to, __m128i v)
{
	pair(to, (uint64_t)_mm_cvtsi128_si64(v));
	pair(to + 6, (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(v, v)));
}

void samples_colour(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, uint8_t *to, int n)
{
	const __m128i zero = _mm_setzero_si128(), middle = _mm_set1_epi16(128);
	int i;
	for (i = 0; i + 8 <= n; i += 8) {
		__m128i l = wide(y + i), b = _mm_sub_epi16(wide(cb + i), middle), r = _mm_sub_epi16(wide(cr + i), middle);
		__m128i red = _mm_add_epi16(_mm_add_epi16(l, r), part(r, 103, zero));
		__m128i green = _mm_add_epi16(_mm_sub_epi16(l, r), part(r, 73, _mm_mullo_epi16(b, _mm_set1_epi16(-88))));
		__m128i blue = _mm_sub_epi16(_mm_add_epi16(l, _mm_add_epi16(b, b)), part(b, 58, zero));
		__m128i rg = _mm_unpacklo_epi8(_mm_packus_epi16(red, red), _mm_packus_epi16(green, green));
		__m128i bb = _mm_unpacklo_epi8(_mm_packus_epi16(blue, blue), zero);
		pairs(to + 3 * i, _mm_unpacklo_epi16(rg, bb));
		pairs(to + 3 * i + 12, _mm_unpackhi_epi16(rg, bb));
	}
	slowly(y + i, cb + i, cr + i, to + 3 * i, n - i);
}
#else
void samples_colour(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, uint8_t *to, int n) { slowly(y, cb, cr, to, n); }
#endif
