/* Civil-date arithmetic by the 400-year cycle that begins on 1 March (after H. Hinnant's "chrono-compatible
 * low-level date algorithms"). */
#include "core/date.h"

#include <stdio.h>

bool date_exists(int year, int month, int day)
{
    static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (year < 1583 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

date date_of(int year, int month, int day)
{
    assert(date_exists(year, month, day));
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400;
    int of_era = y - era * 400;
    int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    assert(of_era >= 0 && of_era < 400 && of_year >= 0 && of_year < 366);
    int day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return era * 146097 + day_of_era - 719468;
}

struct ymd date_ymd(date d)
{
    assert(d >= DATE_LEAST && d <= DATE_MOST);
    int z = d + 719468;
    int era = z / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    struct ymd r = { yoe + era * 400, mp < 10 ? mp + 3 : mp - 9, doy - (153 * mp + 2) / 5 + 1 };
    if (r.month <= 2)
        r.year++;
    assert(date_exists(r.year, r.month, r.day));
    return r;
}

int date_weekday(date d)
{
    int w = (d + 3) % 7; /* 1970-01-01 was a Thursday */
    return w < 0 ? w + 7 : w;
}

date date_monday(date d)
{
    assert(d >= INT32_MIN + 6);
    return d - date_weekday(d);
}

static bool digits(const char *p, int n, int *out)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return false;
        v = v * 10 + (p[i] - '0');
    }
    *out = v;
    return true;
}

bool date_parse(struct str s, date *out)
{
    int y, m, d;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
        return false;
    if (!digits(s.p, 4, &y) || !digits(s.p + 5, 2, &m) || !digits(s.p + 8, 2, &d))
        return false;
    if (!date_exists(y, m, d))
        return false;
    *out = date_of(y, m, d);
    return true;
}

const char *date_text(date d, char out[static DATE_TEXT_BYTES])
{
    struct ymd r = date_ymd(d);
    unsigned parts[3] = { (unsigned)r.year % 10000, (unsigned)r.month % 100, (unsigned)r.day % 100 };
    snprintf(out, DATE_TEXT_BYTES, "%04u-%02u-%02u", parts[0], parts[1], parts[2]);
    return out;
}

const char *time_text(int64_t utc_s, char out[static TIME_TEXT_BYTES])
{
    int64_t day = utc_s / 86400 - (utc_s % 86400 < 0);
    unsigned s = (unsigned)(utc_s - day * 86400);
    date_text((date)day, out);
    snprintf(out + 10, TIME_TEXT_BYTES - 10, "T%02u:%02u:%02uZ", s / 3600 % 24, s / 60 % 60, s % 60);
    return out;
}
