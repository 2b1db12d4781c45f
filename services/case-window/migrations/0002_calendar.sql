-- The calendar of the city as it was heard of last.
create table calendar (
  id text primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null
);
comment on table calendar is 'Announced years and local holidays, as published by the catalogue';
