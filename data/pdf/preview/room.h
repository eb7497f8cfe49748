/* Memory that is counted: whatever a file is made of, no more is taken than was allowed. For one thread. */
#ifndef SCHALTER_ROOM_H
#define SCHALTER_ROOM_H

#include <stddef.h>

/* from now on; what was taken before stays, and counts */
void room_allow(size_t bytes);

void *room_take(size_t size);             /* like malloc */
void *room_clear(size_t count, size_t of); /* like calloc */
void *room_change(void *p, size_t size);  /* like realloc */
void room_give(void *p);                  /* like free */

#endif
