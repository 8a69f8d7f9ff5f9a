/* What the pages of setting up, people, programmes, cohorts, seats and wishes show; see views.h. */
#ifndef WEB_VIEWS_SETUP_H
#define WEB_VIEWS_SETUP_H

#include "app/app.h"
#include "web/views.h"

/* A group of controls that the page lays out. */
struct controls {
    const struct control *item;
    size_t n;
};

struct setup_view {
    struct str token, error;
    struct controls university, hospital;
};

struct setup_done_view {
    struct str university, hospital; /* whole addresses */
    struct str secretary, office;    /* names */
    struct str university_token, hospital_token;
};

/* ---- home ---- */
struct todo_item {
    enum msg_id title;
    struct str detail, url;
    bool is_urgent;
};

struct notice_item {
    struct str text, time, url;
    bool is_new;
};

/* A cohort that runs or will. */
struct card {
    struct str name, fact, url, plans_url;
};

struct home_view {
    const struct todo_item *todo;
    size_t todos;
    const struct notice_item *notice;
    size_t notices;
    bool any_new;
    bool is_new; /* there is no cohort yet: who does what is said */
    const struct card *card;
    size_t cards;
};

/* ---- people ---- */
struct role_tag {
    enum msg_id role;
    struct str department;
    int64_t membership_id, version;
    bool may_remove;
};

struct people_item {
    int64_t person_id;
    struct str name, login_name;
    enum msg_id side;
    const struct role_tag *role;
    size_t roles;
    bool has_account, is_disabled;
};

struct people_view {
    struct str query;
    struct controls find;
    const struct people_item *item;
    size_t items;
    int64_t offset, next; /* next: 0 = no more */
    bool may_add;
};

struct member_form_view {
    struct str error;
    struct controls controls;
};

struct person_view {
    int64_t person_id, version;
    struct people_item item;
    struct str password_at, error;
    struct controls person, add_role, account;
    bool may_edit, is_saved;
};

struct link_made {
    struct str name, number, group, url, ends;
    struct str qr; /* of the address: the path of an SVG of qr_size units */
    int64_t qr_size;
};

struct links_view {
    enum msg_id title;
    struct str cohort; /* empty: one person's link */
    const struct link_made *item;
    size_t items;
    struct str back;
};

struct me_login {
    struct str begun, seen, agent;
};

struct me_place {
    int64_t base_id;
    struct str base, roles;
    const char *side_name;
    enum msg_id side;
    bool is_here;
};

struct me_view {
    struct str name, login_name, error, password_at;
    bool has_password, asks_old, saved;
    const struct me_login *login;
    size_t logins;
    const struct me_place *place;
    size_t places;
};

/* ---- programmes ---- */
struct programme_item {
    int64_t id, rotations;
    struct str name, code;
};

struct programmes_view {
    const struct programme_item *item;
    size_t items;
    bool may_edit;
    struct controls add;
    struct str error;
};

struct tick {
    int64_t id;
    struct str label, id_text;
    bool ticked;
};

struct rotation_item {
    int64_t id, version, number, weeks;
    struct str name, departments, window, choice, error;
    bool is_first, is_last, is_open; /* is_open: its form is shown */
    struct controls controls;
    const struct tick *tick;
    size_t ticks;
};

struct choice_item {
    int64_t id, version, pick, rotations;
    struct str name;
    bool is_open;
    struct controls controls;
};

struct order_item {
    int64_t id, version;
    struct str before, after, gap;
};

struct programme_view {
    int64_t id, version, weeks; /* weeks that a student needs */
    struct str name, error;
    bool may_edit, saved, settings_open, add_open;
    struct controls settings;
    const struct rotation_item *rotation;
    size_t rotations;
    struct rotation_item add_rotation;
    const struct choice_item *choice;
    size_t choices;
    struct controls add_choice;
    const struct order_item *order;
    size_t orders;
    struct controls add_order;
};

/* ---- cohorts ---- */
struct cohort_item {
    int64_t id, weeks;
    struct str name, programme;
    date from, until;
    enum msg_id when;
};

struct cohorts_view {
    const struct cohort_item *item;
    size_t items;
    bool may_add, has_programme;
    struct controls add;
    struct str error;
};

struct week_item {
    int64_t number, monday;
    struct str monday_text, holiday; /* holiday: what falls into it, by name; empty: nothing */
    enum msg_id reason;              /* MSG_none: open */
    bool is_now;
};

