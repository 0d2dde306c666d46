-- Stretches of time in which an area, a thing or a rule is out of service.
create table maintenance (
    id text primary key,
    starts timestamptz not null,
    ends timestamptz not null,
    cancelled boolean not null,
    body jsonb not null
);
create index maintenance_ends on maintenance (ends);
-- Late data look for the alerts they fall into; incidents for those they gather.
create index alert_datastream on alert (thing, datastream, raised_at);
create index alert_incident on alert ((body ->> 'incident')) where body ->> 'incident' is not null;
