-- Observations by the minute, the hour and the day of Vietnam: what indicators, charts and trends
-- read. Plain tables with the same names on both engines. They follow the observations: whoever
-- keeps some notes in `rollup_due` which hours they are of, in the same transaction, and the next
-- round makes those hours again from the observations, so late data corrects them and nothing is
-- counted twice (docs/decisions/0010).

create table rollup_due (
    datastream integer not null,
    hour timestamptz not null
);

create table rollup_minute (
    datastream integer not null,
    time timestamptz not null,               -- where the minute begins
    n integer not null,                      -- believable observations: good and suspect
    suspect integer not null,                -- those among them that are doubtful
    bad integer not null,                    -- beside them
    total float8 not null,
    least float8,                            -- null where n is 0, as are the next three
    greatest float8,
    last float8,
    last_at timestamptz,
    primary key (datastream, time)
);
create table rollup_hour (like rollup_minute including all);
create table rollup_day (like rollup_minute including all);

do $$
begin
    if to_regclass('observation') is not null then
        insert into rollup_due
        select datastream, date_bin('1 hour', time, timestamptz '2000-01-01 00:00+07')
        from observation group by 1, 2;
    end if;
end $$;
