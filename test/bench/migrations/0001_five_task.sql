-- The root of the journal's bench: one case with five tasks.
create table five_task (id text primary key, version integer not null, hash bytea not null, state jsonb not null);
