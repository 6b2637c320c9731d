-- Workers elsewhere, as they told of themselves; and what engines are told to do.
create table quern_worker (
  tenant       text not null,               -- '': of the operator
  name         text not null,               -- of an engine: '@' and its number
  kinds        text not null default '',    -- separated by line feeds
  capabilities text not null default '',    -- separated by line feeds
  host         text,
  pid          integer,
  version      text,
  slots        integer,
  created_at   integer not null,
  seen_at      integer not null,            -- about; written every ten seconds at most
  due_at       integer not null,            -- when the next sign of it is due
  directive    text not null default 'run',
  primary key (tenant, name)
) strict, without rowid;

create index quern_worker_directed on quern_worker (tenant, name, directive)
  where directive <> 'run';

alter table quern_owner add column slots integer not null default 0;
