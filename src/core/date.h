/* Civil dates as day numbers (1970-01-01 = 0, proleptic Gregorian), and UTC seconds. No clock is read here. */
#ifndef CORE_DATE_H
#define CORE_DATE_H

#include "core/text.h"

typedef int32_t date; /* days since 1970-01-01 */

enum { DATE_LEAST = -141349, DATE_MOST = 2932896 }; /* 1583-01-01 .. 9999-12-31 */

struct ymd {
    int year, month, day;
};

date date_of(int year, int month, int day) MUST; /* the date must exist */
bool date_exists(int year, int month, int day) MUST;
struct ymd date_ymd(date d) MUST;
/* 0 = Monday .. 6 = Sunday */
int date_weekday(date d) MUST;
date date_monday(date d) MUST; /* the Monday of d's week */
/* Exactly YYYY-MM-DD, and a date that exists. */
bool date_parse(struct str s, date *out) MUST;
enum { DATE_TEXT_BYTES = 11 };
/* "YYYY-MM-DD" and a zero; returns out. */
const char *date_text(date d, char out[static DATE_TEXT_BYTES]);
/* ISO 8601 UTC "YYYY-MM-DDTHH:MM:SSZ" of seconds since 1970. */
enum { TIME_TEXT_BYTES = 21 };
const char *time_text(int64_t utc_s, char out[static TIME_TEXT_BYTES]);

#endif
