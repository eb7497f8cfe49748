/* What becomes of a JPEG's coefficients: samples, and their colours. Only scaled.c uses them. */
#ifndef SCHALTER_SAMPLES_H
#define SCHALTER_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

/* where a coefficient of frequencies u (across) and v (down) stands in a block of so many samples a side; behind them
   all when it is too fine to be seen */
uint32_t samples_place(int side, int u, int v);

/* what the coefficients of a block of so many samples a side are to be multiplied with beforehand */
float samples_scale(int side);

/* the samples of a block from its multiplied coefficients, with the lowest one at the first place */
void samples_block(const float *f, int side, uint8_t *to, size_t stride);

/* a flat block */
uint8_t samples_flat(float lowest, int side);

/* a row of red, green and blue; to has one byte more than it needs */
void samples_colour(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, uint8_t *to, int n);

#endif
