/* Makes pictures smaller by less than a half or so, as scans are for the screen after they were decoded coarsely. */
#ifndef SCHALTER_SHRINK_H
#define SCHALTER_SHRINK_H

/* a picture of n samples a pixel, 1 or 3, in rows without gaps */
typedef struct {
	unsigned char *samples;
	int w, h, n;
} shrink_picture;

/* Fills to with what from looks like at its size; flipped: upside down. to is not larger than from in any direction and
   has the same n. 0 when memory is short, or the picture is not for us. */
int shrink(const shrink_picture *from, const shrink_picture *to, int flipped);

#endif
