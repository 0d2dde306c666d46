story Bad air must stand for an hour, and one alert gets graver and milder with it
  rules air-bad
  thing air-01 air-station
  06:00  air-01/aqi 160
  07:00  air-01/aqi 120
  08:00  air-01/aqi 160
  09:00  air-01/aqi 165                                -> air-bad unacknowledged
  10:00..11:00 every 1h  air-01/aqi 230                -> air-bad 3 at 11:00
  12:00..13:00 every 1h  air-01/aqi 320                -> air-bad 4 at 13:00
  13:10  lan acknowledges air-bad                      -> air-bad acknowledged
  14:00..16:00 every 1h  air-01/aqi 295
  17:00..18:00 every 1h  air-01/aqi 180                -> air-bad 2 at 18:00
  19:00..20:00 every 1h  air-01/aqi 120                -> air-bad normal at 20:00

story One station beside a rubbish fire is not the region's air
  rules air-regional
  thing air-01 air-station at=103.02,21.38
  thing air-02 air-station at=103.10,21.40
  08:00..12:00 every 1h  air-01/aqi 250
  08:05..12:05 every 1h  air-02/aqi 60
  14:00  wait

story Two stations within forty kilometres are
  rules air-regional
  thing air-01 air-station at=103.02,21.38
  thing air-02 air-station at=103.10,21.40
  thing far-away air-station at=103.90,21.40
  08:00  air-01/aqi 170
  08:00  far-away/aqi 300
  08:00  air-02/aqi 180
  09:00  air-01/aqi 175
  09:00  air-02/aqi 185
  09:30  wait                                          -> air-regional@air-01 unacknowledged at 09:00, air-regional@air-02 unacknowledged at 09:00

story Dust that reads the same for six hours is a dead sensor
  rules air-doubtful
  thing air-01 air-station
  00:00..06:00 every 5m  air-01/pm25 35
  06:05  air-01/pm25 35                                -> air-doubtful unacknowledged
  06:10..08:10 every 5m  air-01/pm25 21 22 23          -> air-doubtful returned at 08:10

story A red light is no congestion
  rules traffic-congested
  thing road-01 traffic-counter
  07:00  road-01/speed 9
  07:05  road-01/speed 32
  07:10..07:25 every 5m  road-01/speed 12              -> traffic-congested unacknowledged at 07:25
  07:30..07:45 every 5m  road-01/speed 35              -> traffic-congested returned at 07:45

story The rush of every morning is usual, the same flow at night is not
  rules traffic-unusual
  thing road-01 traffic-counter
  00:00..00:55 every 5m        road-01/flow 60 72 84
  07:00..07:55 every 5m        road-01/flow 1800 1700 1900
  +7d 00:00..+7d 00:25 every 5m  road-01/flow 60 72 84
  +7d 07:00..+7d 07:55 every 5m  road-01/flow 1800 1700 1900
  +14d 00:00..+14d 00:15 every 5m  road-01/flow 1800   -> traffic-unusual unacknowledged at +14d 00:15
