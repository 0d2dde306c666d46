story A restart of a minute is nobody's business
  rules service-down
  thing portal service
  10:00:00..10:01:00 every 30s  portal/status down
  10:01:30  portal/status up
  11:00:00..11:02:00 every 30s  portal/status down     -> service-down unacknowledged at 11:02:00

story Degraded for ten minutes
  rules service-degraded
  thing portal service
  10:00:00..10:09:30 every 30s  portal/status degraded
  10:10:00  portal/status degraded                     -> service-degraded unacknowledged

story Slow for five minutes
  rules service-slow
  thing portal service
  10:00:00..10:05:00 every 30s  portal/latency 3500    -> service-slow unacknowledged at 10:05:00
  10:06:00..10:11:00 every 30s  portal/latency 400     -> service-slow returned at 10:11:00

story An outage pages before the five-minute window forgets it
  rules service-burning
  thing portal service
  06:00:00..08:00:00 every 30s  portal/status up
  08:00:30..08:04:30 every 30s  portal/status down     -> service-burning unacknowledged at 08:04:30
  08:05:00..08:40:00 every 30s  portal/status up       -> service-burning returned at 08:24:30

story Five outages of ten minutes in a morning write a ticket
  rules service-leaking
  thing portal service
  00:00:00..04:00:00 every 30s  portal/status up
  04:00:30..04:10:00 every 30s  portal/status down
  04:10:30..05:00:00 every 30s  portal/status up
  05:00:30..05:10:00 every 30s  portal/status down
  05:10:30..06:00:00 every 30s  portal/status up
  06:00:30..06:10:00 every 30s  portal/status down     -> service-leaking unacknowledged at 06:02:00

story A crowded quarter of an hour
  rules onestop-waiting
  thing shop one-stop-shop
  08:00  shop/waiting 35
  08:15  shop/waiting 33                               -> onestop-waiting unacknowledged
  08:30  shop/waiting 20
  08:45  shop/waiting 15                               -> onestop-waiting returned

story Overdue dossiers stay overdue until they are answered
  rules onestop-overdue
  thing shop one-stop-shop
  08:00..09:00 every 15m  shop/overdue 10              -> onestop-overdue unacknowledged at 09:00
  10:00..12:00 every 15m  shop/overdue 7
