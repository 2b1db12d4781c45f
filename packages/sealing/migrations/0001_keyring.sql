-- Data keys, one per case or licence holder, each wrapped under a version of the master key (which is not in this database).
-- A destroyed key leaves its row behind without the key: its owner can never get another one unnoticed.
create table data_key (
  id text primary key,
  owner text not null unique,
  wrapped bytea,
  master_version integer,
  created_at timestamptz not null default now(),
  destroyed_at timestamptz,
  check ((destroyed_at is null) = (wrapped is not null)),
  check ((wrapped is null) = (master_version is null))
);

-- What a rotation has still to do, and which versions are in use.
create index data_key_master_version on data_key (master_version) where wrapped is not null;

-- Who was given which key, what for, and when. Written by the very statement that reads the key.
create table keyring_access (
  id bigint generated always as identity primary key,
  key_id text not null,
  action text not null check (action in ('seal', 'open', 'check', 'destroy')),
  actor text not null,
  purpose text not null,
  at timestamptz not null default now()
);

create index keyring_access_key on keyring_access (key_id, id);

-- The service may add to the record, not rewrite it; keys are destroyed, not deleted.
do $$
begin
  execute format('revoke update, delete on keyring_access from %I', current_setting('onething.role'));
  execute format('revoke delete on data_key from %I', current_setting('onething.role'));
end
$$;
