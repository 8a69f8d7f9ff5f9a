/* Seats of single weeks as one text of a cell, both ways: 第8周：0（检修）；第9-10周：6,
 * or by dates 2027-04-19~2027-05-02：6. */
#include "app/import.h"

enum { DAYS = 7 };

static bool take_int(struct str *s, int64_t *out)
{
    size_t n = 0;
    bool minus = s->n > 1 && s->p[0] == '-';
    if (minus)
        n = 1;
    while (n < s->n && n < 10 && s->p[n] >= '0' && s->p[n] <= '9')
        n++;
    if (!str_int((struct str){ s->p, n }, out))
        return false;
    *s = (struct str){ s->p + n, s->n - n };
    return true;
}

/* One bound of a range of weeks: a date, whose Monday counts, or the number of a teaching week. */
static bool take_week(struct import_row_in *row, const char *column, struct str *s, bool is_last, int64_t *monday, bool *told)
{
    date d;
    const struct cohort *cohort = row->im->cohort;
    if (s->n >= 10 && s->p[4] == '-' && s->p[7] == '-') {
        struct str text = { s->p, 10 };
        *s = (struct str){ s->p + 10, s->n - 10 };
        if (!date_parse(text, &d)) {
            import_fault(row, MSG_value_not_date, column, text, STR(""), STR(""));
            *told = true;
            return false;
        }
        *monday = date_monday(d);
        if (!is_last && date_weekday(d) != 0) {
            char m[DATE_TEXT_BYTES];
            import_fault(row, MSG_value_not_monday, column, text, str_of(date_text(date_monday(d), m)), STR(""));
            *told = true;
            return false;
        }
        return true;
    }
    int64_t number;
    if (!take_int(s, &number))
        return false;
    if (cohort == NULL || number < 1 || number > cohort->weeks) {
        struct str found = arena_printf(row->arena, "%lld", (long long)number);
        if (cohort == NULL)
            import_fault(row, MSG_import_week_without_cohort, column, found, STR(""), STR(""));
        else
            import_fault(row, MSG_import_week_outside, column, found, arena_printf(row->arena, "%lld", (long long)cohort->weeks), STR(""));
        *told = true;
        return false;
    }
    *monday = cohort->first_week + DAYS * (number - 1);
    return true;
}

/* Takes "(检修)" off the end of a piece. */
static struct str take_reason(struct str *s)
{
    static const char *const open[] = { "(", "（" }, *const close[] = { ")", "）" };
    for (size_t k = 0; k < LEN(close); k++) {
        size_t end = strlen(close[k]);
        if (s->n < end || memcmp(s->p + s->n - end, close[k], end) != 0)
            continue;
        for (size_t i = 0; i + end < s->n; i++)
            for (size_t m = 0; m < LEN(open); m++)
                if (str_starts((struct str){ s->p + i, s->n - i }, str_of(open[m]))) {
                    size_t from = i + strlen(open[m]);
                    struct str reason = { s->p + from, s->n - end - from };
                    s->n = i;
                    return str_trim(reason);
                }
    }
    return STR("");
}

/* 第8-9周:0, folded. */
static bool take_exception(struct import_row_in *row, const char *column, struct str s, struct exception *out, bool *told)
{
    static const char *const to[] = { "-", "~", "至", "到", "..", "—", "–" }, *const unit[] = { "周", "weeks", "week" },
                             *const is[] = { ":", "=", "为", "改为", "名额" };
    int64_t first, last;
    str_skip(&s, "第");
    str_skip(&s, "weeks");
    str_skip(&s, "week");
    if (!take_week(row, column, &s, false, &first, told))
        return false;
    str_skip_any(&s, unit, LEN(unit));
    last = first;
    if (str_skip_any(&s, to, LEN(to))) {
        str_skip(&s, "第");
        if (!take_week(row, column, &s, true, &last, told))
            return false;
        str_skip_any(&s, unit, LEN(unit));
    }
    const struct field *seats = &record_capacity.field[capacity_F_seats];
    *out = (struct exception){ first, (last - first) / DAYS + 1, 0, STR("") };
    if (!str_skip_any(&s, is, LEN(is)) || !take_int(&s, &out->seats) || last < first)
        return false;
    if (out->seats < seats->least || out->seats > seats->most) {
        import_fault(row, MSG_value_not_int, column, arena_printf(row->arena, "%lld", (long long)out->seats),
                     arena_printf(row->arena, "%lld", (long long)seats->least), arena_printf(row->arena, "%lld", (long long)seats->most));
        *told = true;
        return false;
    }
    return s.n == 0;
}

