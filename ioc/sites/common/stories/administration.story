# What the rules of the administration shall say. These are desks, not sensors: a bad hour is nothing,
# a bad half day is somebody's task.

story Procedures that lose their text are somebody's task by noon, not by the minute
  rules catalogue-eligible
  thing catalogue procedure-catalogue
  00:00..11:00 every 1h  catalogue/content-full 149
  12:00  catalogue/content-full 149                     -> catalogue-eligible unacknowledged
  13:00..+1d 12:00 every 1h  catalogue/content-full 153
  +1d 13:00..+2d 01:00 every 1h  catalogue/content-full 156 -> catalogue-eligible returned at +2d 01:00

story Reports of citizens that wait over a lunch are not late, over two hours they are
  rules petitions-overdue
  thing desk service-requests
  11:00..12:30 every 15m  desk/petitions-overdue 6
  12:45  desk/petitions-overdue 3
  14:00..16:00 every 15m  desk/petitions-overdue 5      -> petitions-overdue unacknowledged at 16:00
  16:10  lan acknowledges petitions-overdue             -> petitions-overdue acknowledged
  16:15..18:00 every 15m  desk/petitions-overdue 4
  18:15..20:15 every 15m  desk/petitions-overdue 1      -> petitions-overdue normal at 20:15

story A quarter of an hour of lost calls
  rules calls-abandoned
  thing line call-line
  09:00  line/calls-abandoned 7
  09:15  line/calls-abandoned 2
  10:00..10:15 every 15m  line/calls-abandoned 6        -> calls-abandoned unacknowledged at 10:15
  10:30..11:00 every 15m  line/calls-abandoned 1        -> calls-abandoned returned at 11:00

story Everybody calls at once when the power goes
  rules calls-surge
  thing line call-line
  19:00..19:15 every 15m  line/calls-open 60
  19:30  line/calls-open 70                             -> calls-surge unacknowledged
  19:45..20:45 every 15m  line/calls-open 35
  21:00..22:00 every 15m  line/calls-open 20            -> calls-surge returned at 22:00

story One late van is no slow post
  rules post-slow
  thing post postal-service
  06:00..11:00 every 1h  post/delivery-hours 46
  12:00  post/delivery-hours 43
  13:00..19:00 every 1h  post/delivery-hours 47         -> post-slow unacknowledged at 19:00

story A kiosk switched off for the night is missed after a working day
  rules kiosk-offline
  thing kiosk kiosk
  00:00..07:00 every 1h  kiosk/kiosk-status offline
  07:30  kiosk/kiosk-status online
  08:00..16:00 every 1h  kiosk/kiosk-status offline     -> kiosk-offline unacknowledged at 16:00
  17:00..18:00 every 1h  kiosk/kiosk-status online      -> kiosk-offline returned at 18:00

story Three angry hours at the counter
  rules survey-low
  thing survey survey
  08:00..10:00 every 1h  survey/content-rate 82
  11:00  survey/content-rate 82                         -> survey-low unacknowledged
  12:00..15:00 every 1h  survey/content-rate 85

story A page that an editor changes back within the hour was no attack
  rules portal-defaced
  thing portal web-portal
  08:00  portal/page-integrity changed
  09:00  portal/page-integrity intact
  22:00..23:00 every 1h  portal/page-integrity changed  -> portal-defaced unacknowledged at 23:00
  +1d 00:00..+1d 01:00 every 1h  portal/page-integrity intact -> portal-defaced returned at +1d 01:00

story Complaints overdue for half a day
  rules complaints-overdue
  thing desk complaints-desk
  08:00..20:00 every 1h  desk/complaints-overdue 4      -> complaints-overdue unacknowledged at 20:00
  21:00..+1d 12:00 every 1h  desk/complaints-overdue 2

story A day of slow permits, not one slow permit
  rules investment-slow
  thing desk investment-desk
  08:00  desk/investment-days-saved 40
  09:00..23:00 every 1h  desk/investment-days-saved 55
  +1d 00:00..+2d 00:00 every 1h  desk/investment-days-saved 48 -> investment-slow unacknowledged at +2d 00:00

story A batch that nobody renews gets graver, renewing it clears
  rules certificates-expiring certificates-last-week
  thing store certificate-store
  00:00..05:00 every 1h  store/days-left 58
  06:00  store/days-left 58                             -> certificates-expiring unacknowledged
  06:10  lan acknowledges certificates-expiring         -> certificates-expiring acknowledged
  07:00..12:00 every 1h  store/days-left 29
  13:00  store/days-left 29                             -> certificates-expiring 2
  14:00..20:00 every 1h  store/days-left 400            -> certificates-expiring normal at 20:00

story The last week comes by the clock, though the store falls silent
  rules certificates-last-week
  thing store certificate-store
  08:00  store/days-left 8
  +1d 07:00  wait
  +1d 08:02  wait                                       -> certificates-last-week unacknowledged at +1d 08:00
  +2d 08:00  store/days-left 1095                       -> certificates-last-week returned

