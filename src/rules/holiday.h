/* China's public holidays, as a hint beside a week: whether a week is closed is decided by people. */
#ifndef RULES_HOLIDAY_H
#define RULES_HOLIDAY_H

#include "core/date.h"
#include "core/ids.h"

/* The name of the holiday whose day falls into the week of `monday`, or MSG_none. Lunar holidays: 2025 to 2030. */
enum msg_id rules_holiday_of_week(date monday) MUST;

#endif
