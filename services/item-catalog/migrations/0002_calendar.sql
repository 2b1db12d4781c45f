-- One root for the calendar: which days are worked, beyond what the platform itself knows.
create table calendar (
  id text primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null
);
comment on table calendar is 'The calendar that was published last; the events hold every version''s content';
