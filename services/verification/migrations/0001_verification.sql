-- What was found for each case: the receipts of its pinned look-up, and what is still asked for.
create table evidence (
  id text primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null,
  retry_at text generated always as (state ->> 'retryAt') stored
);

comment on table evidence is 'One root a case: its receipts, and when what was unavailable is asked again.';
comment on column evidence.state is 'Fields of evidence in it are sealed under the key of the case.';
comment on column evidence.retry_at is 'When registers are asked again; null where nothing is left to ask.';
create index evidence_retry on evidence (retry_at) where retry_at is not null;
