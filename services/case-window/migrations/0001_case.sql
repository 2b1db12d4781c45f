-- Roots of cases. Lists read the generated columns; the journal writes the rest.
create table case_file (
  id text primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null,
  -- Large and seldom changed parts of the state, each written only when it changed.
  "plan" jsonb,
  "receipts" jsonb,
  "sealedForms" jsonb,
  status text generated always as (state ->> 'status') stored,
  channel text generated always as (state ->> 'channel') stored,
  applicant_id text generated always as (state ->> 'applicantId') stored
);
create index case_file_applicant on case_file (applicant_id, id desc);
create index case_file_window on case_file (id desc) where channel = 'window';
create index case_file_followers on case_file using gin ((state -> 'followers') jsonb_path_ops);
comment on table case_file is 'Cases: one request, the plan frozen into it, and how far its items have come';

-- Serial part of case numbers. Gaps are harmless; it may grow beyond four digits.
create sequence case_serial;
comment on sequence case_serial is 'Serial of case numbers';
