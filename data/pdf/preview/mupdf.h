/*
The part of MuPDF's interface that this package uses, declared by hand, because the headers lie in
go-fitz's own folder and plain "go build" must work. A test compares it with those headers; at run time
fz_new_context_imp refuses a library of another version.
*/
#ifndef SCHALTER_MUPDF_H
#define SCHALTER_MUPDF_H

#include <setjmp.h>
#include <stddef.h>

#define PREVIEW_MUPDF_VERSION "1.28.0"

#ifndef MUPDF_FITZ_H /* else: compared with the library's headers */

typedef struct fz_context fz_context;
typedef struct fz_document fz_document;
typedef struct fz_page fz_page;
typedef struct fz_pixmap fz_pixmap;
typedef struct fz_colorspace fz_colorspace;
typedef struct fz_separations fz_separations;
typedef struct fz_device fz_device;
typedef struct fz_buffer fz_buffer;
typedef struct fz_locks_context fz_locks_context;
typedef struct fz_document_handler fz_document_handler;

typedef struct { float x0, y0, x1, y1; } fz_rect;
typedef struct { float x, y; } fz_point;
typedef struct { void *user; void *(*malloc)(void *, size_t); void *(*realloc)(void *, void *, size_t); void (*free)(void *, void *); } fz_alloc_context;
typedef struct { fz_point ul, ur, ll, lr; } fz_quad;
typedef struct { int x0, y0, x1, y1; } fz_irect;
typedef struct { float a, b, c, d, e, f; } fz_matrix;
typedef struct { int abort, progress; size_t progress_max; int errors, incomplete; } fz_cookie;
typedef struct { int flags; float scale; fz_rect clip; } fz_stext_options;
typedef struct fz_stream {
	int refs, error, eof, progressive;
	long long pos;
	int avail, bits;
	unsigned char *rp, *wp;
	void *state;
	int (*next)(fz_context *ctx, struct fz_stream *stm, size_t max);
	void (*drop)(fz_context *ctx, void *state);
	void (*seek)(fz_context *ctx, struct fz_stream *stm, long long offset, int whence);
} fz_stream;
typedef int (fz_stream_next_fn)(fz_context *ctx, fz_stream *stm, size_t max);
typedef void (fz_stream_drop_fn)(fz_context *ctx, void *state);
typedef struct fz_stext_char {
	int c;
	unsigned short bidi, flags;
	unsigned int argb;
	fz_point origin;
	fz_quad quad;
	float size;
	void *font;
	struct fz_stext_char *next;
} fz_stext_char;
typedef struct fz_stext_line {
	unsigned char wmode, flags;
	fz_point dir;
	fz_rect bbox;
	fz_stext_char *first_char, *last_char;
	struct fz_stext_line *prev, *next;
} fz_stext_line;
typedef struct fz_stext_block {
	int type, id;
	fz_rect bbox;
	union {
		struct { fz_stext_line *first_line, *last_line; int flags; } t;
		struct { fz_matrix transform; void *image; } i;
	} u;
	struct fz_stext_block *prev, *next;
} fz_stext_block;
typedef struct {
	int refs;
	void *pool;
	fz_rect mediabox;
	fz_stext_block *first_block, *last_block;
	void *last_struct, *id_list;
} fz_stext_page;

typedef struct { int chapter, page; } fz_location;
typedef struct fz_link { int refs; struct fz_link *next; fz_rect rect; char *uri; void *set_rect_fn, *set_uri_fn, *drop; } fz_link;

typedef void (fz_error_cb)(void *user, const char *message);
typedef void (fz_warning_cb)(void *user, const char *message);

enum { FZ_ERROR_SYSTEM = 2 };
enum { FZ_STEXT_DEHYPHENATE = 16 };
enum { FZ_STEXT_BLOCK_TEXT = 0 };

#if defined(__unix) || (defined(__APPLE__) && defined(__MACH__))
#define fz_setjmp(BUF) sigsetjmp(BUF, 0)
typedef sigjmp_buf fz_jmp_buf;
#else
#define fz_setjmp(BUF) setjmp(BUF)
typedef jmp_buf fz_jmp_buf;
#endif

#define fz_var(var) fz_var_imp((void *)&(var))
#define fz_try(ctx) if (!fz_setjmp(*fz_push_try(ctx))) if (fz_do_try(ctx)) do
#define fz_always(ctx) while (0); if (fz_do_always(ctx)) do
#define fz_catch(ctx) while (0); if (fz_do_catch(ctx))

extern const fz_matrix fz_identity;

#endif

/* exceptions */
void fz_var_imp(void *);
fz_jmp_buf *fz_push_try(fz_context *ctx);
int fz_do_try(fz_context *ctx);
int fz_do_always(fz_context *ctx);
int fz_do_catch(fz_context *ctx);
int fz_caught(fz_context *ctx);
const char *fz_caught_message(fz_context *ctx);
void fz_rethrow(fz_context *ctx);

/* context */
fz_context *fz_new_context_imp(const fz_alloc_context *alloc, const fz_locks_context *locks, size_t max_store, const char *version);
void fz_set_error_callback(fz_context *ctx, fz_error_cb *error_cb, void *user);
void fz_set_warning_callback(fz_context *ctx, fz_warning_cb *warning_cb, void *user);
void fz_register_document_handler(fz_context *ctx, const fz_document_handler *handler);

