/* What other use cases ask about members. */
#ifndef APP_MEMBERS_H
#define APP_MEMBERS_H

#include "app/app.h"

/* Whether the actor may give (or take) a role of a side; errors at side, role, department_id. */
enum status members_check_role(struct call *c, int64_t side, int64_t role, int64_t department_id) MUST;
/* A LIKE pattern (escape '!') for sort keys without spaces: "Chen Si" finds "chensiyuan陈思远". */
struct str members_pattern(struct arena *a, struct str query) MUST;

#endif
