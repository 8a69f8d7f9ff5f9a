/* Included by the tests that use traps.h: one program is one file. */
#include "traps.h"

enum { DEPARTMENTS = 11, ROTATIONS = 8, STUDENTS = 28, ELECTIVE_FIRST = 7 };

static const struct {
    const char *name, *zh;
    int seats, weeks;
} department_table[DEPARTMENTS] = {
    { "repair", "维修组", 8, 4 },  { "qc", "质控计量组", 4, 2 },   { "ultrasound", "超声科", 4, 2 }, { "radiology", "放射科", 4, 2 },
    { "nicu", "新生儿", 4, 2 },    { "cssd", "消毒供应", 2, 1 },   { "info", "信息中心", 2, 1 },     { "lab", "检验科", 2, 2 },
    { "theatre", "手术室", 1, 2 }, { "repro", "生殖中心", 1, 2 },  { "genetics", "遗传室", 1, 2 },
};

static const char *const wish_table[STUDENTS] = {
    "RLGT", "RGTL", "LRGT", "RTLG", "RGTL", "GTLR", "TGRL", "LTGR", "GLRT", "GTRL", "TGRL", "GTRL", "TRLG", "LGTR",
    "RLTG", "RTGL", "TLGR", "GRLT", "LRTG", "RTLG", "RTGL", "TLRG", "RGLT", "RGLT", "LGRT", "TGRL", "RTLG", "RTLG",
};

const char *const traps_cause[8] = { NULL, "count", "fragmentation", "no_slack", "count", "order", "order", "no_slack" };

static void put_department_name(struct buf *b, const struct variant *v, int d)
{
    if (v->names == 0)
        buf_printf(b, "\"%s\"", department_table[d].name);
    else if (v->names == 1)
        buf_printf(b, "\"D%d\"", 70 - 3 * d);
    else
        buf_printf(b, "\"%s\"", department_table[d].zh);
}

static void put_rotation_name(struct buf *b, const struct variant *v, int r)
{
    if (v->names == 0)
        buf_printf(b, "\"%s\"", r == ELECTIVE_FIRST ? "elective" : department_table[r].name);
    else
        buf_printf(b, v->names == 1 ? "\"r-%d\"" : "\"轮转%d\"", r);
}

/* Closed calendar weeks come after open weeks 3, 9, 14. */
static int calendar_of(const struct variant *v, int open_week)
{
    static const int after[] = { 3, 9, 14 };
    int week = open_week;
    for (int i = 0; i < v->holidays; i++)
        week += open_week >= after[i];
    return week;
}

static void put_monday(struct buf *b, const struct variant *v, int calendar)
{
    char z[DATE_TEXT_BYTES];
    buf_printf(b, "\"%s\"", date_text(date_of(2027, 3, 1) + 7 * (v->first_week + calendar), z));
}

static void put_weeks(struct buf *b, const struct variant *v)
{
    static const int closed[] = { 3, 10, 16 }; /* calendar weeks, from 0 */
    buf_z(b, "\"weeks\":{\"first\":");
    put_monday(b, v, 0);
    buf_printf(b, ",\"count\":%d,\"closed\":[", (v->weeks > 0 ? v->weeks : 16) + v->holidays);
    for (int i = 0; i < v->holidays; i++) {
        buf_z(b, i > 0 ? "," : "");
        put_monday(b, v, closed[i]);
    }
    buf_z(b, "]}");
}

static int seats_of(const struct variant *v, int d)
{
    int seats = department_table[d].seats;
    if (d == 0 && (v->trap == 3 || v->trap == 7))
        seats = 10;
    if (d == 1 && (v->trap == 6 || v->trap == 7))
        seats = 5;
    bool cured = (v->trap == 4 && d == 4) || (v->trap == 2 && d == 0);
    return seats * v->scale + (cured ? v->more_seats : 0);
}

static void put_departments(struct buf *b, const struct variant *v)
{
    buf_z(b, "\"departments\":[");
    for (int i = 0; i < DEPARTMENTS; i++) {
        int d = v->backwards ? DEPARTMENTS - 1 - i : i;
        bool shut = d == 0 && (v->trap == 2 || v->trap == 3);
        buf_z(b, i > 0 ? ",{\"id\":" : "{\"id\":");
        put_department_name(b, v, d);
        buf_printf(b, ",\"capacity\":%d", seats_of(v, d));
        if (shut || (d == 4 && v->trap == 4)) {
            int from = calendar_of(v, (shut ? 7 : 4) + v->shift), end = calendar_of(v, (shut ? 8 : 8) + v->shift);
            buf_z(b, ",\"exceptions\":[{\"from\":");
            put_monday(b, v, from);
            buf_printf(b, ",\"weeks\":%d,\"capacity\":0}]", end - from);
        }
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static void put_programme(struct buf *b, const struct variant *v)
{
    buf_z(b, "\"programmes\":[{\"id\":\"bme\",\"rotations\":[");
    for (int i = 0; i < ROTATIONS; i++) {
        int r = v->backwards ? ROTATIONS - 1 - i : i;
        buf_z(b, i > 0 ? ",{\"id\":" : "{\"id\":");
        put_rotation_name(b, v, r);
        buf_z(b, ",\"departments\":[");
        for (int d = r; d < (r == ELECTIVE_FIRST ? DEPARTMENTS : r + 1); d++) {
            buf_z(b, d > r ? "," : "");
            put_department_name(b, v, d);
        }
        buf_printf(b, "],\"weeks\":%d}", department_table[r].weeks);
    }
    buf_char(b, ']');
    if (v->trap >= 5) {
        buf_z(b, ",\"orders\":[{\"before\":");
        put_rotation_name(b, v, 0);
        buf_z(b, ",\"after\":");
        put_rotation_name(b, v, 1);
        buf_z(b, "}]");
    }
    buf_z(b, "}]");
}

static void put_wishes(struct buf *b, const struct variant *v, int s)
{
    static const char letters[] = "LTRG";
    buf_z(b, ",\"wishes\":[{\"rotation\":");
    put_rotation_name(b, v, ELECTIVE_FIRST);
    buf_z(b, ",\"departments\":[");
    for (int i = 0; i < 4; i++) {
        buf_z(b, i > 0 ? "," : "");
        put_department_name(b, v, ELECTIVE_FIRST + (int)(strchr(letters, wish_table[s % STUDENTS][i]) - letters));
    }
    buf_z(b, "]}]");
}

void traps_put(struct buf *b, const struct variant *v)
{
    int n = ((v->trap == 1 ? 33 : STUDENTS) + v->more_students) * v->scale;
    buf_z(b, "{\"format\":\"internbase.problem/1\",");
    put_weeks(b, v);
    buf_char(b, ',');
    put_departments(b, v);
    buf_char(b, ',');
    put_programme(b, v);
    buf_z(b, ",\"students\":[");
    for (int i = 0; i < n; i++) {
        int s = v->backwards ? n - 1 - i : i;
        buf_printf(b, v->names == 2 ? "%s{\"id\":\"学生%d\",\"programme\":\"bme\"" : "%s{\"id\":\"s%02d\",\"programme\":\"bme\"", i > 0 ? "," : "", s + 1);
        if (v->wishes)
            put_wishes(b, v, s);
        buf_char(b, '}');
    }
    buf_z(b, "]}\n");
}
