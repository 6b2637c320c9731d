-- The runs of `quern run`: each line of an input is a job of the kind run:NAME.
create table quern_run (
  id         integer primary key autoincrement,
  name       text not null unique,
  command    text not null,
  directory  text not null,
  json       integer not null check (json in (0, 1)),
  owner      integer not null,               -- who is at it; 0: nobody
  created_at integer not null,
  lines      integer not null default 0,     -- lines taken in
  complete   integer not null default 0 check (complete in (0, 1))   -- end of input seen
) strict;

create table quern_run_line (
  run    integer not null references quern_run on delete cascade,
  line   integer not null,                   -- from 1
  digest integer not null,                   -- of the line, to know it again
  job_id integer not null unique,
  primary key (run, line)
) strict, without rowid;
