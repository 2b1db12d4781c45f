-- Grants that were taken back. What they have issued is revoked, and what they have not issued yet never will be.
create table revocation (
  id text primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null
);
comment on table revocation is 'Grants that were taken back; the mark outlives the order in which their events arrive';
-- What an item of a case has issued, and what it has ended.
create index licence_of_item on licence ((state ->> 'caseId'), (state ->> 'item')) where state ->> 'caseId' <> '';
create index licence_ended_by on licence ((state -> 'cancelled' ->> 'caseId'), (state -> 'cancelled' ->> 'item'))
  where state -> 'cancelled' ->> 'caseId' <> '';
