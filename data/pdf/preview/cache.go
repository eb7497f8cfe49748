package preview

import (
	"container/list"
	"image"
	"sync"
)

// key names one result: what is asked of which page of which file.
type key struct {
	src   *source
	op    op
	page  int
	dpi   float64
	turns uint8
}

// entry is a picture, or the reason why there is none.
type entry struct {
	img *image.RGBA
	err error
}

// cache keeps the pictures used last within a number of bytes, and not more than a few.
type cache struct {
	mu    sync.Mutex
	limit int64
	used  int64
	count int
	order *list.List // of item; front = used last
	items map[key]*list.Element
}

type item struct {
	k    key
	e    entry
	cost int64
}

const entryCost = 512 // bookkeeping of one entry

func newCache(limit int64, count int) *cache {
	return &cache{limit: limit, count: count, order: list.New(), items: map[key]*list.Element{}}
}

func (c *cache) get(k key) (entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.items[k]
	if !ok {
		return entry{}, false
	}
	c.order.MoveToFront(el)
	return el.Value.(item).e, true
}

// peek looks without counting as a use.
func (c *cache) peek(k key) (entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.items[k]
	if !ok {
		return entry{}, false
	}
	return el.Value.(item).e, true
}

func (c *cache) put(k key, e entry) {
	cost := int64(entryCost)
	if e.img != nil {
		cost += int64(len(e.img.Pix))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.items[k]; ok {
		c.remove(el)
	}
	if cost > c.limit {
		return
	}
	c.items[k] = c.order.PushFront(item{k, e, cost})
	c.used += cost
	for c.used > c.limit || c.order.Len() > c.count {
		c.remove(c.order.Back())
	}
}

func (c *cache) remove(el *list.Element) {
	it := c.order.Remove(el).(item)
	delete(c.items, it.k)
	c.used -= it.cost
}

func (c *cache) drop(src *source) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for el := c.order.Front(); el != nil; {
		next := el.Next()
		if el.Value.(item).k.src == src {
			c.remove(el)
		}
		el = next
	}
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order.Init()
	clear(c.items)
	c.used = 0
}
