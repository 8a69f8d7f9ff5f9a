/* China's public holidays: see holiday.h. The lunar ones by the dates of the Purple Mountain Observatory's almanac. */
#include "rules/holiday.h"

static const struct {
    int month, day; /* the statutory day itself */
    enum msg_id name;
} fixed[] = {
    { 1, 1, MSG_holiday_new_year },
    { 5, 1, MSG_holiday_labour },
    { 10, 1, MSG_holiday_national },
};

/* First day of the lunar holiday; Qingming is solar, but not always of the same day. */
static const struct {
    int year;
    struct {
        int month, day;
    } spring, qingming, dragon_boat, mid_autumn;
} lunar[] = {
    { 2025, { 1, 29 }, { 4, 4 }, { 5, 31 }, { 10, 6 } }, { 2026, { 2, 17 }, { 4, 5 }, { 6, 19 }, { 9, 25 } },
    { 2027, { 2, 6 }, { 4, 5 }, { 6, 9 }, { 9, 15 } },   { 2028, { 1, 26 }, { 4, 4 }, { 5, 28 }, { 10, 3 } },
    { 2029, { 2, 13 }, { 4, 4 }, { 6, 16 }, { 9, 22 } }, { 2030, { 2, 3 }, { 4, 5 }, { 6, 5 }, { 9, 12 } },
};

static bool in_week(date monday, int year, int month, int day)
{
    date d = date_of(year, month, day);
    return d >= monday && d < monday + 7;
}

enum msg_id rules_holiday_of_week(date monday)
{
    assert(date_weekday(monday) == 0);
    struct ymd first = date_ymd(monday), last = date_ymd(monday + 6);
    for (int year = first.year; year <= last.year; year++) {
        for (size_t i = 0; i < LEN(lunar); i++) {
            if (lunar[i].year != year)
                continue;
            if (in_week(monday, year, lunar[i].spring.month, lunar[i].spring.day))
                return MSG_holiday_spring;
            if (in_week(monday, year, lunar[i].qingming.month, lunar[i].qingming.day))
                return MSG_holiday_qingming;
            if (in_week(monday, year, lunar[i].dragon_boat.month, lunar[i].dragon_boat.day))
                return MSG_holiday_dragon_boat;
            if (in_week(monday, year, lunar[i].mid_autumn.month, lunar[i].mid_autumn.day))
                return MSG_holiday_mid_autumn;
        }
        for (size_t i = 0; i < LEN(fixed); i++)
            if (in_week(monday, year, fixed[i].month, fixed[i].day))
                return fixed[i].name;
    }
    return MSG_none;
}
