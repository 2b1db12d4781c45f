-- The journal's tables; every service has its own set in its own schema.

-- Audit trail, outbox and stream in one: what happened, in order, chained by hash.
create table event (
  position bigint generated always as identity primary key,
  -- Readers only see transactions below the oldest one still running, ordered by (xid, position): no event is missed.
  xid xid8 not null default pg_current_xact_id(),
  stream text collate "C" not null,
  version integer not null,
  type text not null,
  schema_version smallint not null,
  case_id text not null,
  actor text not null,
  at timestamptz not null,
  trace text not null,
  payload bytea not null,
  hash bytea not null,
  unique (stream, version)
);
create index event_in_order on event (xid, position);
comment on table event is 'What happened: audit trail, outbox and stream; hash = SHA-256(previous hash, header, payload)';

-- A command that was accepted; the same key answers as the first time.
create table command_key (
  actor text not null,
  key text not null,
  request_hash bytea not null,
  stream text not null,
  version integer not null,
  answer jsonb not null,
  at timestamptz not null,
  primary key (actor, key)
);
comment on table command_key is 'Idempotency keys and inbox marks, written in the commit of their effect';

create table timer (
  stream text not null,
  name text not null,
  kind text not null,
  root_id text not null,
  due timestamptz not null,
  primary key (stream, name)
);
create index timer_due on timer (due);
comment on table timer is 'Deadlines derived from the state of roots; gone in the commit that fires or cancels them';

create table feed_cursor (
  consumer text not null,
  source text not null,
  xid xid8 not null,
  position bigint not null,
  primary key (consumer, source)
);
comment on table feed_cursor is 'How far a consumer of this service has read a source; moves after the whole batch is in';

create table stuck_event (
  id bigint generated always as identity primary key,
  consumer text not null,
  event_id text not null,
  case_id text not null,
  type text not null,
  -- The whole event, payload in base64: it can be replayed whatever carried it here.
  event jsonb not null,
  error text not null,
  attempts integer not null,
  at timestamptz not null,
  unique (consumer, event_id)
);
create index stuck_event_case on stuck_event (consumer, case_id, id);
comment on table stuck_event is 'Events a consumer could not apply, and the later ones of the same case; staff see, mend and replay them';
