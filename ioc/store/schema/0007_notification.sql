-- Messages to people: owed in the transaction that raises the alert, written and sent when their time comes.
-- All times here are real times.
create table notification (
    id bigint generated always as identity primary key,
    incident text not null,
    route text not null,
    level smallint not null,                 -- 0: at once; then the rows of the escalation table
    turn integer not null,                   -- how many went before to the same
    role text not null,
    channel text not null,                   -- the name of an address, never the address
    created_at timestamptz not null,
    due_at timestamptz not null,
    state text not null,                     -- waiting | sent | recorded | answered | failed
    tries integer not null default 0,
    settled_at timestamptz,
    error text,
    body jsonb                               -- what was said, once it is written
);
create unique index notification_waiting on notification (incident, route, level)
    where state = 'waiting';
create index notification_due on notification (due_at) where state = 'waiting';
create index notification_of on notification (incident, route, level, turn desc);
