story Two hours over nine tenths of the beds, not a busy morning
  rules hospital-full
  thing hospital hospital
  07:00..08:30 every 1m  hospital/occupancy 92
  08:31  hospital/occupancy 88
  10:00..12:00 every 1m  hospital/occupancy 93         -> hospital-full unacknowledged at 12:00
  12:01..14:01 every 1m  hospital/occupancy 86         -> hospital-full returned at 14:01

story Claims that wait for half an hour
  rules claims-stuck
  thing hospital hospital
  09:00..09:30 every 1m  hospital/claims-waiting 320   -> claims-stuck unacknowledged at 09:30
  09:31..10:05 every 1m  hospital/claims-waiting 260

story A laboratory that answers after five hours
  rules laboratory-slow
  thing lab laboratory
  09:00..10:00 every 1m  lab/turnaround 310            -> laboratory-slow unacknowledged at 10:00

story A telehealth room is missed after an hour
  rules telehealth-offline
  thing room telehealth
  08:00..08:50 every 1m  room/status offline
  08:51  room/status online
  09:00..10:00 every 1m  room/status offline           -> telehealth-offline unacknowledged at 10:00

story Doses the register does not know of
  rules doses-missing
  thing register vaccination
  16:00..17:00 every 1m  register/doses-missing 20     -> doses-missing unacknowledged at 17:00

story Cases that grow by half in a week are told once
  rules epidemic-growth
  thing disease epidemic
  00:00..02:00 every 1m  disease/growth 1.6            -> epidemic-growth unacknowledged at 02:00
  02:01..06:00 every 1m  disease/growth 1.4 1.9

story A morning of empty benches
  rules attendance-low
  thing cluster school-cluster
  07:30..08:30 every 1m  cluster/attendance 80         -> attendance-low unacknowledged at 08:30

story Ten minutes of failing lessons
  rules elearning-errors
  thing lessons e-learning
  08:00..08:09 every 1m  lessons/errors 7
  08:10  lessons/errors 7                              -> elearning-errors unacknowledged

story A patrol under the trees is not lost at once
  rules patrol-silent
  thing patrol forest-patrol
  09:00..09:59 every 1m  patrol/position-age 65
  10:00  patrol/position-age 80                        -> patrol-silent unacknowledged

story Many cases that nobody closes
  rules forest-cases
  thing register forest-change
  00:00..02:00 every 1m  register/open-cases 5         -> forest-cases unacknowledged at 02:00

story The hill of the festival is full
  rules heritage-crowded
  thing hill heritage-site
  19:30..20:00 every 1m  hill/visitors 1800            -> heritage-crowded unacknowledged at 20:00

story Every bed is booked
  rules rooms-full
  thing booking tourism-booking
  18:00..20:00 every 1m  booking/occupancy 98          -> rooms-full unacknowledged at 20:00

story A weekend is no reason, a week without a scan is
  rules digitisation-stopped
  thing museum museum-collection
  00:00..+4d 23:59 every 1m  museum/scanned-today 0
  +5d 00:00  museum/scanned-today 0                    -> digitisation-stopped unacknowledged
