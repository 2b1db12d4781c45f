create table tally (id text primary key, version integer not null, hash bytea not null, state jsonb not null);
create table other (
  id text primary key, version integer not null, hash bytea not null, state jsonb not null, "added" jsonb
);
