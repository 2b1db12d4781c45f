-- The approvals: one root for each item of a case. Columns are what the departments' lists read; the journal writes the rest.
create table approval (
  id text collate "C" primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null,
  -- Large parts of the state that stay as they were when it was opened.
  "receipts" jsonb,
  "evidence" jsonb,
  department text collate "C" generated always as (state ->> 'department') stored,
  status text collate "C" generated always as (state ->> 'status') stored,
  -- Civil date and ISO instant: as texts of fixed shape they sort as they follow one another.
  due_on text collate "C" generated always as (state ->> 'dueOn') stored,
  opened_at text collate "C" generated always as (state ->> 'openedAt') stored,
  case_id text collate "C" generated always as (state ->> 'caseId') stored,
  item text collate "C" generated always as (state ->> 'itemCode') stored,
  -- Transaction that opened it. A stream of work reads below the oldest transaction still running, in this order, so a
  -- slow one can never slip in behind its cursor.
  opened_in xid8 not null default pg_current_xact_id()
);
comment on table approval is 'State of every approval: the fold of its events; personal data only sealed';

-- A department's work list: what is due first stands first.
create index approval_work on approval (department, due_on, opened_at, id) where status in ('open', 'claimed');
-- Its stream: in the order of arrival.
create index approval_arrival on approval (department, opened_in, id) where status in ('open', 'claimed');
-- Its archive, in the same order; whatever is asked for is sorted out within the index.
create index approval_archive on approval (department, due_on, opened_at, id, status);