struct cohort_view {
    struct str days; /* what was written and refused */
    int64_t id, version, programme_id, weeks_open, weeks_closed, students, wishes_given;
    struct str name, programme, error;
    date from, until;
    bool may_edit, saved, settings_open, sees_wishes;
    struct controls settings;
    const struct week_item *week;
    size_t weeks;
    struct str wishes_open, wishes_close;
};

/* ---- students ---- */
struct student_item {
    int64_t id;
    struct str number, name, group;
    enum msg_id state;
    bool is_withdrawn, has_wishes;
};

struct students_view {
    const struct group_row *group_option;
    size_t groups;
    int64_t cohort_id, offset, next;
    struct str cohort, query, group, error;
    const struct student_item *item;
    size_t items;
    bool may_edit, add_open, sees_wishes, saved;
    struct controls add;
};

struct absence_item {
    int64_t id, version;
    date from, last;
    int64_t weeks;
    struct str reason;
};

struct student_wish {
    int64_t rank;
    struct str name, rotation;
};

struct student_data_view {
    int64_t id, version, cohort_id, person_id;
    struct str name, number, cohort, error;
    bool may_edit, saved, sees_wishes, may_link, is_withdrawn;
    struct controls controls;
    const struct absence_item *absence;
    size_t absences;
    struct controls add_absence;
    const struct student_wish *wish;
    size_t wishes;
};

/* ---- seats ---- */
struct capacity_week {
    int64_t monday;
    struct str monday_text, teaching; /* teaching: "week 3" of the cohorts that run */
    int64_t seats, here, others;
    struct str reason;
    bool is_exception, is_over, is_now;
};

struct affected {
    struct str name, number;
    enum msg_id plan;
    date from, last;
};

struct department_item {
    int64_t id, seats, preceptors, unnamed; /* unnamed: students of the coming weeks without a preceptor who is there */
    struct str name, code, initials, site;
};

struct departments_view {
    const struct department_item *item;
    size_t items;
    int64_t seats;
    bool may_edit, may_name, has_sites;
};

struct quota_item {
    int64_t id, version;
    struct str text;
};

struct capacity_view {
    const struct quota_item *quota;
    size_t quotas;
    struct controls add_quota;
    bool has_groups, quota_open;
    int64_t department_id, standard;
    struct str name, error;
    const struct capacity_week *week;
    size_t weeks;
    struct controls range;
    bool may_edit, saved, asks; /* asks: who is affected is shown, to be confirmed */
    const struct affected *affected;
    size_t affecteds;
    int64_t nameless; /* of other bases */
    const char *first_week, *last_week;
    struct str seats, reason;
};

/* ---- wishes ---- */
struct missing_item {
    int64_t id;
    struct str number, name, group;
};

struct wishes_overview {
    int64_t cohort_id, total, given, missing;
    struct str cohort, open, close;
    bool is_open, is_over, may_edit;
    const struct missing_item *item;
    size_t items;
};

/* ---- settings, audit, units ---- */
struct setting_item {
    const char *name;
    enum msg_id label, hint;
    bool is_language;
    int64_t least, most;
    struct str value, error;
};

struct settings_view {
    const struct setting_item *item;
    size_t items;
    struct controls base;
    int64_t base_id, base_version;
    bool may_rename, saved;
    struct str error;
};

struct audit_change {
    struct str field, old, now;
    bool is_secret, is_new;
};

struct audit_part {
    struct str record;
    bool is_deleted, is_new;
    const struct audit_change *change;
    size_t changes;
};

struct audit_item {
    struct str time, person, act, subject, subject_query;
    bool is_refused;
    const struct audit_part *part;
    size_t parts;
    int64_t more; /* records that are not shown */
};

struct audit_view {
    const struct audit_item *item;
    size_t items;
    struct controls find;
    struct str next; /* address of the older ones, or empty */
    bool is_filtered;
};

struct unit_item {
    int64_t id, version, depth;
    struct str name;
    enum msg_id kind, side;
    bool may_edit, is_root;
};

struct site_item {
    int64_t id;
    struct str name, code;
};

struct units_view {
    const struct unit_item *item;
    size_t items;
    bool may_edit, may_sites;
    const struct site_item *site;
    size_t sites;
};

#endif
