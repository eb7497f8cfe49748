#include "room.h"

#include <stdlib.h>
#include <string.h>

/* before each piece stands how large it is; what follows is aligned as malloc would */
enum { HEAD = 16 };

static size_t used, most = (size_t)-1;

void room_allow(size_t bytes) { most = bytes; }

static int fits(size_t more) { return more <= most && used <= most - more; }

static size_t *head(void *p) { return (size_t *)((char *)p - HEAD); }

void *room_take(size_t size)
{
	char *p;
	if (size > (size_t)-1 - HEAD || !fits(size) || !(p = malloc(size + HEAD)))
		return NULL;
	*(size_t *)p = size;
	used += size;
	return p + HEAD;
}

void *room_clear(size_t count, size_t of)
{
	char *p;
	size_t size = count * of;
	if ((of && size / of != count) || size > (size_t)-1 - HEAD || !fits(size) || !(p = calloc(1, size + HEAD)))
		return NULL;
	*(size_t *)p = size;
	used += size;
	return p + HEAD;
}

void *room_change(void *p, size_t size)
{
	size_t was;
	char *now;
	if (!p)
		return room_take(size);
	was = *head(p);
	if (size > (size_t)-1 - HEAD || (size > was && !fits(size - was)) || !(now = realloc(head(p), size + HEAD)))
		return NULL;
	*(size_t *)now = size;
	used = used - was + size;
	return now + HEAD;
}

void room_give(void *p)
{
	if (!p)
		return;
	used -= *head(p);
	free(head(p));
}
