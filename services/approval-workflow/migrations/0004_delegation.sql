-- Authority that heads of departments have delegated: on record, also when it is over.
create table delegation (
  id text collate "C" primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null,
  department text collate "C" generated always as (state ->> 'department') stored,
  representative text collate "C" generated always as (state ->> 'representative') stored,
  from_on text collate "C" generated always as (state ->> 'fromOn') stored,
  until_on text collate "C" generated always as (state ->> 'untilOn') stored,
  ended boolean not null generated always as (state ->> 'endedAt' <> '') stored
);
comment on table delegation is 'Authority delegated to chief affairs representatives, by item and period';

create index delegation_of on delegation (department, representative) where not ended;
