create table quern_meta (
  key   text primary key,
  value text not null
) strict, without rowid;

-- One distinct (tenant, kind, required capabilities): what a claim can take or not take as a whole.
-- Rows are never deleted.
create table quern_lane (
  id       integer primary key,
  tenant   text not null default '',
  kind     text not null,
  requires text not null default '',   -- sorted, separated by commas
  unique (kind, tenant, requires)
) strict;

-- Times are milliseconds since 1970 by the store's clock, everywhere.
create table quern_kind (
  kind              text primary key,
  rank              integer not null,
  max_attempts      integer not null,
  max_losses        integer not null,
  charges_losses    integer not null check (charges_losses in (0, 1)),
  backoff_base      integer not null,
  backoff_cap       integer not null,
  backoff_jitter    integer not null check (backoff_jitter in (0, 1)),
  timeout           integer,
  concurrency       integer,
  total_concurrency integer,
  rate_starts       integer,
  rate_period       integer,
  keeps_ended       integer not null check (keeps_ended in (0, 1)),
  retired           integer not null check (retired in (0, 1)),
  paused_at         integer,
  pause_reason      text,
  window_at         integer not null default 0,   -- when the open window of the rate began
  window_starts     integer not null default 0    -- claims in it
) strict, without rowid;

-- The engines that ever opened this store, one row each. Alive is who holds the lock on byte id of the
-- side file.
create table quern_owner (
  id           integer primary key autoincrement,
  pid          integer not null,
  host         text not null,
  started_at   integer not null,
  serves       text not null default '',   -- kinds, separated by line feeds
  capabilities text not null default ''    -- separated by commas
) strict;

-- A job has ended when ended_at is set. Conditions that every change of a row meets avoid "in (…)", for
-- which SQLite builds a table of its own each time: that alone halved the throughput.
create table quern_job (
  id                  integer primary key autoincrement,
  lane                integer not null,
  state               text not null check (
      state = 'done' or state = 'running' or state = 'ready' or state = 'scheduled' or
      state = 'waiting' or state = 'failed' or state = 'cancelled'),
  priority            integer not null,
  available_at        integer not null,
  created_at          integer not null,
  fence               integer not null default 0,
  attempts            integer not null default 0,
  owner               integer,   -- who runs it, or ran it last
  lease_until         integer,
  started_at          integer,
  ended_at            integer,
  losses              integer not null default 0,
  requeues            integer not null default 0,
  max_attempts        integer,   -- null: as the kind says
  cancel_requested_at integer,
  deferred_since      integer,
  uncounted           integer check (uncounted = 1),   -- ended in a caller's transaction, not in quern_count yet
  progress            real,
  note                text,
  tenant              text not null default '',
  dedupe_key          text,
  affinity_key        text,
  failure_class       text,
  failure_code        text,
  failure_message     text,
  result              text,
  payload             text,      -- null: in quern_payload, being long
  check ((state = 'running') <= (owner is not null and lease_until is not null)),
  check ((state = 'done' or state = 'failed' or state = 'cancelled') = (ended_at is not null))
) strict;

create index quern_job_ready on quern_job (lane, priority, available_at)
  where state = 'ready';
create index quern_job_affinity on quern_job (lane, affinity_key, priority, available_at)
  where state = 'ready' and affinity_key is not null;
create index quern_job_scheduled on quern_job (available_at, lane)
  where state = 'scheduled';
create index quern_job_waiting on quern_job (lane)
  where state = 'waiting';
create index quern_job_running on quern_job (lane, owner)
  where state = 'running';
create index quern_job_uncounted on quern_job (owner)
  where uncounted is not null;
create index quern_job_cancelling on quern_job (owner)
  where state = 'running' and cancel_requested_at is not null;
create index quern_job_ended on quern_job (lane, state, ended_at)
  where ended_at is not null;
create unique index quern_job_dedupe on quern_job (tenant, dedupe_key)
  where dedupe_key is not null and ended_at is null;

-- Long payloads, so that the changes of a job's state do not write them again.
create table quern_payload (
  job_id  integer primary key references quern_job on delete cascade,
  payload text not null
) strict;

create table quern_tag (
  job_id integer not null references quern_job on delete cascade,
  tag    text not null,
  primary key (job_id, tag)
) strict, without rowid;
create index quern_tag_tag on quern_tag (tag, job_id);

-- Ended attempts. The attempt that ended well is the row of its job, until the job is requeued.
create table quern_attempt (
  job_id          integer not null references quern_job on delete cascade,
  fence           integer not null,
  number          integer not null,
  owner           integer not null,
  started_at      integer not null,
  ended_at        integer not null,
  outcome         text not null check (outcome in
      ('done', 'failed', 'deferred', 'released', 'lost', 'cancelled')),
  note            text,
  failure_class   text,
  failure_code    text,
  failure_message text,
  failure_trace   text,
  primary key (job_id, fence)
) strict, without rowid;

create table quern_log (
  job_id   integer not null references quern_job on delete cascade,
  fence    integer not null,
  sequence integer not null,
  at       integer not null,
  text     text not null,
  primary key (job_id, fence, sequence)
) strict, without rowid;

-- How many ended jobs there are; live ones are counted from their indexes.
create table quern_count (
  lane  integer not null,
  state text not null,
  jobs  integer not null,
  primary key (lane, state)
) strict, without rowid;
