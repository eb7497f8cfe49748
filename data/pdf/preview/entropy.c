#include "entropy.h"

#include <string.h>

/* ITU-T T.81, annex F.2. Names of tables and variables are those of the standard. */

enum { END = 127, ALL = 63, LOWEST_LONGEST = 11 };

/* n bits of a number as the standard writes it; n is 1 to 15 */
static inline int number(uint32_t bits, int n)
{
	int v = (int)bits;
	return v + (((v >> (n - 1)) - 1) & (1 - (1 << n)));
}

/* what a symbol says where the bits of its value are at hand */
static entropy_step step(int symbol, int length, uint32_t value)
{
	entropy_step s = { 0, (uint8_t)(symbol >> 4), (uint8_t)length };
	int n = symbol & 15;
	if (n)
		s.value = (int16_t)number(value, n);
	else if (symbol != 0xf0)
		s.run = END;
	return s;
}

int entropy_codes(entropy_table *t, const uint8_t counts[16], const uint8_t *symbols)
{
	int n, i, k = 0, code = 0;
	uint32_t bits;
	memset(t, 0, sizeof *t);
	for (n = 1; n <= 16; n++, code <<= 1) {
		t->delta[n] = k - code;
		for (i = 0; i < counts[n - 1]; i++, k++, code++) {
			if (code >= 1 << n)
				return 0;
			t->symbols[k] = symbols[k];
			if (n <= ENTROPY_FAST) {
				int from = code << (ENTROPY_FAST - n), j;
				for (j = 0; j < 1 << (ENTROPY_FAST - n); j++)
					t->fast[from + j] = (uint16_t)(n << 8 | symbols[k]);
			}
		}
		t->maxcode[n] = code << (16 - n);
	}
	for (bits = 0; bits < 1 << ENTROPY_FAST; bits++) {
		int length = t->fast[bits] >> 8, symbol = t->fast[bits] & 0xff, more = symbol & 15;
		if (length && length + more <= ENTROPY_FAST)
			t->look[bits] = step(symbol, length + more, bits >> (ENTROPY_FAST - length - more) & ((1u << more) - 1));
	}
	t->ready = 1;
	return 1;
}

entropy_reader entropy_at(const uint8_t *p, const uint8_t *end)
{
	entropy_reader r = { p, end, 0, 0 };
	return r;
}

static inline uint64_t eight_bytes(const uint8_t *p)
{
	return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 | (uint64_t)p[3] << 32
		| (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 | (uint64_t)p[6] << 8 | p[7];
}

/* there are at least 56 bits afterwards */
static inline void refill(entropy_reader *r)
{
	r->buf |= eight_bytes(r->p) >> r->bits;
	r->p += (63 - r->bits) >> 3;
	r->bits |= 56;
}

static inline void skip(entropy_reader *r, int n)
{
	r->buf <<= n;
	r->bits -= n;
}

/* a code that is too long to be looked up; length 0: there is no such code */
static int symbol(const entropy_table *t, uint64_t buf, int *length)
{
	uint32_t look = (uint32_t)(buf >> 48);
	uint16_t e = t->fast[look >> (16 - ENTROPY_FAST)];
	int n;
	*length = e >> 8;
	if (e)
		return e & 0xff;
	for (n = ENTROPY_FAST + 1; n <= 16; n++)
		if ((int32_t)look < t->maxcode[n]) {
			*length = n;
			return t->symbols[((look >> (16 - n)) + (uint32_t)t->delta[n]) & 0xff];
		}
	return 0;
}

static entropy_step longer(const entropy_table *t, uint64_t buf)
{
	int length, s = symbol(t, buf, &length), n = s & 15;
	if (!length)
		return (entropy_step){ 0, 0, 0 };
	return step(s, length + n, n ? (uint32_t)(buf << length >> (64 - n)) : 0);
}

static inline int lowest(entropy_reader *r, const entropy_table *dc, int16_t *pred)
{
	int length, n = symbol(dc, r->buf, &length);
	if (!length || n > LOWEST_LONGEST)
		return 0;
	skip(r, length);
	if (n) {
		*pred = (int16_t)(*pred + number((uint32_t)(r->buf >> (64 - n)), n));
		skip(r, n);
	}
	return 1;
}

int entropy_block(entropy_reader *from, const entropy_table *dc, const entropy_table *ac, const entropy_place *places, int16_t *pred, float *f, int size)
{
	entropy_reader r = *from;
	int k = 1, filled = 0, good;
	refill(&r);
	good = lowest(&r, dc, pred);
	while (good && k <= ALL) {
		entropy_step s;
		if (r.bits < 32)
			refill(&r);
		s = ac->look[r.buf >> (64 - ENTROPY_FAST)];
		if (__builtin_expect(s.length == 0, 0)) {
			s = longer(ac, r.buf);
			good = s.length != 0;
		}
		skip(&r, s.length);
		k += s.run;
		if (k > ALL) {
			good = s.run == END;
			break;
		}
		if (!filled) {
			memset(f, 0, (size_t)size * sizeof *f);
			filled = 1;
		}
		f[places[k].to] = (float)s.value * places[k].by;
		k++;
	}
	*from = r;
	/* bits beyond the end are zeros that were never there */
	return !good || (r.end - r.p) * 8 + r.bits < 0 ? -1 : filled;
}

size_t entropy_unstuff(const uint8_t *p, const uint8_t *end, uint8_t *to, size_t *used)
{
	const uint8_t *begin = p;
	uint8_t *out = to;
	while (p < end) {
		const uint8_t *ff = memchr(p, 0xff, (size_t)(end - p));
		size_t n = (size_t)((ff ? ff : end) - p);
		int stuffed = ff && ff + 1 < end && ff[1] == 0;
		memcpy(out, p, n + (size_t)stuffed);
		out += n + (size_t)stuffed;
		p += n;
		if (!stuffed)
			break;
		p += 2;
	}
	memset(out, 0, ENTROPY_SLACK);
	*used = (size_t)(p - begin);
	return (size_t)(out - to);
}
