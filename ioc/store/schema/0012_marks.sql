-- Marks of the time of incidents and tasks are told too, each once; whoever is on duty is told by telephone or
-- e-mail, and on another try nobody twice.
alter table notification alter column incident drop not null;
alter table notification add column task text;
alter table notification add column mark text not null default '';   -- remind | late | escalate; empty: of alerts
alter table notification add column term text not null default '';   -- the limit of the law it is a mark of
alter table notification add column since timestamptz;               -- site time from which the mark counts
alter table notification add column people text[] not null default '{}';  -- those on duty whom it reached

drop index notification_waiting;
create unique index notification_waiting on notification (incident, route, level)
    where state = 'waiting' and mark = '';
create unique index notification_mark
    on notification (coalesce(incident, ''), coalesce(task, ''), route, mark, term, since)
    where mark <> '';