/* The bounds of the record's own fields. */
static bool within(struct import_row_in *row, const char *column, const struct exception *x)
{
    const struct field *weeks = &record_capacity.field[capacity_F_weeks], *reason = &record_capacity.field[capacity_F_reason];
    struct capacity *scratch = record_new(row->arena, &record_capacity);
    struct errs errs = errs_make(row->arena);
    if (x->weeks > weeks->most)
        import_fault(row, MSG_value_not_int, column, arena_printf(row->arena, "%lld", (long long)x->weeks), STR("1"),
                     arena_printf(row->arena, "%lld", (long long)weeks->most));
    else if (!field_take(reason, scratch, x->reason, &errs))
        import_fault(row, errs.item[0].id, column, errs.item[0].arg[0], errs.item[0].arg[1], STR(""));
    else
        return true;
    return false;
}

int import_exceptions_read(struct import_row_in *row, const char *column, struct str text, struct exception *out)
{
    int n = 0;
    bool whole = true;
    if (str_is(import_fold(row->arena, text, false), "无") || str_is(import_fold(row->arena, text, false), "none"))
        return 0;
    while (text.n > 0) {
        struct str piece = import_piece(&text);
        if (piece.n == 0)
            continue;
        bool told = n == EXCEPTIONS_MOST;
        struct str bare = piece, reason = take_reason(&bare);
        if (told)
            import_fault(row, MSG_import_exceptions_many, column, arena_printf(row->arena, "%d", EXCEPTIONS_MOST), STR(""), STR(""));
        else if (take_exception(row, column, import_fold(row->arena, bare, false), &out[n], &told)) {
            out[n].reason = reason;
            told = !within(row, column, &out[n++]);
            if (!told)
                continue;
        }
        whole = false;
        if (!told)
            import_fault(row, MSG_import_exception_form, column, piece, STR(""), STR(""));
        if (n == EXCEPTIONS_MOST)
            break;
    }
    return whole ? n : -1;
}

struct str import_exceptions_put(struct arena *a, const struct cohort *cohort, const struct exception *x, int n)
{
    assert(n >= 0 && (x != NULL || n == 0));
    struct buf b = buf_make(1 << 16);
    for (int i = 0; i < n; i++) {
        char from[DATE_TEXT_BYTES], until[DATE_TEXT_BYTES];
        int64_t at = cohort != NULL ? (x[i].first_week - cohort->first_week) / DAYS + 1 : 0, last = at + x[i].weeks - 1;
        bool by_number = cohort != NULL && x[i].first_week >= cohort->first_week && last <= cohort->weeks;
        if (i > 0)
            buf_z(&b, "；");
        if (by_number && x[i].weeks > 1)
            buf_printf(&b, "第%lld-%lld周", (long long)at, (long long)last);
        else if (by_number)
            buf_printf(&b, "第%lld周", (long long)at);
        else if (x[i].weeks > 1)
            buf_printf(&b, "%s~%s", date_text((date)x[i].first_week, from), date_text((date)(x[i].first_week + DAYS * (x[i].weeks - 1)), until));
        else
            buf_z(&b, date_text((date)x[i].first_week, from));
        buf_printf(&b, "：%lld", (long long)x[i].seats);
        if (x[i].reason.n > 0)
            buf_printf(&b, "（%.*s）", STR_ARG(x[i].reason));
    }
    if (n == 0)
        buf_z(&b, "无");
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}
