/* Imports from the inside, for the files app/import*.c alone: what a kind of table is, the columns of a file, what was there
 * before, one row on its way. The way of a file:
 *   use case import_preview keeps it -> import_read (no transaction held while a file is parsed): header, rows against what is
 *   there, import_row records -> the person looks -> use case import_accept writes all of it in one transaction -> import_undo.
 * A row is a list of cells, one for each column of its kind, as texts that mean one thing each; what was there is written in
 * the same way, so that comparing, showing and storing know no kind. Only a kind's own file knows its records. */
#ifndef APP_IMPORT_H
#define APP_IMPORT_H

#include "app/usecases.h"
#include "core/map.h"

enum import_how {
    HOW_TEXT,        /* the field as it is written */
    HOW_NAME,        /* spaces between Chinese characters are typesetting */
    HOW_CODE,        /* no spaces, ASCII width */
    HOW_GROUPS,      /* names of groups, each once, sorted */
    HOW_COUNT,       /* a number; 第, 周, 名, 人, 个 and "weeks" around it are fine */
    HOW_SITE,        /* one site by name or code */
    HOW_DEPARTMENT,  /* one department by name or code */
    HOW_DEPARTMENTS, /* several, each once */
    HOW_EXCEPTIONS,  /* seats of some weeks */
    HOW_ROTATIONS,   /* rotations of the same programme, with gaps */
    HOW_LIST,        /* the rotation or choice that is wished for */
    HOW_RANKED,      /* wishes, one column each, best first */
    HOW_CHECK,       /* must be what is stored; writes nothing */
};

enum { NEED = 1, COLUMNS_OF_KIND_MOST = 16, CELLS_JOINED_MOST = 100 };

struct import_column {
    enum import_kind kind;
    const char *name;
    enum import_how how;
    unsigned flags;
    const struct record *record;
    int field; /* of record */
    int width;
    const char *synonyms;
    enum msg_id header, note;
};

extern const struct import_column import_columns[];
extern const size_t import_columns_count;

/* Something that a cell may name. */
struct named {
    int64_t id;
    struct str label; /* what stands in a cell of ours: the Chinese name where no other has it, else the code */
    struct str code, name_zh, name_en;
};

struct catalogue {
    struct named *item;
    size_t n, cap;
    struct map by_word; /* folded name or code -> place, AMBIGUOUS where two share it */
};
enum { AMBIGUOUS = -2, UNKNOWN = -1 };

/* A row that is there: its cells, and what of it lies where. */
struct known {
    struct str key;
    struct str *cell; /* one for each column of the kind */
    int64_t id, version;
    int64_t other_id, other_version; /* of the person behind it, the programme above it, the choice, as the kind says */
    int64_t list;                    /* wishes: place in lists */
    bool seen;
};

struct importing;

struct import_row_in {
    struct importing *im;
    struct arena *arena; /* of this row */
    int64_t line;
    struct str *cell; /* canonical, or as found where it is wrong */
    struct errs errs; /* `at` is the column's name, column the file's */
};

struct import_kind_of {
    enum import_kind kind;
    enum cap cap;
    enum { COHORT_NO, COHORT_MAY, COHORT_MUST } cohort;
    const char *key[2]; /* the columns by which a row is known: where a row that stands twice is shown */
    /* Reads what is there into im->known and the catalogues. */
    enum status (*load)(struct importing *im);
    /* Rules between the cells of a row, after each was taken; fills what is derived, gives the key. */
    void (*check)(struct import_row_in *row, struct str *key);
    /* Writes a row that is new (known NULL) or changed; every write through call_save or call_delete. */
    enum status (*apply)(struct importing *im, struct call *c, const struct str *cell, struct known *known);
    /* A second pass over the rows, for what refers to rows further down; may be NULL. */
    enum status (*link)(struct importing *im, struct call *c, const struct str *cell, struct known *known);
    bool reads_twice;  /* its cells name other rows of the file */
    int64_t rows_most; /* where its work grows faster than its rows; 0 = as many as a file may have */
};
extern const struct import_kind_of import_of_students, import_of_departments, import_of_preceptors, import_of_programmes,
    import_of_wishes;
const struct import_kind_of *import_kind_find(int64_t kind) MUST;

