-- Licences, and registrations of the same life. The journal writes id, version, hash and state; lists read the columns.
create table licence (
  id text primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null,
  identifier text collate "C" not null generated always as (state ->> 'identifier') stored,
  holder_id text not null generated always as (state ->> 'holderId') stored,
  to_holder_id text not null generated always as (state ->> 'toHolderId') stored,
  evidence text not null generated always as (state ->> 'evidence') stored,
  issuer text not null generated always as (state -> 'issuer' ->> 'code') stored,
  status text not null generated always as (state ->> 'status') stored,
  issued_at text collate "C" not null generated always as (state ->> 'issuedAt') stored,
  -- Civil date, or empty for ever. As text: a cast to date depends on settings and may not be stored.
  valid_until text collate "C" not null generated always as (state ->> 'validUntil') stored,
  replaces text collate "C" generated always as (nullif(state ->> 'replaces', '')) stored
);
comment on table licence is 'Licences and registrations; fields are sealed under the key of their holder';
create unique index licence_identifier on licence (identifier);
-- Match: what a person holds of a type.
create index licence_held on licence (holder_id, evidence) where status = 'valid';
-- The wallet, newest first.
create index licence_wallet on licence (holder_id, issued_at desc, identifier desc);
-- A licence has one next version, even if two offices issue it at the same moment.
create unique index licence_replaces on licence (replaces) where replaces is not null;

create table holder (
  id text primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null,
  number_hash text collate "C" generated always as (nullif(state ->> 'numberHash', '')) stored
);
comment on table holder is 'People behind opaque ids; the number as a keyed hash, number and name sealed';
create unique index holder_number on holder (number_hash) where number_hash is not null;
