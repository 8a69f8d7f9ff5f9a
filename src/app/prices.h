/* What the proof says that seats are worth: the prices of a certificate's leaves, by department and week, small enough to be
 * kept beside the plan. Decides nothing; the check has accepted the certificate. */
#ifndef APP_PRICES_H
#define APP_PRICES_H

#include "core/json.h"

enum { PRICES_BYTES_MOST = 900000 };

/* From a plan file (internbase.plan/1): {"level","runs":[["department","monday",weeks,thousandths,open]...]} of the first level
 * that has seat prices with a scale (PROOF.md 1.3). thousandths: price over scale, rounded up, the largest of all leaves that price
 * the seat; open: a leaf without scale prices it too, so it may be worth more. Empty where there is none. Lies in `a`. */
struct str prices_of(struct arena *a, struct str plan) MUST;

#endif
