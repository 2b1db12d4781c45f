-- Where events travel by Kafka: what a service has put there, and what its consumers have applied from there. Kafka itself
-- keeps neither: it is transport.

create table relay (
  source text primary key,
  -- How far the journal is sent; moves after Kafka has acknowledged.
  xid xid8 not null,
  position bigint not null,
  -- Of each topic: the last event put into each of its partitions, as offset and position.
  put jsonb not null
);
comment on table relay is 'How far a journal has been sent to Kafka, and where its last events lie there';

create table topic_offset (
  consumer text not null,
  topic text not null,
  partition integer not null,
  -- The next to read.
  offset_ bigint not null,
  -- Of how many partitions: with another number, another set of cases lies in this one.
  partitions integer not null,
  -- Every event of this partition up to here is applied (or on the stuck list), in the order of its source.
  xid xid8 not null,
  position bigint not null,
  primary key (consumer, topic, partition)
);
comment on table topic_offset is 'How far a consumer of this service has read and applied a topic; moves after the whole batch is in';
