create table sheet (id text primary key, version integer not null, hash bytea not null, state jsonb not null);
create table copy (id text primary key, version integer not null, hash bytea not null, state jsonb not null);
