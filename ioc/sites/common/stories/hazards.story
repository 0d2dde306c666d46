# What the rules of hazards shall say. A line without an arrow promises silence.

story A single tip of the bucket is no heavy rain, ten minutes of it are
  rules rain-heavy
  thing rain-01 rain-gauge
  00:00  rain-01/rainfall 30
  00:10  rain-01/rainfall 10
  00:20  rain-01/rainfall 30
  00:30  rain-01/rainfall 40                           -> rain-heavy unacknowledged
  00:35  lan acknowledges rain-heavy                   -> rain-heavy acknowledged
  00:40  rain-01/rainfall 20
  00:50..01:20 every 10m  rain-01/rainfall 5           -> rain-heavy normal at 01:20

story Very heavy rain does not wait
  rules rain-very-heavy
  thing rain-01 rain-gauge
  00:00  rain-01/rainfall 49
  00:10  rain-01/rainfall 55                           -> rain-very-heavy unacknowledged
  00:20..00:50 every 10m  rain-01/rainfall 10          -> rain-very-heavy returned at 00:50

story A cloud over the panel is not a flat battery
  rules rain-battery-low
  thing rain-01 rain-gauge
  06:00  rain-01/battery 11.4
  06:10  rain-01/battery 11.9
  18:00..19:00 every 10m  rain-01/battery 11.3         -> rain-battery-low unacknowledged at 19:00

story A wave at the gauge is no flood, and its fall must last
  rules river-alarm-1 river-alarm-2 river-alarm-3
  thing river-01 river-gauge limits=alarm-1:3.0,alarm-2:4.0,alarm-3:5.0
  00:00  river-01/level 3.1
  00:10  river-01/level 2.9
  00:20..00:30 every 10m  river-01/level 3.2           -> river-alarm-1 unacknowledged at 00:30
  00:40..00:50 every 10m  river-01/level 4.2           -> river-alarm-2 unacknowledged at 00:50
  01:00  river-01/level 5.3                            -> river-alarm-3 unacknowledged
  01:10  river-01/level 4.9
  01:20..01:50 every 10m  river-01/level 4.5           -> river-alarm-3 returned at 01:50
  02:00..02:30 every 10m  river-01/level 2.0           -> river-alarm-2 returned at 02:30, river-alarm-1 returned at 02:30

story An hour of cloudburst upstream warns while the gauge is still low
  rules river-flood-ahead
  thing river-01 river-gauge at=103.20,21.50
  thing rain-01 rain-gauge at=103.22,21.52
  thing far-away rain-gauge at=103.60,21.50
  00:10..01:00 every 10m  far-away/rainfall 90
  01:10..02:40 every 10m  rain-01/rainfall 40          -> river-flood-ahead unacknowledged at 01:40

story Steady drizzle warns of nothing
  rules river-flood-ahead
  thing river-01 river-gauge at=103.20,21.50
  thing rain-01 rain-gauge at=103.22,21.52
  00:10..12:00 every 10m  rain-01/rainfall 4
  13:00  wait

story A dam's release is seen without any rain
  rules river-rising
  thing river-01 river-gauge
  00:00..02:00 every 10m  river-01/level 1.5 1.55 1.5
  02:10  river-01/level 2.1
  02:20  river-01/level 2.6
  02:30  river-01/level 2.9                            -> river-rising unacknowledged
  02:40..04:30 every 10m  river-01/level 3.0           -> river-rising returned at 03:50

story A slow rise over a day is no sudden one
  rules river-rising
  thing river-01 river-gauge
  00:00..06:00 every 10m  river-01/level 1.0 1.02 1.05 1.08
  06:10..12:00 every 10m  river-01/level 1.2 1.22 1.25 1.28

story One value alone, six metres up, is the sensor and not the river
  rules river-doubtful river-alarm-2
  thing river-01 river-gauge limits=alarm-1:3.0,alarm-2:4.0,alarm-3:5.0
  00:00..00:50 every 10m  river-01/level 1.50 1.52
  01:00  river-01/level 7.5
  01:10  river-01/level 1.51                           -> river-doubtful unacknowledged
  01:20..03:20 every 10m  river-01/level 1.50 1.52     -> river-doubtful returned at 03:20

story A level that does not move for six hours is stuck
  rules river-doubtful
  thing river-01 river-gauge
  00:00..06:00 every 10m  river-01/level 1.50
  06:10  river-01/level 1.50                           -> river-doubtful unacknowledged

story A hot afternoon, not a hot reading
  rules weather-heat
  thing weather-01 weather-station
  12:00  weather-01/temperature 37.5
  12:10  weather-01/temperature 36.9
  13:00..13:30 every 10m  weather-01/temperature 38.0  -> weather-heat unacknowledged at 13:30
  16:00..17:00 every 10m  weather-01/temperature 35.0  -> weather-heat returned at 17:00

story An hour below four degrees harms livestock
  rules weather-cold
  thing weather-01 weather-station
  03:00..04:00 every 10m  weather-01/temperature 3.5   -> weather-cold unacknowledged at 04:00
  07:00..09:00 every 10m  weather-01/temperature 8.0   -> weather-cold returned at 09:00

story Force eight is told at once
  rules weather-gale
  thing weather-01 weather-station
  15:00  weather-01/wind-speed 17.2
  15:10  weather-01/wind-speed 17.3                    -> weather-gale unacknowledged
  15:20..15:50 every 10m  weather-01/wind-speed 9      -> weather-gale returned at 15:50

story A thermometer that jumps by twenty degrees and back is doubted
  rules weather-doubtful
  thing weather-01 weather-station
  10:00..10:20 every 10m  weather-01/temperature 21.0 21.2
  10:30  weather-01/temperature 41.0
  10:40  weather-01/temperature 21.3                   -> weather-doubtful unacknowledged
