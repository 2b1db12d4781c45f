-- The states of the licensing law in place of open and claimed, and what its clocks and streams read.
update approval set state = state
  || jsonb_build_object(
       'division', '', 'formSchema', '[]'::jsonb, 'stopped', false, 'acceptBy', '', 'deliverBy', '',
       'promisedFrom', '', 'legalFrom', '', 'yellowAt', '', 'redAt', '', 'overdueAt', '', 'warned', '', 'receivedAt', state -> 'openedAt', 'acceptedAt', state -> 'openedAt',
       'acceptedBy', '', 'deliveredAt', '', 'notices', '[]'::jsonb, 'procedures', '[]'::jsonb, 'silentResult', '',
       'turns', jsonb_build_array(jsonb_build_object('from', state -> 'openedAt', 'owner', 'department')))
  || case when state ->> 'status' in ('open', 'claimed') then '{"status": "accepted"}'::jsonb else '{}'::jsonb end;

drop index approval_work;
drop index approval_arrival;

alter table approval
  -- Large and seldom changed, like receipts and evidence.
  add column "formSchema" jsonb,
  -- Somebody still has to do something about it.
  add column in_hand boolean not null generated always as (state ->> 'decidedAt' = '') stored,
  -- Its clock stands still: it is the applicant's turn, or a special procedure's.
  add column stopped boolean not null generated always as (state ->> 'stopped' = 'true') stored,
  -- Dates that rest on a year's calendar that is not announced yet.
  add column provisional boolean not null generated always as (state ->> 'dueProvisional' = 'true') stored,
  -- Transaction that last put it before the department: opened, answered, back from a procedure or from the legality review,
  -- given back. A stream of work reads in this order.
  add column offered_in xid8 not null default pg_current_xact_id();

update approval set "formSchema" = state -> 'formSchema', state = state - 'formSchema';

create function offer_again() returns trigger language plpgsql as $$
begin
  if (new.state ->> 'status' is distinct from old.state ->> 'status' and new.state ->> 'status' in ('received', 'accepted', 'legality')
        and old.state ->> 'status' in ('supplementing', 'paused', 'legality', 'accepted'))
     or (new.state ->> 'claimedBy' = '' and old.state ->> 'claimedBy' <> '') then
    new.offered_in := pg_current_xact_id();
  end if;
  return new;
end $$;
create trigger offer_again before update on approval for each row execute function offer_again();

create index approval_work on approval (department, due_on, opened_at, id) where in_hand;
create index approval_offered on approval (department, offered_in, id) where in_hand;
create index approval_provisional on approval (id) where in_hand and provisional;
alter table approval drop column opened_in;
