-- What people handle: incidents and tasks as they stand. Their history is in the event log and in the body.
create table incident (
    id text primary key,
    seq bigint not null,
    state text not null,
    severity smallint not null,
    area text not null,
    owner text not null,
    due timestamptz,
    next_mark timestamptz,                   -- when it is reminded of, late, or told further
    received_at timestamptz not null,
    closed_at timestamptz,
    body jsonb not null
);
create index incident_received on incident (received_at desc, id desc);
create index incident_marks on incident (next_mark) where next_mark is not null;

create table task (
    id text primary key,
    seq bigint not null,
    incident text,
    state text not null,
    area text not null,
    owner text not null,
    due timestamptz not null,
    next_mark timestamptz,
    given_at timestamptz not null,
    closed_at timestamptz,
    body jsonb not null
);
create index task_given on task (given_at desc, id desc);
create index task_marks on task (next_mark) where next_mark is not null;

-- An answer that was given: asked again with the same number, the same person gets it again.
create table request (
    by text not null,
    id text not null,
    at timestamptz not null,                 -- real time; old ones are let go
    answer jsonb,
    primary key (by, id)
);
create index request_at on request (at);
