-- Automatic decisions that an officer looks at again, and opinions that departments ask of one another.
update approval set state = state || '{"secondLook": "", "because": []}'::jsonb;
alter table approval
  add column second_look boolean not null generated always as (state ->> 'secondLook' = 'drawn') stored,
  add column claimed_by text collate "C" generated always as (state ->> 'claimedBy') stored,
  -- What supervision reads: the last light told, and what was decided when.
  add column warned text collate "C" generated always as (state ->> 'warned') stored,
  add column decided_at text collate "C" generated always as (state ->> 'decidedAt') stored;
create index approval_decided on approval (decided_at) where not in_hand;
create index approval_second_look on approval (department, due_on, opened_at, id) where second_look;

create table consultation (
  id text collate "C" primary key,
  version integer not null,
  hash bytea not null,
  state jsonb not null,
  approval_id text collate "C" generated always as (state ->> 'approvalId') stored,
  asked text collate "C" generated always as (state ->> 'asked') stored,
  open boolean not null generated always as (state ->> 'answeredAt' = '') stored,
  answer_by text collate "C" generated always as (state ->> 'answerBy') stored
);
comment on table consultation is 'Opinions that one department asks of another on a piece of work; no personal data';
create index consultation_of on consultation (asked, open desc, answer_by, id);
create index consultation_about on consultation (approval_id, id);
