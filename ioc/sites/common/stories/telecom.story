story On battery the generator has four hours to arrive
  rules telecom-battery telecom-down
  thing tower telecom-station
  01:00..01:10 every 5m  tower/status battery          -> telecom-battery unacknowledged at 01:10
  06:00..06:05 every 5m  tower/status down             -> telecom-down unacknowledged at 06:05

story A festival, not a passing bus
  rules telecom-busy
  thing tower telecom-station
  19:30..19:40 every 5m  tower/load 95
  19:45  tower/load 70
  20:00..20:30 every 5m  tower/load 95                 -> telecom-busy unacknowledged at 20:30
