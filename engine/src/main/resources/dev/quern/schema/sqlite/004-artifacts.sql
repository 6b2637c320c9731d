-- What artifacts hold: one row for each distinct content, and one for each upload that goes on.
create table quern_content (
  id     integer primary key autoincrement,
  digest text unique,                      -- SHA-256 in hex; null: not whole, or being deleted
  size   integer not null default 0,
  writer integer,                          -- the engine that uploads it; null: nobody does
  loose  integer check (loose = 1)         -- no artifact holds it
) strict;
create index quern_content_loose on quern_content (writer)
  where loose is not null;

-- The bytes of a content, in pieces: neither a reader nor a transaction has more than a piece at hand.
create table quern_chunk (
  content  integer not null references quern_content,
  position integer not null,               -- of its first byte
  bytes    blob not null,
  unique (content, position)
) strict;

create table quern_artifact (
  job_id     integer not null references quern_job on delete cascade,
  name       text not null,
  type       text not null,
  content    integer not null references quern_content,
  created_at integer not null,
  fence      integer,                      -- the claim that wrote it; null: no worker did
  primary key (job_id, name)
) strict, without rowid;
create index quern_artifact_content on quern_artifact (content);

-- However an artifact goes, with its job too: what it held may be swept.
create trigger quern_artifact_deleted after delete on quern_artifact begin
  update quern_content set loose = 1
   where id = old.content and not exists (select 1 from quern_artifact where content = old.content); end;
