/* The coded numbers of a baseline JPEG. Only scaled.c uses them. */
#ifndef SCHALTER_ENTROPY_H
#define SCHALTER_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

enum {
	ENTROPY_FAST = 11,  /* bits that are looked up at once */
	ENTROPY_SLACK = 512 /* zeros behind the data: more than the longest block and what is read ahead of it */
};

/* what the next bits say: after so many zeros comes a value; length 0: more bits have to be looked at */
typedef struct {
	int16_t value;
	uint8_t run, length;
} entropy_step;

typedef struct {
	entropy_step look[1 << ENTROPY_FAST]; /* values of the lowest coefficient have no run, but a length of their own */
	uint16_t fast[1 << ENTROPY_FAST];     /* length and symbol of codes that are short enough; 0: longer */
	int32_t maxcode[18];                  /* left-aligned to 16 bits, exclusive */
	int32_t delta[17];
	uint8_t symbols[256];
	int ready;
} entropy_table;

/* counts and symbols as they stand in the file; 0 when they make no code */
int entropy_codes(entropy_table *t, const uint8_t counts[16], const uint8_t *symbols);

/* where in the data one is. The data has to go on with ENTROPY_SLACK zeros behind end. */
typedef struct {
	const uint8_t *p, *end;
	uint64_t buf; /* bits, the next one uppermost */
	int bits;     /* how many of them are real */
} entropy_reader;

entropy_reader entropy_at(const uint8_t *p, const uint8_t *end);

/* bits read so far, counted from the beginning of what was given to entropy_at as data */
static inline size_t entropy_told(const entropy_reader *r, const uint8_t *data)
{
	return (size_t)(r->p - data) * 8 - (size_t)r->bits;
}

/* what a coefficient is multiplied with and where it goes, in the order of the file */
typedef struct {
	float by;
	uint32_t to;
} entropy_place;

/* One block. pred is the lowest coefficient so far and now; it goes nowhere. The others go to f, which is cleared up to
   size before the first. 1: there are others, 0: there are none, -1: the data is damaged or has ended. */
int entropy_block(entropy_reader *r, const entropy_table *dc, const entropy_table *ac, const entropy_place *places, int16_t *pred, float *f, int size);

/* Copies what is coded, without the zeros that are stuffed in, up to the next marker; to needs as much room as there is
   data, and ENTROPY_SLACK. Returns how much it is; used is how far it went: to the marker or the end. */
size_t entropy_unstuff(const uint8_t *p, const uint8_t *end, uint8_t *to, size_t *used);

#endif
