/* Numbers and dates of workbooks as text. See number.h. */
#include "read/number.h"

#include "core/date.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* DIGITS_KEPT: what a spreadsheet program keeps of a number; from LOST_FROM on, the last digits are not what was typed. */
enum { DIGITS_KEPT = 15, SERIAL_LEAP_DAY = 60, SECONDS_A_DAY = 86400 };
static const double LOST_FROM = 1e15;

uint8_t format_builtin(uint32_t id)
{
    static const struct {
        uint32_t first, last;
        uint8_t shows;
    } table[] = {
        { 14, 17, FORMAT_DATE },
        { 18, 18, FORMAT_TIME },
        { 19, 19, FORMAT_TIME | FORMAT_SECONDS },
        { 20, 20, FORMAT_TIME },
        { 21, 21, FORMAT_TIME | FORMAT_SECONDS },
        { 22, 22, FORMAT_DATE | FORMAT_TIME },
        { 27, 31, FORMAT_DATE },
        { 32, 32, FORMAT_TIME },
        { 33, 33, FORMAT_TIME | FORMAT_SECONDS },
        { 34, 34, FORMAT_TIME },
        { 35, 35, FORMAT_TIME | FORMAT_SECONDS },
        { 36, 36, FORMAT_DATE },
        { 45, 45, FORMAT_TIME | FORMAT_SECONDS },
        { 46, 46, FORMAT_TIME | FORMAT_SECONDS | FORMAT_ELAPSED },
        { 47, 47, FORMAT_TIME | FORMAT_SECONDS },
        { 50, 54, FORMAT_DATE },
        { 55, 56, FORMAT_TIME | FORMAT_SECONDS },
        { 57, 58, FORMAT_DATE },
        { 71, 74, FORMAT_DATE },
        { 81, 81, FORMAT_DATE },
    };
    for (size_t i = 0; i < LEN(table); i++)
        if (id >= table[i].first && id <= table[i].last)
            return table[i].shows;
    return 0;
}

/* Skips what is literal at s.p[i]: "text", \x, _x, *x, [condition]; returns where the next letter is to be looked for. */
static size_t skip_literal(struct str s, size_t i, bool *is_elapsed)
{
    char c = s.p[i];
    if (c == '\\' || c == '_' || c == '*')
        return MIN(i + 2, s.n);
    char close = c == '"' ? '"' : c == '[' ? ']' : '\0';
    if (close == '\0')
        return i;
    size_t end = i + 1;
    while (end < s.n && s.p[end] != close)
        end++;
    if (c == '[' && end > i + 1 && strchr("hHmMsS", s.p[i + 1]) != NULL && s.p[i + 1] == s.p[end - 1])
        *is_elapsed = true;
    return MIN(end + 1, s.n);
}

uint8_t format_of_code(struct str code)
{
    bool has_y = false, has_m = false, has_d = false, has_h = false, has_s = false, is_elapsed = false;
    size_t zeros = 0, others = 0;
    if (code.n >= 7 && strncasecmp(code.p, "general", 7) == 0)
        return 0;
    for (size_t i = 0; i < code.n && code.p[i] != ';';) {
        size_t next = skip_literal(code, i, &is_elapsed);
        if (next > i) {
            i = next;
            continue;
        }
        char c = code.p[i] | 0x20;
        if (c == 'a' && code.n - i >= 5 && strncasecmp(code.p + i, "am/pm", 5) == 0) {
            has_h = true;
            i += 5;
            continue;
        }
        has_y |= c == 'y';
        has_m |= c == 'm';
        has_d |= c == 'd';
        has_h |= c == 'h';
        has_s |= c == 's';
        zeros += code.p[i] == '0';
        others += code.p[i] != '0';
        i++;
    }
    bool has_time = has_h || has_s || is_elapsed;
    bool has_date = has_y || has_d || (has_m && !has_time);
    if (has_date || has_time)
        return (uint8_t)((has_date ? FORMAT_DATE : 0) | (has_time ? FORMAT_TIME : 0) | (has_s ? FORMAT_SECONDS : 0) |
                         (is_elapsed && !has_date ? FORMAT_ELAPSED : 0));
    return others == 0 && zeros > 1 ? (uint8_t)(FORMAT_ZEROS | MIN(zeros, (size_t)DIGITS_KEPT)) : 0;
}

static size_t put_time(char *out, size_t room, int64_t seconds, uint8_t format)
{
    assert(seconds >= 0);
    bool shows_seconds = (format & FORMAT_SECONDS) != 0 && seconds % 60 != 0;
    int n = shows_seconds ? snprintf(out, room, "%02lld:%02d:%02d", (long long)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60))
                          : snprintf(out, room, "%02lld:%02d", (long long)(seconds / 3600), (int)(seconds / 60 % 60));
    return (size_t)n;
}

