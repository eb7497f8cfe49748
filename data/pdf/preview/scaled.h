/* Decodes JPEGs straight to a half, a quarter or an eighth of their size, as scans are shown on the screen. */
#ifndef SCHALTER_SCALED_H
#define SCHALTER_SCALED_H

#include <stddef.h>

typedef struct scaled scaled;

/* NULL when it is not a baseline JPEG in grey or YCbCr (then the library decodes it), or memory is short.
   data has to stay until scaled_close. shift is 1, 2 or 3. */
scaled *scaled_open(const unsigned char *data, size_t len, int shift);
void scaled_close(scaled *s);

/* the next rows, interleaved samples; 0 at the end. What is missing or damaged comes out grey. */
size_t scaled_rows(scaled *s, unsigned char **rows);

/* width and height as they come out, and samples per pixel */
void scaled_size(const scaled *s, int *w, int *h, int *n);

#endif
