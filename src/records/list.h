/* Every record, input and view row. Read many times with RECORD_STEP set; no include guard. A new one: three lines here, one .def. */
#define RECORD organisation
#define RECORD_DEF "records/organisation.def"
#include RECORD_STEP
#define RECORD base
#define RECORD_DEF "records/base.def"
#include RECORD_STEP
#define RECORD person
#define RECORD_DEF "records/person.def"
#include RECORD_STEP
#define RECORD account
#define RECORD_DEF "records/account.def"
#include RECORD_STEP
#define RECORD membership
#define RECORD_DEF "records/membership.def"
#include RECORD_STEP
#define RECORD login
#define RECORD_DEF "records/login.def"
#include RECORD_STEP
#define RECORD link
#define RECORD_DEF "records/link.def"
#include RECORD_STEP
#define RECORD site
#define RECORD_DEF "records/site.def"
#include RECORD_STEP
#define RECORD department
#define RECORD_DEF "records/department.def"
#include RECORD_STEP
#define RECORD capacity
#define RECORD_DEF "records/capacity.def"
#include RECORD_STEP
#define RECORD preceptor
#define RECORD_DEF "records/preceptor.def"
#include RECORD_STEP
#define RECORD preceptor_absence
#define RECORD_DEF "records/preceptor_absence.def"
#include RECORD_STEP
#define RECORD programme
#define RECORD_DEF "records/programme.def"
#include RECORD_STEP
#define RECORD choice
#define RECORD_DEF "records/choice.def"
#include RECORD_STEP
#define RECORD rotation
#define RECORD_DEF "records/rotation.def"
#include RECORD_STEP
#define RECORD rotation_department
#define RECORD_DEF "records/rotation_department.def"
#include RECORD_STEP
#define RECORD rotation_order
#define RECORD_DEF "records/rotation_order.def"
#include RECORD_STEP
#define RECORD cohort
#define RECORD_DEF "records/cohort.def"
#include RECORD_STEP
#define RECORD closed_week
#define RECORD_DEF "records/closed_week.def"
#include RECORD_STEP
#define RECORD student
#define RECORD_DEF "records/student.def"
#include RECORD_STEP
#define RECORD student_group
#define RECORD_DEF "records/student_group.def"
#include RECORD_STEP
#define RECORD group_member
#define RECORD_DEF "records/group_member.def"
#include RECORD_STEP
#define RECORD group_quota
#define RECORD_DEF "records/group_quota.def"
#include RECORD_STEP
#define RECORD absence
#define RECORD_DEF "records/absence.def"
#include RECORD_STEP
#define RECORD wish
#define RECORD_DEF "records/wish.def"
#include RECORD_STEP
#define RECORD plan
#define RECORD_DEF "records/plan.def"
#include RECORD_STEP
#define RECORD whatif
#define RECORD_DEF "records/whatif.def"
#include RECORD_STEP
#define RECORD placement
#define RECORD_DEF "records/placement.def"
#include RECORD_STEP
#define RECORD receipt
#define RECORD_DEF "records/receipt.def"
#include RECORD_STEP
#define RECORD demand
#define RECORD_DEF "records/demand.def"
#include RECORD_STEP
#define RECORD job
#define RECORD_DEF "records/job.def"
#include RECORD_STEP
#define RECORD import
#define RECORD_DEF "records/import.def"
#include RECORD_STEP
#define RECORD import_row
#define RECORD_DEF "records/import_row.def"
#include RECORD_STEP
#define RECORD file
#define RECORD_DEF "records/file.def"
#include RECORD_STEP
#define RECORD notice
#define RECORD_DEF "records/notice.def"
#include RECORD_STEP
#define RECORD audit_entry
#define RECORD_DEF "records/audit_entry.def"
#include RECORD_STEP
#define RECORD request_key
#define RECORD_DEF "records/request_key.def"
#include RECORD_STEP
#define RECORD sign_in_failure
#define RECORD_DEF "records/sign_in_failure.def"
#include RECORD_STEP
#define RECORD device
#define RECORD_DEF "records/device.def"
#include RECORD_STEP
#define RECORD setting
#define RECORD_DEF "records/setting.def"
#include RECORD_STEP
#define RECORD in_list
#define RECORD_DEF "records/inputs/in_list.def"
#include RECORD_STEP
#define RECORD in_target
#define RECORD_DEF "records/inputs/in_target.def"
#include RECORD_STEP
#define RECORD in_wishes
#define RECORD_DEF "records/inputs/in_wishes.def"
#include RECORD_STEP
#define RECORD in_plan
#define RECORD_DEF "records/inputs/in_plan.def"
#include RECORD_STEP
#define RECORD in_move
#define RECORD_DEF "records/inputs/in_move.def"
#include RECORD_STEP
#define RECORD in_pair
#define RECORD_DEF "records/inputs/in_pair.def"
#include RECORD_STEP
#define RECORD in_withdraw
#define RECORD_DEF "records/inputs/in_withdraw.def"
#include RECORD_STEP
#define RECORD in_supervision
#define RECORD_DEF "records/inputs/in_supervision.def"
#include RECORD_STEP
#define RECORD in_naming
#define RECORD_DEF "records/inputs/in_naming.def"
#include RECORD_STEP
#define RECORD in_seats
#define RECORD_DEF "records/inputs/in_seats.def"
#include RECORD_STEP
#define RECORD in_weeks_of
#define RECORD_DEF "records/inputs/in_weeks_of.def"
#include RECORD_STEP
#define RECORD in_trial
#define RECORD_DEF "records/inputs/in_trial.def"
#include RECORD_STEP
#define RECORD trial_row
#define RECORD_DEF "records/views/trial_row.def"
#include RECORD_STEP
#define RECORD text_row
#define RECORD_DEF "records/views/text_row.def"
#include RECORD_STEP
#define RECORD price_row
#define RECORD_DEF "records/views/price_row.def"
#include RECORD_STEP
#define RECORD finding_row
#define RECORD_DEF "records/views/finding_row.def"
#include RECORD_STEP
#define RECORD diff_row
#define RECORD_DEF "records/views/diff_row.def"
#include RECORD_STEP
#define RECORD concerned_row
#define RECORD_DEF "records/views/concerned_row.def"
#include RECORD_STEP
#define RECORD seat_row
#define RECORD_DEF "records/views/seat_row.def"
#include RECORD_STEP
#define RECORD receipt_row
#define RECORD_DEF "records/views/receipt_row.def"
#include RECORD_STEP
#define RECORD outcome_row
#define RECORD_DEF "records/views/outcome_row.def"
#include RECORD_STEP
#define RECORD week_row
#define RECORD_DEF "records/views/week_row.def"
#include RECORD_STEP
#define RECORD preceptor_row
#define RECORD_DEF "records/views/preceptor_row.def"
#include RECORD_STEP
#define RECORD supervision_row
#define RECORD_DEF "records/views/supervision_row.def"
#include RECORD_STEP
#define RECORD supervisor_row
#define RECORD_DEF "records/views/supervisor_row.def"
#include RECORD_STEP
#define RECORD stand_in_row
#define RECORD_DEF "records/views/stand_in_row.def"
#include RECORD_STEP
#define RECORD explain_row
#define RECORD_DEF "records/views/explain_row.def"
#include RECORD_STEP
#define RECORD in_setup
#define RECORD_DEF "records/inputs/in_setup.def"
#include RECORD_STEP
#define RECORD in_find
#define RECORD_DEF "records/inputs/in_find.def"
#include RECORD_STEP
#define RECORD in_student_find
#define RECORD_DEF "records/inputs/in_student_find.def"
#include RECORD_STEP
#define RECORD in_capacity_range
#define RECORD_DEF "records/inputs/in_capacity_range.def"
#include RECORD_STEP
#define RECORD in_capacity_load
#define RECORD_DEF "records/inputs/in_capacity_load.def"
#include RECORD_STEP
#define RECORD in_weeks
#define RECORD_DEF "records/inputs/in_weeks.def"
#include RECORD_STEP
#define RECORD in_rotation
#define RECORD_DEF "records/inputs/in_rotation.def"
#include RECORD_STEP
#define RECORD in_rotation_move
#define RECORD_DEF "records/inputs/in_rotation_move.def"
#include RECORD_STEP
#define RECORD in_student_change
#define RECORD_DEF "records/inputs/in_student_change.def"
#include RECORD_STEP
#define RECORD in_students_group
#define RECORD_DEF "records/inputs/in_students_group.def"
#include RECORD_STEP
#define RECORD in_audit_find
#define RECORD_DEF "records/inputs/in_audit_find.def"
#include RECORD_STEP
#define RECORD in_setting
#define RECORD_DEF "records/inputs/in_setting.def"
#include RECORD_STEP
#define RECORD in_names
#define RECORD_DEF "records/inputs/in_names.def"
#include RECORD_STEP
#define RECORD name_row
#define RECORD_DEF "records/views/name_row.def"
#include RECORD_STEP
#define RECORD people_row
#define RECORD_DEF "records/views/people_row.def"
#include RECORD_STEP
#define RECORD link_row
#define RECORD_DEF "records/views/link_row.def"
#include RECORD_STEP
#define RECORD login_row
#define RECORD_DEF "records/views/login_row.def"
#include RECORD_STEP
#define RECORD whatif_row
#define RECORD_DEF "records/views/whatif_row.def"
#include RECORD_STEP
#define RECORD effect_row
#define RECORD_DEF "records/views/effect_row.def"
#include RECORD_STEP
#define RECORD todo_row
#define RECORD_DEF "records/views/todo_row.def"
#include RECORD_STEP
#define RECORD audit_row
#define RECORD_DEF "records/views/audit_row.def"
#include RECORD_STEP
#define RECORD student_find_row
#define RECORD_DEF "records/views/student_find_row.def"
#include RECORD_STEP
#define RECORD group_row
#define RECORD_DEF "records/views/group_row.def"
#include RECORD_STEP
#define RECORD group_member_row
#define RECORD_DEF "records/views/group_member_row.def"
#include RECORD_STEP
#define RECORD quota_row
#define RECORD_DEF "records/views/quota_row.def"
#include RECORD_STEP
#define RECORD count_row
#define RECORD_DEF "records/views/count_row.def"
#include RECORD_STEP
#define RECORD member_row
#define RECORD_DEF "records/views/member_row.def"
#include RECORD_STEP
#define RECORD student_row
#define RECORD_DEF "records/views/student_row.def"
#include RECORD_STEP
#define RECORD placement_row
#define RECORD_DEF "records/views/placement_row.def"
#include RECORD_STEP
#define RECORD load_row
#define RECORD_DEF "records/views/load_row.def"
#include RECORD_STEP
#define RECORD visitor_row
#define RECORD_DEF "records/views/visitor_row.def"
#include RECORD_STEP
#define RECORD plan_row
#define RECORD_DEF "records/views/plan_row.def"
#include RECORD_STEP
#define RECORD my_row
#define RECORD_DEF "records/views/my_row.def"
#include RECORD_STEP
#define RECORD my_wish_row
#define RECORD_DEF "records/views/my_wish_row.def"
#include RECORD_STEP
#define RECORD in_student_add
#define RECORD_DEF "records/inputs/in_student_add.def"
#include RECORD_STEP
#define RECORD in_member_add
#define RECORD_DEF "records/inputs/in_member_add.def"
#include RECORD_STEP
#define RECORD in_preceptor_add
#define RECORD_DEF "records/inputs/in_preceptor_add.def"
#include RECORD_STEP
#define RECORD in_import
#define RECORD_DEF "records/inputs/in_import.def"
#include RECORD_STEP
#define RECORD in_import_rows
#define RECORD_DEF "records/inputs/in_import_rows.def"
#include RECORD_STEP
#define RECORD known_student
#define RECORD_DEF "records/views/known_student.def"
#include RECORD_STEP
#define RECORD known_preceptor
#define RECORD_DEF "records/views/known_preceptor.def"
#include RECORD_STEP
