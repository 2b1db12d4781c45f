-- What a flush need not write.
--
-- A stream and its version name an event; an index on the position alone served nobody and was written for each event.
alter table event drop constraint event_pkey;
alter table event drop constraint event_stream_version_key;
alter table event add primary key (stream, version);

-- Most commands answer with the id and the version that stand in their row.
alter table command_key alter column answer drop not null;
comment on column command_key.answer is 'null: the usual answer, id and version';
