-- Since when a thing is online or offline: rules that miss it count from here, across restarts.
alter table thing add column status_since timestamptz;
