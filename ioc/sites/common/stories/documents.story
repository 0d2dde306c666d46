story Documents that take a quarter of an hour, for a quarter of an hour
  rules docs-slow
  thing office document-exchange
  08:00  office/delivery-time 20
  08:15  office/delivery-time 18                       -> docs-slow unacknowledged
  08:30  office/delivery-time 3
  08:45  office/delivery-time 2                        -> docs-slow returned

story A router that restarts is no lost commune
  rules video-offline
  thing commune video-endpoint
  13:00  commune/status offline
  13:05  commune/status online
  14:00..14:10 every 5m  commune/status offline        -> video-offline unacknowledged at 14:10

story A quarter of an hour of loss spoils the meeting
  rules video-loss
  thing commune video-endpoint
  14:00..14:15 every 5m  commune/loss 4                -> video-loss unacknowledged at 14:15
  14:20..14:35 every 5m  commune/loss 0.5              -> video-loss returned at 14:35
