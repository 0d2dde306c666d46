story Half an hour without its status, and a camera is gone
  rules camera-offline
  thing camera camera-counter
  10:00..10:29 every 1m  camera/status offline
  10:30  camera/status offline                         -> camera-offline unacknowledged

story Water short of oxygen for two hours kills fish
  rules water-oxygen-low
  thing lake water-station
  02:00..04:00 every 1m  lake/oxygen 3.5               -> water-oxygen-low unacknowledged at 04:00
  04:01..07:00 every 1m  lake/oxygen 4.3

story Hot spots nobody has looked at are told at once
  rules fire-unverified
  thing eye fire-hotspots
  13:00  eye/unverified 55
  13:10  eye/unverified 70                             -> fire-unverified unacknowledged

story Drought climbs from danger four to five, and five millimetres of rain end it
  rules fire-danger
  thing forest forest-station
  13:00..14:00 every 1m  forest/p-index 6000           -> fire-danger unacknowledged at 14:00
  14:01..15:01 every 1m  forest/p-index 11000          -> fire-danger 3 at 15:01
  15:02..17:00 every 1m  forest/p-index 9900
  17:01..18:01 every 1m  forest/p-index 0              -> fire-danger returned at 18:01

story A feeder that closes again by itself is none of ours
  rules feeder-off
  thing feeder power-feeder
  01:00..01:05 every 1m  feeder/status off
  01:06  feeder/status on
  02:00..02:10 every 1m  feeder/status off             -> feeder-off unacknowledged at 02:10

story A road is closed when it stays closed
  rules road-closed
  thing road road-link
  06:00..06:10 every 1m  road/status closed            -> road-closed unacknowledged at 06:10

story Ten minutes without the link
  rules network-link-down
  thing link network-link
  06:00..06:10 every 1m  link/status down              -> network-link-down unacknowledged at 06:10

story Fewer than forty agencies on the network
  rules agencies-offline
  thing network agency-network
  08:00..08:30 every 1m  network/online 38             -> agencies-offline unacknowledged at 08:30

story Villages without any signal
  rules villages-cut-off
  thing coverage telecom-coverage
  03:00..03:10 every 1m  coverage/villages-cut-off 14  -> villages-cut-off unacknowledged at 03:10

story An operator below the stations it promised
  rules operator-stations-down
  thing operator telecom-operator limits=stations-least:200
  03:00..03:15 every 1m  operator/stations-up 190      -> operator-stations-down unacknowledged at 03:15