/* A word that a header may be, folded. */
struct import_word {
    struct str pattern;
    int column;
};

/* Where a file's columns are. */
struct import_header {
    int64_t line; /* of the header; 0 = not found yet */
    struct str sheet;
    int at[COLUMNS_OF_KIND_MOST][CELLS_JOINED_MOST]; /* the file's column, 1-based, for each column of the kind and repeat; 0 = none */
    int repeats[COLUMNS_OF_KIND_MOST];
    struct str *ignored; /* headers that are no column of this kind */
    size_t ignoreds;
    struct str *doubled; /* headers of a column that another one already is */
    size_t doubleds;
    unsigned missing; /* bits of needed columns that it lacks */
};

/* The lists of wishes of a programme. */
struct wish_choice {
    bool is_choice;
    int64_t id; /* rotation or choice */
    struct str label;
    int64_t *option; /* department or rotation ids */
    size_t options;
};

struct importing {
    const struct app *app;
    struct arena *arena; /* as long as the run */
    struct tx *tx;
    const struct import_kind_of *kind;
    const struct import_column *column; /* of this kind */
    int columns;
    const struct import *import;
    const struct base *base;
    const struct cohort *cohort; /* or NULL */
    struct import_header header;
    struct import_word *word;
    size_t words_n, words_cap;
    struct catalogue department, site, rotation, programme, student;
    struct wish_choice *list;
    size_t lists;
    struct known *known;
    size_t knowns, known_cap;
    struct map by_key;   /* key -> place in known */
    struct map by_alias; /* another word for a row that is there: a name where the key is a code; AMBIGUOUS where two share it */
    struct map in_file;  /* key -> line, of the rows seen */
    struct map words;    /* names in the file, for doubles that no code tells apart */
    struct map ahead;    /* of a first reading: names of rows further down */
    struct map taken;    /* sign-in names that others have */
    struct map ids;      /* what was made on the way, by a word of the kind's own */
    bool is_ahead;       /* the first of two readings */
    int64_t applied;     /* rows written so far */
    uint64_t basis;      /* digest of what was loaded */
};

/* import_columns.c */
const struct import_column *import_columns_of(enum import_kind k, int *n) MUST;
int import_column_at(const struct importing *im, const char *name) MUST;
/* A word as it is compared: ASCII width, small letters, no spaces, nothing behind a bracket unless it begins with one. */
struct str import_fold(struct arena *a, struct str s, bool cut_brackets) MUST;
/* Chinese text without the spaces between its characters; other spaces single. */
struct str import_name(struct arena *a, struct str s) MUST;
/* Without any space, ASCII width. */
struct str import_code(struct arena *a, struct str s) MUST;
/* A code made of a name's pinyin, of at most 40 letters. */
struct str import_code_of(struct arena *a, struct str name) MUST;
/* The same with a number behind it where it is taken, here or further up in the file; `prefix` is what stands before a code in
 * the kind's keys. */
struct str import_code_free(struct importing *im, struct arena *a, struct str prefix, struct str name) MUST;

/* import_header.c: makes the list of words; tries a row as the header; true when it holds all needed columns. *matched: how many it holds. */
void import_header_begin(struct importing *im);
bool import_header_try(struct importing *im, const struct str *cell, size_t n, struct import_header *out, int *matched) MUST;

/* import_cells.c: one file row -> row->cell and errors. */
void import_cells_take(struct import_row_in *row, const struct str *file_cell, size_t n);
void import_fault(struct import_row_in *row, enum msg_id id, const char *column, struct str a1, struct str a2, struct str a3);
/* Cuts the next piece of a list at 、 , ; or a line break. */
struct str import_piece(struct str *rest) MUST;
/* Cuts the next label off a cell of ours: they stand with 、 between. */
struct str import_label(struct str *rest) MUST;
/* A fault at the repeat `rank` (from 0) of a column. */
void import_fault_rank(struct import_row_in *row, enum msg_id id, const char *column, int rank, struct str a1, struct str a2);
/* A catalogue: adding, looking up by what somebody wrote. */
void catalogue_add(struct importing *im, struct catalogue *c, struct named n);
int64_t catalogue_find(const struct catalogue *c, struct arena *a, struct str word) MUST;
/* Labels once all are in: the Chinese name where it is the only one, else the code. */
void catalogue_label(struct importing *im, struct catalogue *c);
/* The label of an id; "" where there is none. */
struct str catalogue_label_of(const struct catalogue *c, int64_t id) MUST;
/* Up to a dozen labels, for "allowed are". */
struct str catalogue_labels(const struct catalogue *c, struct arena *a) MUST;

