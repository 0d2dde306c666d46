-- Displays have a label, so that one screen can be told from another and revoked alone.
alter table session add column label text not null default '';
alter table session add column created_at timestamptz;

-- Who is on duty, with their telephones; who handed over to whom; whom to call; who looked when.
create table shift (
    id text primary key,
    area text not null,
    starts timestamptz not null,
    ends timestamptz not null,
    body jsonb not null
);
create index shift_ends on shift (ends);

create table handover (
    id text primary key,
    at timestamptz not null,
    body jsonb not null
);
create index handover_at on handover (at desc);

create table contact (
    id text primary key,
    area text not null,
    body jsonb not null
);

create table looked (
    username text primary key,
    at timestamptz not null                  -- the site's clock
);
