story A door left open is not a broken cooler
  rules dc-warm dc-hot
  thing room-01 data-centre-room
  02:00:00..02:01:30 every 30s  room-01/temperature 27.5
  02:02:00  room-01/temperature 26.9
  02:30:00..02:32:00 every 30s  room-01/temperature 28 -> dc-warm unacknowledged at 02:32:00
  02:40:00  room-01/temperature 32.5                   -> dc-hot unacknowledged

story A lost cooler is foreseen ten minutes before the room is too hot
  rules dc-heating dc-hot
  thing room-01 data-centre-room
  02:00:00..02:05:00 every 30s  room-01/temperature 22.0 22.1
  02:05:30..02:08:30 every 30s  room-01/temperature 22.4 22.8 23.2 23.6 24.0 24.4 24.8
  02:09:00..02:10:30 every 30s  room-01/temperature 25.2 25.6 26.0 26.4 -> dc-heating unacknowledged at 02:10:00

story A damp quarter of an hour
  rules dc-humid
  thing room-01 data-centre-room
  04:00:00..04:14:30 every 30s  room-01/humidity 72
  04:15:00  room-01/humidity 72                        -> dc-humid unacknowledged

story Below half charge the generator has not taken over
  rules dc-ups-low
  thing room-01 data-centre-room
  02:00:00  room-01/ups-charge 49
  02:00:30  room-01/ups-charge 48                      -> dc-ups-low unacknowledged
  02:30:00..02:35:00 every 30s  room-01/ups-charge 80  -> dc-ups-low returned at 02:35:00

story A full disk does not empty itself
  rules dc-storage-full
  thing room-01 data-centre-room
  01:00..01:10 every 30s  room-01/storage 86           -> dc-storage-full unacknowledged at 01:10
  02:00..03:00 every 30s  room-01/storage 84

story Five minutes of failures
  rules bus-errors
  thing bus-01 integration-bus
  09:00..09:04 every 30s  bus-01/errors 3
  09:05  bus-01/errors 3                               -> bus-errors unacknowledged
  09:06..09:11 every 30s  bus-01/errors 0.2            -> bus-errors returned at 09:11

story A slow minute is forgiven
  rules bus-slow
  thing bus-01 integration-bus
  09:00..09:01 every 30s  bus-01/latency 4000
  09:02  bus-01/latency 300
  10:00..10:05 every 30s  bus-01/latency 2500          -> bus-slow unacknowledged at 10:05

story Two minutes down is down
  rules bus-down
  thing bus-01 integration-bus
  08:20:00..08:21:30 every 30s  bus-01/status down
  08:22:00  bus-01/status down                         -> bus-down unacknowledged
  08:23:00..08:25:00 every 30s  bus-01/status up       -> bus-down returned at 08:25:00

story An outage of four minutes and a half spends the hour's share of 99.5 %
  rules bus-burning
  thing bus-01 integration-bus
  06:00:00..08:00:00 every 30s  bus-01/status up
  08:00:30..08:04:00 every 30s  bus-01/status down
  08:04:30  bus-01/status down                         -> bus-burning unacknowledged

story Nothing for three periods is silence, told from the moment it was due
  rules silent
  thing rain-01 rain-gauge
  stream rain-01/battery
  00:00  rain-01/rainfall 0
  00:30  wait
  00:31  wait                                          -> silent unacknowledged at 00:30
  00:40  rain-01/rainfall 0                            -> silent returned

story A gateway that reconnects is nobody's business, one that stays away is missed at once
  rules gateway-offline
  thing gate gateway
  08:00:00  gate goes offline
  08:00:20  gate goes online
  09:00:00  gate goes offline
  09:00:30  wait                                        -> gateway-offline unacknowledged at 09:00:30
  09:10:00  gate goes online                            -> gateway-offline returned at 09:10:00

story A burst is no fault of the centre, two minutes behind are
  rules ioc-lag
  thing ioc-centre ioc-centre
  08:00:00  ioc-centre/lag 14
  08:00:10  ioc-centre/lag 0.1
  09:00:00..09:02:00 every 10s  ioc-centre/lag 12        -> ioc-lag unacknowledged at 09:02:00
