-- Looks at a piece of work: one root for each actor, work and hour. Reading work does not touch the approval itself.
create table viewing (
  id text collate "C" primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null
);
comment on table viewing is 'Who has opened which work; what was shown of whom is in the event';
