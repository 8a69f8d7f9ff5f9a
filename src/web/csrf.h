/* The token that every form carries: one secret a login, masked anew in each answer. */
#ifndef WEB_CSRF_H
#define WEB_CSRF_H

#include "core/arena.h"

enum { CSRF_BYTES = 32, CSRF_RAW = 2 * CSRF_BYTES, CSRF_MASKED = 4 * CSRF_BYTES };

/* The secret (CSRF_RAW hex digits) as a form shows it: a random mask and the secret under it, CSRF_MASKED hex digits. Two
 * answers have no byte of it in common, so that the length of a compressed page tells nothing about the secret. */
struct str csrf_mask(struct arena *a, struct str secret) MUST;
/* Whether `sent` is the secret under some mask. In constant time. */
bool csrf_is(struct str sent, struct str secret) MUST;

#endif
