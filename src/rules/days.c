/* Weeks as people write them: see days.h. */
#include "rules/days.h"

enum { WEEK = 7, YEAR_LEAST = 1000, NUMBER_MOST = 9999 };

/* What may stand around a number without meaning anything. */
static void skip_noise(struct str *s)
{
    static const char *const noise[] = { " ", "\t", "\u3000", "第", "周", "weeks", "week", "Weeks", "Week" };
    while (str_skip_any(s, noise, LEN(noise)))
        ;
}

static void skip_marks(struct str *s)
{
    static const char *const marks[] = { " ", "\t", "\r", "\n", "\u3000", "、", ",", "，", ";", "；", "。", "和" };
    while (str_skip_any(s, marks, LEN(marks)))
        ;
}

static bool take_number(struct str *s, int *out)
{
    size_t n = 0;
    *out = 0;
    while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9' && *out <= NUMBER_MOST)
        *out = *out * 10 + (s->p[n++] - '0');
    assert(*out >= 0 && n <= s->n);
    *s = (struct str){ s->p + n, s->n - n };
    return n > 0 && *out <= NUMBER_MOST;
}

/* A date or the number of a week; the day it begins with. */
static enum days_found take_bound(struct str *s, date begin, int64_t weeks, date *day)
{
    static const char *const of_year[] = { "-", "/", ".", "年" }, *const of_month[] = { "-", "/", ".", "月" }, *const of_day[] = { "日", "号" };
    int year, month, d;
    if (!take_number(s, &year))
        return DAYS_NOT_READ;
    if (year < YEAR_LEAST) {
        *day = begin + WEEK * (year - 1);
        return year >= 1 && year <= weeks ? DAYS_WEEKS : DAYS_OUTSIDE;
    }
    if (!str_skip_any(s, of_year, LEN(of_year)) || !take_number(s, &month) || !str_skip_any(s, of_month, LEN(of_month)) || !take_number(s, &d))
        return DAYS_NOT_READ;
    str_skip_any(s, of_day, LEN(of_day));
    if (!date_exists(year, month, d))
        return DAYS_NO_DATE;
    *day = date_of(year, month, d);
    return *day >= begin && *day < begin + WEEK * weeks ? DAYS_WEEKS : DAYS_OUTSIDE;
}

/* Whether an entry ends here: nothing, a mark, or the next number. */
static bool is_over(struct str s)
{
    struct str behind = s;
    skip_marks(&behind);
    return s.n == 0 || behind.n < s.n || (s.p[0] >= '0' && s.p[0] <= '9');
}

/* Up to the next mark, so that what follows is read as if nothing had been wrong. */
static void skip_piece(struct str *s)
{
    static const char *const marks[] = { "\r", "\n", "、", ",", "，", ";", "；" };
    struct str ignored;
    while (s->n > 0) {
        ignored = *s;
        if (str_skip_any(&ignored, marks, LEN(marks)))
            return;
        *s = (struct str){ s->p + 1, s->n - 1 };
    }
}

enum days_found rules_days_next(struct str *rest, date begin, int64_t weeks, date *first, date *last, struct str *piece)
{
    static const char *const to[] = { "~", "～", "至", "到", "..", "—", "–", "-", "until", "to" };
    assert(date_weekday(begin) == 0 && weeks > 0);
    skip_marks(rest);
    if (rest->n == 0)
        return DAYS_END;
    struct str from = *rest;
    skip_noise(rest);
    enum days_found found = take_bound(rest, begin, weeks, first), end = DAYS_WEEKS;
    skip_noise(rest);
    *last = *first;
    if (found != DAYS_NOT_READ && str_skip_any(rest, to, LEN(to))) {
        skip_noise(rest);
        end = take_bound(rest, begin, weeks, last);
        skip_noise(rest);
    }
    if (found == DAYS_WEEKS)
        found = end;
    if (found == DAYS_WEEKS && *last < *first)
        found = DAYS_NOT_READ;
    if (!is_over(*rest))
        found = DAYS_NOT_READ; /* "10月1日" is no week 10 */
    if (found == DAYS_NOT_READ)
        skip_piece(rest);
    assert(rest->p >= from.p && rest->n < from.n); /* the next call begins further on */
    *piece = str_trim((struct str){ from.p, from.n - rest->n });
    if (found != DAYS_WEEKS)
        return found;
    *first = date_monday(*first);
    *last = date_monday(*last);
    assert(*first <= *last && *first >= begin - 6 && *last < begin + WEEK * weeks);
    return DAYS_WEEKS;
}
