-- Papers of approvals, their numbers, and the bytes of those that were read.
update approval set state = state || '{"sealedApplicant": "", "readers": [], "submittedAt": ""}'::jsonb;

create table series (
  id text collate "C" primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null
);
comment on table series is 'Last number of a department''s papers of one kind in one year';

create table paper (
  id text collate "C" primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null,
  -- Large and never changed.
  "sealedPaper" jsonb,
  case_id text collate "C" generated always as (state ->> 'caseId') stored,
  department text collate "C" generated always as (state ->> 'department') stored,
  check_code text collate "C" generated always as (state ->> 'checkCode') stored,
  number text generated always as (state ->> 'number') stored,
  issued_at text collate "C" generated always as (state ->> 'issuedAt') stored
);
comment on table paper is 'Papers of approvals; what they say is sealed under the case''s key';
create index paper_of_case on paper (case_id, issued_at, id);
create unique index paper_check on paper (check_code);
-- No two papers have one number, whatever happens.
create unique index paper_number on paper (department, number);

create table paper_file (
  -- SHA-256 of the PDF, hex.
  hash text collate "C" primary key,
  case_id text collate "C" not null,
  -- The PDF, sealed under the case's key.
  sealed text not null
);
comment on table paper_file is 'What was read once stays the same bytes, whatever renders papers later';
