-- Requests to enqueue that were answered, so that they have the same answer when they come again.
create table quern_request (
  tenant      text not null,       -- '': of the operator
  key         text not null,
  fingerprint text not null,       -- what tells the request from another with its key
  jobs        text not null,       -- ids, separated by commas; negative: there was a live one
  created_at  integer not null,
  primary key (tenant, key)
) strict, without rowid;

create index quern_request_created on quern_request (created_at);
