/* The curve of a search (app/samples.h writes it) as pictures, one for each level: geometry in whole units of the picture,
 * no HTML. Private to this room. */
#ifndef WEB_CURVE_H
#define WEB_CURVE_H

#include "web/figures.h"

/* The picture and the part of it that is plotted: also written in pages/curve.html. */
enum { CURVE_WIDTH = 360, CURVE_HEIGHT = 190, CURVE_LEFT = 46, CURVE_RIGHT = 302, CURVE_TOP = 28, CURVE_BOTTOM = 150 };

/* The step with at most `most` steps up to `top` (1, 2 or 5 times a power of ten); top > 0. */
int64_t curve_step(int64_t top, int64_t most) MUST;
/* Reads a job's progress; `f` are its figures, whose levels the pictures are of. None where nothing was sampled. */
struct curves curve_read(struct ctx *c, struct str progress, const struct figures *f) MUST;

#endif