static bool serial_text(double x, uint8_t format, bool is_1904, char *out)
{
    if (!(x >= 0 && x < 2958466)) /* 9999-12-31 is 2958465 */
        return false;
    int64_t days = (int64_t)floor(x), seconds = llround((x - floor(x)) * SECONDS_A_DAY);
    if (seconds == SECONDS_A_DAY) {
        days++;
        seconds = 0;
    }
    if ((format & FORMAT_DATE) == 0) {
        put_time(out, NUMBER_TEXT_BYTES, (format & FORMAT_ELAPSED) != 0 ? days * SECONDS_A_DAY + seconds : seconds, format);
        return true;
    }
    if (!is_1904 && (days == 0 || days == SERIAL_LEAP_DAY))
        return false;
    date d = is_1904 ? date_of(1904, 1, 1) : days < SERIAL_LEAP_DAY ? date_of(1899, 12, 31) : date_of(1899, 12, 30);
    if (days > DATE_MOST - d)
        return false;
    date_text(d + (date)days, out);
    if ((format & FORMAT_TIME) != 0 && seconds != 0) {
        out[DATE_TEXT_BYTES - 1] = ' ';
        put_time(out + DATE_TEXT_BYTES, NUMBER_TEXT_BYTES - DATE_TEXT_BYTES, seconds, format);
    }
    return true;
}

/* A short whole number as writers put it: shown as it stands. */
static bool is_plain(struct str v)
{
    size_t i = v.n > 1 && v.p[0] == '-' ? 1 : 0;
    if (v.n == 0 || v.n - i > DIGITS_KEPT || (v.p[i] == '0' && v.n > 1))
        return false;
    for (; i < v.n; i++)
        if (v.p[i] < '0' || v.p[i] > '9')
            return false;
    return true;
}

static bool to_double(struct str v, double *x)
{
    char z[NUMBER_TEXT_BYTES], *end;
    if (v.n == 0 || v.n >= sizeof z)
        return false;
    for (size_t i = 0; i < v.n; i++)
        if (strchr("0123456789+-.eE", v.p[i]) == NULL || v.p[i] == '\0')
            return false;
    memcpy(z, v.p, v.n);
    z[v.n] = '\0';
    *x = strtod(z, &end);
    return *end == '\0' && end != z && isfinite(*x);
}

/* The value itself, as far as it fits in whole characters. */
static void put_value(char out[static NUMBER_TEXT_BYTES], struct str v)
{
    v = text_cut(v, NUMBER_TEXT_BYTES - 1);
    memcpy(out, v.p, v.n);
    out[v.n] = '\0';
}

bool number_text(struct str v, uint8_t format, bool is_1904, char out[static NUMBER_TEXT_BYTES], enum fault *fault)
{
    double x;
    v = str_trim(v);
    put_value(out, v);
    if (format == 0 && is_plain(v))
        return true;
    if (!to_double(v, &x)) {
        *fault = FAULT_cell_number;
        return false;
    }
    if (format != 0 && (format & FORMAT_ZEROS) == 0) {
        *fault = FAULT_cell_date;
        return serial_text(x, format, is_1904, out);
    }
    if (fabs(x) >= LOST_FROM) {
        *fault = FAULT_cell_digits;
        return false;
    }
    if (format != 0 && x >= 0 && x == floor(x))
        snprintf(out, NUMBER_TEXT_BYTES, "%0*lld", format & FORMAT_WIDTH, (long long)x);
    else
        snprintf(out, NUMBER_TEXT_BYTES, "%.*G", DIGITS_KEPT, x == 0 ? 0.0 : x);
    return true;
}

bool iso_date_text(struct str v, char out[static NUMBER_TEXT_BYTES], enum fault *fault)
{
    date d;
    v = str_trim(v);
    put_value(out, v);
    *fault = FAULT_cell_date;
    if (v.n < 10 || !date_parse((struct str){ v.p, 10 }, &d))
        return false;
    out[10] = '\0';
    int hour, minute, second = 0;
    char time[9] = "";
    snprintf(time, sizeof time, "%.*s", v.n > 11 ? (int)MIN(v.n - 11, sizeof time - 1) : 0, v.n > 11 ? v.p + 11 : "");
    if (v.n == 10 || sscanf(time, "%2d:%2d:%2d", &hour, &minute, &second) < 2)
        return v.n == 10;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return false;
    if (hour + minute + second > 0) {
        out[10] = ' ';
        put_time(out + 11, NUMBER_TEXT_BYTES - 11, hour * 3600 + minute * 60 + second, FORMAT_SECONDS);
    }
    return true;
}
