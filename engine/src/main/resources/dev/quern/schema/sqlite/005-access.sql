-- Who shares a store. Rows are never deleted, nor are ids given twice.
create table quern_tenant (
  id            text primary key,
  name          text not null,
  live_jobs     integer,          -- the most live jobs; null: no limit
  payload_bytes integer,          -- the most bytes in the payloads of live jobs; null: no limit
  suspended_at  integer,
  created_at    integer not null
) strict, without rowid;

create table quern_token (
  id         text primary key,
  tenant     text references quern_tenant,   -- null: of the operator
  name       text not null,
  scopes     text not null,                  -- separated by commas
  digest     text not null,                  -- SHA-256 of the secret, which is kept nowhere
  created_at integer not null,
  expires_at integer,
  revoked_at integer,
  used_at    integer                         -- about; written once a minute at most
) strict, without rowid;

-- Jobs without a tenant are in neither.
create index quern_job_tenant on quern_job (tenant)
  where tenant <> '';
create index quern_job_tenant_live on quern_job (tenant, ended_at)
  where tenant <> '' and ended_at is null;
