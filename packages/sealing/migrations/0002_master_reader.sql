-- Who holds which versions of the master key just now, told by every process that has a keyring: a rotation goes on only when
-- all of them hold the new one. A row that was not renewed for a minute is of a process that is gone.
create table master_reader (
  id text primary key,
  name text not null,
  -- `<version>:<fingerprint>` each; of the key itself nothing can be told from it.
  versions text[] not null,
  -- The version under which it wraps new data keys.
  wraps integer not null,
  at timestamptz not null default now()
);
