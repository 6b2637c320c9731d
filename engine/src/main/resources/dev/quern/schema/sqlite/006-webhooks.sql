-- URLs that are told when jobs end.
create table quern_webhook (
  id              text primary key,
  tenant          text not null,            -- '': the operator's, told of all jobs
  url             text not null,
  states          text not null,            -- separated by commas
  kinds           text not null,            -- separated by line feeds; '': all
  description     text not null,
  secret          text not null,            -- in plain: it signs
  old_secret      text,                     -- signs too, until old_until
  old_until       integer,
  created_at      integer not null,
  failing_since   integer,                  -- nothing but failures since
  disabled_at     integer,
  disabled_reason text
) strict, without rowid;
create index quern_webhook_tenant on quern_webhook (tenant, created_at);

-- What signs the deliveries to URLs of single jobs.
create table quern_webhook_secret (
  tenant     text primary key,              -- '': of jobs without one
  secret     text not null,
  old_secret text,
  old_until  integer
) strict, without rowid;

-- URLs of single jobs.
create table quern_job_webhook (
  job_id integer primary key references quern_job on delete cascade,
  url    text not null
) strict;

-- Jobs that are deliveries. They belong to no tenant: who may see one stands here.
create table quern_delivery (
  job_id  integer primary key references quern_job on delete cascade,
  tenant  text not null,                    -- '': the operator's
  webhook text,                             -- null: to a URL of a single job
  url     text,                             -- null: as the webhook has it
  event   text not null,
  about   integer                           -- the job that it tells of; null: none
) strict;
create index quern_delivery_webhook on quern_delivery (webhook, job_id)
  where webhook is not null;
create index quern_delivery_about on quern_delivery (about, job_id)
  where about is not null;
