-- One root for each bundle. Its events carry the content of every version that was ever in force; the journal writes the row.
create table bundle (
  id text primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null,
  digest text not null generated always as (state ->> 'digest') stored
);
comment on table bundle is 'Bundles by code; state names the newest version, the events hold every version''s content';
