-- The first schema. A line behind {POSTGRES} is for PostgreSQL alone. {ID}, {INT}, {TEXT}, {BYTES} stand for the types of the database (store/migrate.c).
CREATE TABLE organisation (
    id {ID},
    version {INT} NOT NULL,
    parent_id {INT} REFERENCES organisation (id),
    kind {INT} NOT NULL,
    side {INT} NOT NULL,
    name_zh {TEXT} NOT NULL,
    name_en {TEXT} NOT NULL,
    sort_key {TEXT} NOT NULL
);
CREATE INDEX organisation_parent ON organisation (parent_id);
CREATE TABLE base (
    id {ID},
    version {INT} NOT NULL,
    university_id {INT} NOT NULL REFERENCES organisation (id),
    hospital_id {INT} NOT NULL REFERENCES organisation (id),
    name_zh {TEXT} NOT NULL,
    name_en {TEXT} NOT NULL
);
CREATE UNIQUE INDEX base_sides ON base (university_id, hospital_id);
CREATE INDEX base_hospital ON base (hospital_id);
CREATE TABLE person (
    id {ID},
    version {INT} NOT NULL,
    name {TEXT} NOT NULL,
    name_en {TEXT} NOT NULL,
    mail {TEXT} NOT NULL,
    phone {TEXT} NOT NULL,
    sort_key {TEXT} NOT NULL
);
CREATE TABLE account (
    id {ID},
    version {INT} NOT NULL,
    person_id {INT} NOT NULL REFERENCES person (id),
    login_name {TEXT} NOT NULL,
    password_hash {TEXT} NOT NULL,
    language {INT},
    disabled {INT},
    password_at {INT}
);
CREATE UNIQUE INDEX account_login_name ON account (login_name);
CREATE INDEX account_person ON account (person_id);
CREATE TABLE membership (
    id {ID},
    version {INT} NOT NULL,
    base_id {INT} NOT NULL REFERENCES base (id),
    person_id {INT} NOT NULL REFERENCES person (id),
    side {INT} NOT NULL,
    role {INT} NOT NULL,
    department_id {INT}
);
CREATE UNIQUE INDEX membership_person ON membership (person_id, base_id, role, side);
CREATE INDEX membership_base ON membership (base_id, role);
CREATE TABLE login (
    id {ID},
    version {INT} NOT NULL,
    token_digest {TEXT} NOT NULL,
    account_id {INT} REFERENCES account (id),
    base_id {INT} REFERENCES base (id),
    side {INT},
    by_link {INT},
    csrf {TEXT} NOT NULL,
    begun_at {INT},
    seen_at {INT},
    ends_at {INT},
    agent {TEXT} NOT NULL,
    language {INT}
);
CREATE UNIQUE INDEX login_token ON login (token_digest);
CREATE INDEX login_account ON login (account_id);
CREATE TABLE link (
    id {ID},
    version {INT} NOT NULL,
    token_digest {TEXT} NOT NULL,
    kind {INT},
    account_id {INT} REFERENCES account (id),
    base_id {INT} REFERENCES base (id),
    made_at {INT},
    ends_at {INT},
    used_at {INT}
);
CREATE UNIQUE INDEX link_token ON link (token_digest);
CREATE INDEX link_account ON link (account_id);
CREATE TABLE sign_in_failure (
    id {ID},
    version {INT} NOT NULL,
    login_key {TEXT} NOT NULL,
    client {TEXT} NOT NULL,
    value {INT},
    at {INT}
);
CREATE UNIQUE INDEX sign_in_failure_key ON sign_in_failure (login_key, client);
CREATE INDEX sign_in_failure_at ON sign_in_failure (at);
CREATE TABLE device (
    id {ID},
    version {INT} NOT NULL,
    account_id {INT} REFERENCES account (id),
    token_digest {TEXT} NOT NULL,
    seen_at {INT}
);
CREATE UNIQUE INDEX device_token ON device (token_digest);
CREATE INDEX device_account ON device (account_id);
CREATE TABLE site (
    id {ID},
    version {INT} NOT NULL,
    hospital_id {INT} NOT NULL REFERENCES organisation (id),
    code {TEXT} NOT NULL,
    name_zh {TEXT} NOT NULL,
    name_en {TEXT} NOT NULL
);
CREATE UNIQUE INDEX site_code ON site (hospital_id, code);
CREATE TABLE department (
    id {ID},
    version {INT} NOT NULL,
    hospital_id {INT} NOT NULL REFERENCES organisation (id),
    site_id {INT} REFERENCES site (id),
    code {TEXT} NOT NULL,
    name_zh {TEXT} NOT NULL,
    name_en {TEXT} NOT NULL,
    initials {TEXT} NOT NULL,
    seats {INT} NOT NULL,
    minimum {INT},
    position {INT},
    sort_key {TEXT} NOT NULL
);
CREATE UNIQUE INDEX department_code ON department (hospital_id, code);
CREATE TABLE capacity (
    id {ID},
    version {INT} NOT NULL,
    department_id {INT} NOT NULL REFERENCES department (id),
    first_week {INT} NOT NULL,
    weeks {INT} NOT NULL,
    seats {INT} NOT NULL,
    reason {TEXT} NOT NULL
);
CREATE INDEX capacity_department ON capacity (department_id, id);
CREATE TABLE preceptor (
    id {ID},
    version {INT} NOT NULL,
    department_id {INT} NOT NULL REFERENCES department (id),
    person_id {INT} NOT NULL REFERENCES person (id),
    number {TEXT} NOT NULL,
    title {TEXT} NOT NULL,
    students_most {INT} NOT NULL,
    active {INT}
);
CREATE UNIQUE INDEX preceptor_person ON preceptor (department_id, person_id);
CREATE INDEX preceptor_by_person ON preceptor (person_id);
CREATE TABLE preceptor_absence (
    id {ID},
    version {INT} NOT NULL,
    preceptor_id {INT} NOT NULL REFERENCES preceptor (id),
    first_week {INT} NOT NULL,
    weeks {INT} NOT NULL,
    substitute_id {INT} REFERENCES preceptor (id),
    reason {TEXT} NOT NULL
);
CREATE INDEX preceptor_absence_preceptor ON preceptor_absence (preceptor_id, first_week);
CREATE INDEX preceptor_absence_substitute ON preceptor_absence (substitute_id) WHERE substitute_id IS NOT NULL;
CREATE TABLE programme (
    id {ID},
    version {INT} NOT NULL,
    base_id {INT} NOT NULL REFERENCES base (id),
    code {TEXT} NOT NULL,
    name_zh {TEXT} NOT NULL,
    name_en {TEXT} NOT NULL,
    consecutive_weeks_most {INT},
    free_weeks_forbidden {INT},
    site_limit {INT}
);
CREATE UNIQUE INDEX programme_code ON programme (base_id, code);
CREATE TABLE choice (
    id {ID},
    version {INT} NOT NULL,
    programme_id {INT} NOT NULL REFERENCES programme (id),
    code {TEXT} NOT NULL,
    name_zh {TEXT} NOT NULL,
    name_en {TEXT} NOT NULL,
    pick {INT} NOT NULL
);
CREATE UNIQUE INDEX choice_code ON choice (programme_id, code);
CREATE TABLE rotation (
    id {ID},
    version {INT} NOT NULL,
    programme_id {INT} NOT NULL REFERENCES programme (id),
    choice_id {INT} REFERENCES choice (id),
    code {TEXT} NOT NULL,
    name_zh {TEXT} NOT NULL,
    name_en {TEXT} NOT NULL,
    weeks {INT} NOT NULL,
    earliest_week {INT},
    latest_week {INT},
    position {INT}
);
CREATE UNIQUE INDEX rotation_code ON rotation (programme_id, code);
CREATE TABLE rotation_department (
    id {ID},
    version {INT} NOT NULL,
    rotation_id {INT} NOT NULL REFERENCES rotation (id),
    department_id {INT} NOT NULL REFERENCES department (id)
);
CREATE UNIQUE INDEX rotation_department_pair ON rotation_department (rotation_id, department_id);
CREATE TABLE rotation_order (
    id {ID},
    version {INT} NOT NULL,
    programme_id {INT} NOT NULL REFERENCES programme (id),
    before_id {INT} NOT NULL REFERENCES rotation (id),
    after_id {INT} NOT NULL REFERENCES rotation (id),
    gap_least {INT},
    gap_most {INT}
);
CREATE UNIQUE INDEX rotation_order_pair ON rotation_order (before_id, after_id);
CREATE INDEX rotation_order_programme ON rotation_order (programme_id);
CREATE TABLE cohort (
    id {ID},
    version {INT} NOT NULL,
    base_id {INT} NOT NULL REFERENCES base (id),
    programme_id {INT} NOT NULL REFERENCES programme (id),
    code {TEXT} NOT NULL,
    name_zh {TEXT} NOT NULL,
    name_en {TEXT} NOT NULL,
    first_week {INT} NOT NULL,
    weeks {INT} NOT NULL,
    wishes_open {INT},
    wishes_close {INT}
);
CREATE UNIQUE INDEX cohort_code ON cohort (base_id, code);
CREATE INDEX cohort_newest ON cohort (base_id, first_week DESC, code);
CREATE TABLE closed_week (
    id {ID},
    version {INT} NOT NULL,
    cohort_id {INT} NOT NULL REFERENCES cohort (id),
    week {INT} NOT NULL,
    reason {INT} NOT NULL
);
CREATE UNIQUE INDEX closed_week_week ON closed_week (cohort_id, week);
CREATE TABLE student (
    id {ID},
    version {INT} NOT NULL,
    cohort_id {INT} NOT NULL REFERENCES cohort (id),
    person_id {INT} NOT NULL REFERENCES person (id),
    number {TEXT} NOT NULL,
    state {INT} NOT NULL
);
CREATE UNIQUE INDEX student_number ON student (cohort_id, number);
CREATE INDEX student_person ON student (person_id);
CREATE TABLE student_group (
    id {ID},
    version {INT} NOT NULL,
    cohort_id {INT} NOT NULL REFERENCES cohort (id),
    name {TEXT} NOT NULL,
    group_kind {INT} NOT NULL
);
CREATE UNIQUE INDEX student_group_name ON student_group (cohort_id, name);
CREATE TABLE group_member (
    id {ID},
    version {INT} NOT NULL,
    group_id {INT} NOT NULL REFERENCES student_group (id),
    student_id {INT} NOT NULL REFERENCES student (id)
);
CREATE UNIQUE INDEX group_member_pair ON group_member (student_id, group_id);
CREATE INDEX group_member_group ON group_member (group_id);
CREATE TABLE group_quota (
    id {ID},
    version {INT} NOT NULL,
    department_id {INT} NOT NULL REFERENCES department (id),
    group_id {INT} NOT NULL REFERENCES student_group (id),
    seats {INT} NOT NULL,
    outside {INT}
);
CREATE INDEX group_quota_department ON group_quota (department_id);
CREATE INDEX group_quota_group ON group_quota (group_id);
CREATE TABLE absence (
    id {ID},
    version {INT} NOT NULL,
    student_id {INT} NOT NULL REFERENCES student (id),
    first_week {INT} NOT NULL,
    weeks {INT} NOT NULL,
    reason {TEXT} NOT NULL
);
CREATE INDEX absence_student ON absence (student_id);
CREATE TABLE wish (
    id {ID},
    version {INT} NOT NULL,
    student_id {INT} NOT NULL REFERENCES student (id),
    choice_id {INT} REFERENCES choice (id),
    rotation_id {INT} NOT NULL REFERENCES rotation (id),
    department_id {INT} REFERENCES department (id),
    rank {INT} NOT NULL
);
CREATE INDEX wish_student ON wish (student_id, rotation_id, rank);
CREATE TABLE plan (
    id {ID},
    version {INT} NOT NULL,
    base_id {INT} NOT NULL REFERENCES base (id),
    cohort_id {INT} NOT NULL REFERENCES cohort (id),
    number {INT} NOT NULL,
    state {INT} NOT NULL,
    verdict {INT} NOT NULL,
    origin {INT},
    title {TEXT} NOT NULL,
    seed {INT},
    seconds {INT},
    based_on_id {INT} REFERENCES plan (id),
    freeze_week {INT},
    proposals {INT},
    proposal_of_id {INT} REFERENCES plan (id),
    moved_students {INT},
    moved_weeks {INT},
    change_links {INT},
    problem {TEXT} NOT NULL,
    problem_digest {TEXT} NOT NULL,
    result {TEXT} NOT NULL,
    figures {TEXT} NOT NULL,
    made_at {INT},
    made_by_id {INT} REFERENCES person (id),
    proposed_at {INT},
    proposed_by_id {INT} REFERENCES person (id),
    agreed_university_id {INT} REFERENCES person (id),
    agreed_university_at {INT},
    agreed_hospital_id {INT} REFERENCES person (id),
    agreed_hospital_at {INT},
    published_at {INT},
    published_by_id {INT} REFERENCES person (id),
    trial_number {INT},
    trial {TEXT} NOT NULL,
    start {TEXT} NOT NULL,
    prices {TEXT} NOT NULL
);
CREATE UNIQUE INDEX plan_number ON plan (cohort_id, number);
CREATE INDEX plan_state_base ON plan (base_id, state);
CREATE INDEX plan_based_on ON plan (based_on_id);
CREATE INDEX plan_proposal_of ON plan (proposal_of_id);
CREATE TABLE whatif (
    id {ID},
    version {INT} NOT NULL,
    base_id {INT} NOT NULL REFERENCES base (id),
    plan_id {INT} NOT NULL REFERENCES plan (id),
    result {TEXT} NOT NULL,
    made_at {INT},
    made_by_id {INT} REFERENCES person (id)
);
CREATE INDEX whatif_plan ON whatif (plan_id, id);
CREATE TABLE placement (
    id {ID},
    version {INT} NOT NULL,
    plan_id {INT} NOT NULL REFERENCES plan (id),
    student_id {INT} NOT NULL REFERENCES student (id),
    rotation_id {INT} NOT NULL REFERENCES rotation (id),
    department_id {INT} NOT NULL REFERENCES department (id),
    first_week {INT} NOT NULL,
    weeks {INT} NOT NULL,
    until_week {INT} NOT NULL,
    preceptor_id {INT} REFERENCES preceptor (id)
);
CREATE INDEX placement_plan ON placement (plan_id, student_id, first_week);
CREATE INDEX placement_student ON placement (student_id, plan_id, first_week);
CREATE INDEX placement_department ON placement (department_id, until_week, first_week, plan_id);
CREATE TABLE receipt (
    id {ID},
    version {INT} NOT NULL,
    plan_id {INT} NOT NULL REFERENCES plan (id),
    student_id {INT} NOT NULL REFERENCES student (id),
    choice_id {INT} REFERENCES choice (id),
    rotation_id {INT} REFERENCES rotation (id),
    rank {INT},
    wished {INT} NOT NULL,
    regret {INT} NOT NULL,
    wanted_by {INT} NOT NULL
);
CREATE INDEX receipt_plan ON receipt (plan_id, student_id, id);
CREATE INDEX receipt_student ON receipt (student_id, plan_id);
CREATE TABLE demand (
    id {ID},
    version {INT} NOT NULL,
    plan_id {INT} NOT NULL REFERENCES plan (id),
    rotation_id {INT} NOT NULL REFERENCES rotation (id),
    choice_id {INT} REFERENCES choice (id),
    department_id {INT} REFERENCES department (id),
    wanted {INT} NOT NULL,
    placed {INT} NOT NULL,
    full_weeks {INT},
    open_weeks {INT}
);
CREATE INDEX demand_plan ON demand (plan_id, rotation_id, department_id);
CREATE TABLE file (
    id {ID},
    version {INT} NOT NULL,
    base_id {INT} REFERENCES base (id),
    name {TEXT} NOT NULL,
    media_type {TEXT} NOT NULL,
    digest {TEXT} NOT NULL,
    size_bytes {INT},
    made_at {INT},
    made_by_id {INT} REFERENCES person (id),
    content {BYTES}
);
CREATE INDEX file_digest ON file (digest);
CREATE TABLE import (
    id {ID},
    version {INT} NOT NULL,
    base_id {INT} REFERENCES base (id),
    cohort_id {INT} REFERENCES cohort (id),
    kind {INT},
    state {INT},
    file_name {TEXT} NOT NULL,
    file_digest {TEXT} NOT NULL,
    file_id {INT} REFERENCES file (id),
    shape {TEXT} NOT NULL,
    problems {TEXT} NOT NULL,
    basis {TEXT} NOT NULL,
    rows_read {INT},
    rows_new {INT},
    rows_changed {INT},
    rows_unchanged {INT},
    rows_missing {INT},
    rows_wrong {INT},
    made_at {INT},
    made_by_id {INT} REFERENCES person (id),
    accepted_at {INT},
    accepted_by_id {INT} REFERENCES person (id),
    undone_at {INT},
    plan_mark {INT}
);
CREATE INDEX import_base ON import (base_id, id);
CREATE INDEX import_file ON import (file_id);
CREATE TABLE import_row (
    id {ID},
    version {INT} NOT NULL,
    import_id {INT} NOT NULL REFERENCES import (id),
    line {INT},
    state {INT} NOT NULL,
    known {INT},
    cells {TEXT} NOT NULL,
    was {TEXT} NOT NULL,
    faults {TEXT} NOT NULL,
    undo {TEXT} NOT NULL
);
CREATE INDEX import_row_state ON import_row (import_id, state, id);
CREATE INDEX import_row_import ON import_row (import_id, id);
CREATE TABLE job (
    id {ID},
    version {INT} NOT NULL,
    kind {TEXT} NOT NULL,
    base_id {INT} REFERENCES base (id),
    subject_id {INT} REFERENCES plan (id),
    import_id {INT} REFERENCES import (id),
    state {INT},
    percent {INT},
    progress {TEXT} NOT NULL,
    error {TEXT} NOT NULL,
    made_at {INT},
    made_by_id {INT} REFERENCES person (id),
    started_at {INT},
    ended_at {INT},
    lease_until {INT},
    cancel {INT},
    takes {INT},
    interrupted {INT}
);
CREATE INDEX job_state_id ON job (state, id);
CREATE INDEX job_subject ON job (subject_id, id);
CREATE INDEX job_import ON job (import_id, id);
CREATE TABLE notice (
    id {ID},
    version {INT} NOT NULL,
    base_id {INT} REFERENCES base (id),
    person_id {INT} REFERENCES person (id),
    made_at {INT},
    message {TEXT} NOT NULL,
    argument1 {TEXT} NOT NULL,
    argument2 {TEXT} NOT NULL,
    argument2_en {TEXT} NOT NULL,
    target {TEXT} NOT NULL,
    read_at {INT}
);
CREATE INDEX notice_person ON notice (person_id, id);
CREATE TABLE audit_entry (
    id {ID},
    version {INT} NOT NULL,
    base_id {INT} REFERENCES base (id),
    at {INT},
    person_id {INT} REFERENCES person (id),
    usecase {TEXT} NOT NULL,
    subject {TEXT} NOT NULL,
    subject_id {INT},
    outcome {INT},
    detail {TEXT} NOT NULL
);
CREATE INDEX audit_entry_person ON audit_entry (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX audit_entry_base_person ON audit_entry (base_id, person_id, id);
CREATE INDEX audit_entry_base ON audit_entry (base_id, id);
CREATE INDEX audit_entry_subject ON audit_entry (subject, subject_id, id);
CREATE TABLE request_key (
    id {ID},
    version {INT} NOT NULL,
    account_id {INT} REFERENCES account (id),
    request_key {TEXT} NOT NULL,
    usecase {TEXT} NOT NULL,
    input_digest {TEXT} NOT NULL,
    result_id {INT},
    made_at {INT}
);
CREATE UNIQUE INDEX request_key_key ON request_key (account_id, request_key);
CREATE TABLE setting (
    id {ID},
    version {INT} NOT NULL,
    name {TEXT} NOT NULL,
    value {TEXT} NOT NULL
);
CREATE UNIQUE INDEX setting_name ON setting (name);
-- What looks for a person before he is deleted: without these each deletion would read these tables from end to end.
CREATE INDEX plan_made_by ON plan (made_by_id) WHERE made_by_id IS NOT NULL;
CREATE INDEX plan_proposed_by ON plan (proposed_by_id) WHERE proposed_by_id IS NOT NULL;
CREATE INDEX plan_agreed_university ON plan (agreed_university_id) WHERE agreed_university_id IS NOT NULL;
CREATE INDEX plan_agreed_hospital ON plan (agreed_hospital_id) WHERE agreed_hospital_id IS NOT NULL;
CREATE INDEX plan_published_by ON plan (published_by_id) WHERE published_by_id IS NOT NULL;
CREATE INDEX job_made_by ON job (made_by_id) WHERE made_by_id IS NOT NULL;
CREATE INDEX import_made_by ON import (made_by_id) WHERE made_by_id IS NOT NULL;
CREATE INDEX import_accepted_by ON import (accepted_by_id) WHERE accepted_by_id IS NOT NULL;
CREATE INDEX file_made_by ON file (made_by_id) WHERE made_by_id IS NOT NULL;
CREATE INDEX placement_preceptor ON placement (preceptor_id) WHERE preceptor_id IS NOT NULL;
{POSTGRES}CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
{POSTGRES}CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse();
