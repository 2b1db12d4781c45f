-- Files at pieces of work. What is attached stands in the approvals' events; here lie the bytes, and what is on its way.
create table attachment_upload (
  id text collate "C" primary key,
  approval_id text collate "C" not null,
  case_id text collate "C" not null,
  -- What the sender says of the file: name, medium, length, hash, purpose, whether it is for the applicant.
  declared jsonb not null,
  -- When the last of it came in.
  arrived_at timestamptz not null,
  -- The approval's events have it. Marked behind their commit: whoever finds it unmarked asks the approval first.
  attached boolean not null default false
);
comment on table attachment_upload is 'Files that are attached, and those on their way: the latter go a day after their last byte';
create index upload_of_approval on attachment_upload (approval_id);
create index upload_of_case on attachment_upload (case_id);
create index upload_on_its_way on attachment_upload (arrived_at) where not attached;

create table attachment_part (
  upload_id text collate "C" not null references attachment_upload on delete cascade,
  -- From 0. All but the last are of one size.
  n integer not null,
  -- Length in plain.
  bytes integer not null,
  -- {part, of}, sealed under the case's key.
  sealed text not null,
  primary key (upload_id, n)
);
comment on table attachment_part is 'The bytes of files, sealed, in parts as they came in';
-- Ciphertext does not get smaller.
alter table attachment_part alter column sealed set storage external;
