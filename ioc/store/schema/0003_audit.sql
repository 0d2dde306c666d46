-- Who did what: a hash chain (ioc/core/audit.py) that only grows. `seq` has no gaps: it is given
-- under the lock of the event log, which is held to the commit.
create table audit (
    seq bigint primary key,
    at timestamptz not null,                 -- real time
    who text not null,
    action text not null,
    subject text not null,
    detail text not null,                    -- JSON, as text: what is hashed is what is kept
    hash bytea not null
);
create index audit_subject on audit (subject, seq desc);

create function audit_only_grows() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail only grows: % is not allowed', tg_op;
end $$;
create trigger audit_only_grows before update or delete or truncate on audit
    for each statement execute function audit_only_grows();
