-- Programs that may be alive: written before a program may begin, deleted some time after it has
-- ended. A row outlives its job, so that what is alive of a deleted job can still be found.
create table quern_program (
  job_id     integer primary key,
  fence      integer not null,
  owner      integer not null,   -- who runs it
  pid        integer not null,
  started_at text not null,      -- as the system tells it, to know the process from a later one
  file       text not null       -- as the system knows this database file, to know it from a copy
) strict;
