-- To whom the last light of a piece of work was told; who is told of which light is a rule of the city, and may change.
update approval set state = state - 'warned' || '{"told": [], "silenceAt": ""}'::jsonb;
alter table approval
  drop column warned,
  add column told text collate "C" generated always as (state #>> '{told,-1,to}') stored;