story Mailboxes nobody opens for a day
  rules mail-idle
  thing mail official-mail
  00:00..23:00 every 1h  mail/mailboxes-active 78
  +1d 00:00  mail/mailboxes-active 79                   -> mail-idle unacknowledged

story Paper comes back for a whole day
  rules e-office-paper
  thing office e-office
  00:00..+1d 00:00 every 1h  office/paper-share 25      -> e-office-paper unacknowledged at +1d 00:00
  +1d 01:00..+2d 01:00 every 1h  office/paper-share 10  -> e-office-paper returned at +2d 01:00

story Tasks that are still overdue in the afternoon
  rules tasks-overdue
  thing tasks task-tracker
  08:00..13:00 every 1h  tasks/tasks-overdue 8
  14:00  tasks/tasks-overdue 8                          -> tasks-overdue unacknowledged
  15:00..20:00 every 1h  tasks/tasks-overdue 5

story A report that comes five minutes past five is not worth a call
  rules reports-missing
  thing desk report-desk
  17:00  desk/reports-missing 3
  18:00  desk/reports-missing 0
  +1d 17:00..+1d 18:00 every 1h  desk/reports-missing 4 -> reports-missing unacknowledged at +1d 18:00
  +1d 19:00..+1d 20:00 every 1h  desk/reports-missing 0 -> reports-missing returned at +1d 20:00

story Asking for a report is not sending one, and no report is due on a Sunday
  rules reports-due
  thing desk report-desk
  08:00  desk reports report requested
  16:59  desk reports report submitted
  +1d 07:40  desk reports report requested
  +1d 17:00:00  wait
  +1d 17:02:00  wait                                    -> reports-due unacknowledged at +1d 17:00
  +1d 17:20  desk reports report submitted              -> reports-due returned at +1d 17:20
  +4d 16:00  desk reports report submitted              -> reports-due unacknowledged at +2d 17:00, reports-due returned at +4d 16:00
  +6d 18:00  wait

story Places that are not ready for three hours before the meeting
  rules meeting-endpoints
  thing sessions video-sessions
  05:00..07:00 every 1h  sessions/endpoints-ready 85
  08:00  sessions/endpoints-ready 85                    -> meeting-endpoints unacknowledged
  09:00..12:00 every 1h  sessions/endpoints-ready 98    -> meeting-endpoints returned at 12:00

story Delegates missing for a day of the session
  rules council-attendance
  thing council council-session
  00:00..23:00 every 1h  council/attendance 75
  +1d 00:00  council/attendance 75                      -> council-attendance unacknowledged

story A night without the national bus is forgiven, a day is not
  rules database-stale
  thing sync database-sync
  06:00  sync/sync-lag 25
  07:00  sync/sync-lag 1
  +1d 09:00..+1d 10:00 every 1h  sync/sync-lag 25 26    -> database-stale unacknowledged at +1d 10:00
  +1d 11:00  sync/sync-lag 22
  +1d 12:00..+1d 13:00 every 1h  sync/sync-lag 0.5      -> database-stale returned at +1d 13:00

story Communes that stay short of computers
  rules assets-commune
  thing assets it-assets
  00:00..+1d 00:00 every 1h  assets/computers-commune 84 -> assets-commune unacknowledged at +1d 00:00

story An incident closed within the hour pages nobody
  rules security-critical
  thing centre security-centre
  02:00..03:00 every 1h  centre/incidents-critical 1
  04:00  centre/incidents-critical 0
  10:00..12:00 every 1h  centre/incidents-critical 1    -> security-critical unacknowledged at 12:00
  13:00..14:00 every 1h  centre/incidents-critical 0    -> security-critical returned at 14:00

story A class in which a third fails
  rules training-weak
  thing training training
  00:00..+1d 00:00 every 1h  training/pass-rate 66      -> training-weak unacknowledged at +1d 00:00

story Milestones late for a day are the committee's
  rules programme-late
  thing programme programme
  00:00..23:00 every 1h  programme/milestones-late 5
  +1d 00:00  programme/milestones-late 5                -> programme-late unacknowledged
  +1d 01:00..+3d 00:00 every 1h  programme/milestones-late 4

story Firms that stop in one afternoon
  rules firms-stopping
  thing economy economy
  13:00..15:00 every 1h  economy/firms-stopped 8
  16:00  economy/firms-stopped 8                        -> firms-stopping unacknowledged

story An hour of sales is no surge
  rules orders-surge
  thing exchange e-commerce
  20:00..22:00 every 1h  exchange/orders 110
  23:00  exchange/orders 60
  +1d 19:00..+1d 22:00 every 1h  exchange/orders 120    -> orders-surge unacknowledged at +1d 22:00

story A rumour that lasts
  rules mentions-negative
  thing web social-listening
  08:00  web/negative 70
  09:00  web/negative 20
  20:00..22:00 every 1h  web/negative 60                -> mentions-negative unacknowledged at 22:00
