story A reservoir full for an hour
  rules reservoir-full
  thing lake reservoir
  00:00..01:00 every 1m  lake/live-storage 98          -> reservoir-full unacknowledged at 01:00

story A release that lasts
  rules reservoir-release
  thing lake reservoir
  00:00..01:00 every 1m  lake/outflow 900              -> reservoir-release unacknowledged at 01:00