/* Rules between the fields of a record, as it will be; faults at the columns. Only for a row without faults. */
void import_rules(struct import_row_in *row, const struct record *r, const struct known *k);

/* import_exceptions.c: "第8周:0(检修);第9-10周:6", "2027-04-19..2027-05-02: 6" <-> weeks of capacity. */
struct exception {
    int64_t first_week, weeks, seats;
    struct str reason;
};
enum { EXCEPTIONS_MOST = 100 };
/* -1 with a fault at the row, else how many. cohort gives meaning to 第 n 周. */
int import_exceptions_read(struct import_row_in *row, const char *column, struct str text, struct exception *out) MUST;
struct str import_exceptions_put(struct arena *a, const struct cohort *cohort, const struct exception *x, int n) MUST;

/* import_known.c: what is there. */
struct known *known_add(struct importing *im, struct str key, int64_t id, int64_t version) MUST;
void known_set(struct importing *im, struct known *k, const char *column, struct str text);
void known_set_int(struct importing *im, struct known *k, const char *column, int64_t v);
/* Notes a loaded row for the digest of what the preview was made from. */
void basis_note(struct importing *im, int64_t id, int64_t version);
enum status import_load_departments(struct importing *im) MUST;

/* The row that is there for a key or NULL. */
struct known *known_find(const struct importing *im, struct str key) MUST;
/* Runs page() again and again, each time with an empty arena for the rows, as long as it fills *rows with `size` of them. */
typedef enum status import_page_fn(struct importing *im, struct rows *rows, void *ctx);
enum status import_pages(struct importing *im, import_page_fn *page, size_t size, void *ctx) MUST;

/* import_store.c: writes, through the same rules and scope as a form's. */
/* Fills the fields of rec that have a column with a value. */
void import_fill(const struct importing *im, const struct record *r, void *rec, const struct str *cell);
/* Stores a record after rules and scope; one that is as it was (old) is left alone. */
enum status import_save(struct call *c, const struct record *r, const void *old, void *now) MUST;
/* Loads the record into *old and copies it to `now`; id 0 = a new one, *old is NULL then. */
enum status import_load_old(struct call *c, const struct record *r, int64_t id, void **old, void *now) MUST;
/* Loads a record and stores it with the row's values, if any differs. */
enum status import_change(struct importing *im, struct call *c, const struct record *r, int64_t id, const struct str *cell) MUST;

/* Sets up im for an import record inside im->tx; loads what is there. */
enum status import_begin(struct importing *im, const struct app *app, struct arena *a, struct tx *tx, const struct import *import) MUST;

/* The value of a column of a row, or "". */
struct str import_cell(const struct importing *im, const struct str *cell, const char *column) MUST;

/* import.c: the import that a use case means, if it is the actor's. */
enum status import_find(struct call *c, int64_t id, struct import **out) MUST;
/* call.target_id, in this state and of call.target_version. */
enum status import_target(struct call *c, struct import **out, enum import_state state) MUST;
/* Puts a job for it into the queue, in the use case's transaction. */
enum status import_queue(struct call *c, const struct import *i) MUST;
/* import_read.c: faults as they are stored. */
void import_put_faults(struct buf *b, const struct errs *errs);
/* import_work.c: the job of an import that waits to be read. */
enum status import_read_job(const struct app *app, const struct job *job, const volatile bool *stop) MUST;
/* What the audit keeps of an import: counts, not rows. */
void import_summary(struct call *c, const struct import *i);

/* import_json.c: what is stored as JSON. */
void import_put_cells(struct buf *b, const struct importing *im, const struct str *cell);
/* Reads a list of texts into out[0..most), each in `a`; what is missing is "". False when it is none. */
bool import_get_cells(struct arena *a, struct str json, struct str *out, int most) MUST;

#endif
