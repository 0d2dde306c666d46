-- What rules in shadow would have raised: judged and counted, told to nobody.
create table shadow (
    rule text not null,
    thing text not null,
    datastream text not null,
    at timestamptz not null,
    value double precision not null,
    primary key (rule, thing, datastream, at)
);
create index shadow_at on shadow (at);