/* documents */
extern fz_document_handler pdf_document_handler;
extern fz_document_handler img_document_handler;
fz_stream *fz_new_stream(fz_context *ctx, void *state, fz_stream_next_fn *next, fz_stream_drop_fn *drop);
fz_stream *fz_open_buffer(fz_context *ctx, fz_buffer *buf);
fz_buffer *fz_read_best(fz_context *ctx, fz_stream *stm, size_t initial, int *truncated, size_t worst_case);
fz_stream *fz_open_dctd(fz_context *ctx, fz_stream *chain, int color_transform, int invert_cmyk, int l2factor, fz_stream *jpegtables);
fz_stream *fz_open_memory(fz_context *ctx, const unsigned char *data, size_t len);
void fz_drop_stream(fz_context *ctx, fz_stream *stm);
fz_document *fz_open_document_with_stream(fz_context *ctx, const char *magic, fz_stream *stream);
void fz_drop_document(fz_context *ctx, fz_document *doc);
int fz_needs_password(fz_context *ctx, fz_document *doc);
int fz_authenticate_password(fz_context *ctx, fz_document *doc, const char *password);
int fz_count_pages(fz_context *ctx, fz_document *doc);
fz_page *fz_load_page(fz_context *ctx, fz_document *doc, int number);
void fz_drop_page(fz_context *ctx, fz_page *page);
fz_rect fz_bound_page(fz_context *ctx, fz_page *page);
void fz_run_page(fz_context *ctx, fz_page *page, fz_device *dev, fz_matrix transform, fz_cookie *cookie);

/* links */
fz_link *fz_load_links(fz_context *ctx, fz_page *page);
void fz_free(fz_context *ctx, void *p);
void fz_drop_link(fz_context *ctx, fz_link *link);
int fz_is_external_link(fz_context *ctx, const char *uri);
fz_location fz_resolve_link(fz_context *ctx, fz_document *doc, const char *uri, float *xp, float *yp);
int fz_page_number_from_location(fz_context *ctx, fz_document *doc, fz_location loc);

/* drawing */
fz_matrix fz_scale(float sx, float sy);
fz_matrix fz_rotate(float degrees);
fz_matrix fz_concat(fz_matrix left, fz_matrix right);
fz_rect fz_transform_rect(fz_rect rect, fz_matrix m);
fz_irect fz_round_rect(fz_rect rect);
fz_colorspace *fz_device_rgb(fz_context *ctx);
fz_colorspace *fz_device_gray(fz_context *ctx);
fz_pixmap *fz_new_pixmap_with_bbox_and_data(fz_context *ctx, fz_colorspace *colorspace, fz_irect rect, fz_separations *seps, int alpha, unsigned char *samples);
fz_pixmap *fz_new_pixmap_with_bbox(fz_context *ctx, fz_colorspace *colorspace, fz_irect bbox, fz_separations *seps, int alpha);
int fz_pixmap_width(fz_context *ctx, const fz_pixmap *pix);
int fz_pixmap_height(fz_context *ctx, const fz_pixmap *pix);
int fz_pixmap_components(fz_context *ctx, const fz_pixmap *pix);
int fz_pixmap_spots(fz_context *ctx, const fz_pixmap *pix);
int fz_pixmap_alpha(fz_context *ctx, const fz_pixmap *pix);
int fz_pixmap_stride(fz_context *ctx, const fz_pixmap *pix);
unsigned char *fz_pixmap_samples(fz_context *ctx, const fz_pixmap *pix);
fz_colorspace *fz_pixmap_colorspace(fz_context *ctx, const fz_pixmap *pix);
void fz_clear_pixmap_with_value(fz_context *ctx, fz_pixmap *pix, int value);
void fz_drop_pixmap(fz_context *ctx, fz_pixmap *pix);
fz_device *fz_new_draw_device(fz_context *ctx, fz_matrix transform, fz_pixmap *dest);
void fz_close_device(fz_context *ctx, fz_device *dev);
void fz_drop_device(fz_context *ctx, fz_device *dev);

/* text */
fz_stext_page *fz_new_stext_page(fz_context *ctx, fz_rect mediabox);
void fz_drop_stext_page(fz_context *ctx, fz_stext_page *page);
fz_device *fz_new_stext_device(fz_context *ctx, fz_stext_page *page, const fz_stext_options *options);
fz_buffer *fz_new_buffer_from_stext_page(fz_context *ctx, fz_stext_page *text);
size_t fz_buffer_storage(fz_context *ctx, fz_buffer *buf, unsigned char **datap);
void fz_drop_buffer(fz_context *ctx, fz_buffer *buf);
fz_rect fz_rect_from_quad(fz_quad q);
fz_rect fz_union_rect(fz_rect a, fz_rect b);
int fz_runetochar(char *str, int rune);

/* of PDF files only; go-fitz has no headers for these, the library's version stands for them */
typedef struct pdf_document pdf_document;
typedef struct pdf_obj pdf_obj;
pdf_document *pdf_specifics(fz_context *ctx, fz_document *doc);
pdf_obj *pdf_trailer(fz_context *ctx, pdf_document *doc);
pdf_obj *pdf_dict_getp(fz_context *ctx, pdf_obj *dict, const char *path);
pdf_obj *pdf_dict_gets(fz_context *ctx, pdf_obj *dict, const char *key);
int pdf_array_len(fz_context *ctx, pdf_obj *array);
pdf_obj *pdf_array_get(fz_context *ctx, pdf_obj *array, int i);
int pdf_to_num(fz_context *ctx, pdf_obj *ref);
int pdf_to_int(fz_context *ctx, pdf_obj *obj);
const char *pdf_to_name(fz_context *ctx, pdf_obj *obj);
const char *pdf_to_text_string(fz_context *ctx, pdf_obj *obj);
char *pdf_parse_link_dest(fz_context *ctx, pdf_document *doc, pdf_obj *obj);
char *pdf_parse_link_action(fz_context *ctx, pdf_document *doc, pdf_obj *obj, int pagenum);

#endif
