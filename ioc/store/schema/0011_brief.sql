-- Briefs as they were made: the document, from which page and PDF are drawn. Times are the site's.
create table brief (
    id text primary key,
    kind text not null,
    area text not null,
    starts timestamptz not null,
    ends timestamptz not null,
    scheduled boolean not null,
    body jsonb not null
);
create index brief_ends on brief (ends desc, id desc);
create index brief_scheduled on brief (kind, ends desc) where scheduled;
