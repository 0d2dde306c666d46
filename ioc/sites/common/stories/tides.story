story A spring tide stands for half an hour before it is told
  rules tide-alarm-1 tide-alarm-2 tide-alarm-3
  thing mouth tidal-gauge limits=alarm-1:2.2,alarm-2:2.8,alarm-3:3.5
  04:00..04:30 every 1m  mouth/level 2.4               -> tide-alarm-1 unacknowledged at 04:30
  04:31..05:01 every 1m  mouth/level 3.0               -> tide-alarm-2 unacknowledged at 05:01
