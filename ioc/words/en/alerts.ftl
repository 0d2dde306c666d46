## What alerts say. Each rule has a message named "alert-" and its id; a rule without one uses the
## first four. $thing: the thing's name, $value: the result, $limit: the limit, $unit: its unit,
## $rule: the rule's name, $datastream: the datastream's.

alert-above = { $thing }: { $rule }, { NUMBER($value, maximumFractionDigits: 2) } { $unit }, above the limit of { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-below = { $thing }: { $rule }, { NUMBER($value, maximumFractionDigits: 2) } { $unit }, below the limit of { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-equals = { $thing }: { $rule }
alert-silent = { $thing }: no data received ({ $datastream })
alert-offline = { $thing }: offline
alert-levels = { $thing }: { $rule }, { NUMBER($value, maximumFractionDigits: 2) } { $unit }, past the limit of { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-rising = { $thing }: { $rule }, up by { NUMBER($value, maximumFractionDigits: 2) } { $unit }, more than { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-falling = { $thing }: { $rule }, down by { NUMBER($value, maximumFractionDigits: 2) } { $unit }, more than { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-doubtful = { $thing }: doubtful data ({ $datastream })
alert-baseline = { $thing }: { $rule }, { NUMBER($value, maximumFractionDigits: 2) } times its usual deviation
alert-ewma = { $thing }: { $rule }, its mean is { NUMBER($value, maximumFractionDigits: 2) } standard deviations off
alert-cusum = { $thing }: { $rule }, away from its usual level for some time
alert-likelihood = { $thing }: { $rule }, behaves unlike itself
alert-neighbours = { $thing }: { $rule }, { NUMBER($value, maximumFractionDigits: 0) } places nearby are over the limit together
alert-all = { $thing }: { $rule }
alert-any = { $thing }: { $rule }
alert-burn = { $thing }: { $rule }, fails { NUMBER($value, maximumFractionDigits: 2) } times as fast as alarms
alert-forecast = { $thing }: { $rule }, expected { NUMBER($value, maximumFractionDigits: 2) } { $unit }, limit { NUMBER($limit, maximumFractionDigits: 2) } { $unit }
alert-routed = { $thing }: { $rule }, rain upstream will come to { NUMBER($value, maximumFractionDigits: 2) } m³/s per km²
alert-deadline = { $thing }: { $rule }, nothing by { NUMBER($limit, maximumFractionDigits: 0) }:00
alert-expires = { $thing }: { $rule }, { NUMBER($value, maximumFractionDigits: 2) } days left

alert-rain-heavy = { $thing }: heavy rain, { NUMBER($value, maximumFractionDigits: 1) } mm/h, above { NUMBER($limit, maximumFractionDigits: 1) } mm/h
alert-rain-very-heavy = { $thing }: very heavy rain, { NUMBER($value, maximumFractionDigits: 1) } mm/h, risk of flash flood and slides
alert-rain-battery-low = { $thing }: short of power, { NUMBER($value, maximumFractionDigits: 1) } V left
alert-river-alarm-1 = { $thing }: level { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, above alarm level I ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-river-alarm-2 = { $thing }: level { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, above alarm level II ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-river-alarm-3 = { $thing }: level { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, above alarm level III ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-tide-alarm-1 = { $thing }: level { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, above alarm level I ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-tide-alarm-2 = { $thing }: level { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, above alarm level II ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-tide-alarm-3 = { $thing }: level { NUMBER($value, minimumFractionDigits: 2, maximumFractionDigits: 2) } m, above alarm level III ({ NUMBER($limit, maximumFractionDigits: 2) } m)
alert-reservoir-full = { $thing }: live storage { NUMBER($value, maximumFractionDigits: 1) } %, above { NUMBER($limit, maximumFractionDigits: 0) } %
alert-reservoir-release = { $thing }: releases { NUMBER($value, maximumFractionDigits: 0) } m³/s, above { NUMBER($limit, maximumFractionDigits: 0) } m³/s

alert-weather-heat = { $thing }: severe heat, { NUMBER($value, maximumFractionDigits: 1) } °C
alert-weather-cold = { $thing }: damaging cold, { NUMBER($value, maximumFractionDigits: 1) } °C, risk of frost
alert-weather-gale = { $thing }: gale, { NUMBER($value, maximumFractionDigits: 1) } m/s, force 8 or more
alert-air-bad = { $limit ->
    [200] { $thing }: very unhealthy air, AQI { NUMBER($value, maximumFractionDigits: 0) }
    [300] { $thing }: hazardous air, AQI { NUMBER($value, maximumFractionDigits: 0) }
   *[other] { $thing }: unhealthy air, AQI { NUMBER($value, maximumFractionDigits: 0) }
}

alert-traffic-congested = { $thing }: congested, traffic down to { NUMBER($value, maximumFractionDigits: 0) } km/h

alert-dc-warm = { $thing }: warm, { NUMBER($value, maximumFractionDigits: 1) } °C, above { NUMBER($limit, maximumFractionDigits: 1) } °C
alert-dc-hot = { $thing }: overheating, { NUMBER($value, maximumFractionDigits: 1) } °C, machines may cut out
alert-dc-humid = { $thing }: humidity { NUMBER($value, maximumFractionDigits: 0) } %, above { NUMBER($limit, maximumFractionDigits: 0) } %
alert-dc-ups-low = { $thing }: UPS down to { NUMBER($value, maximumFractionDigits: 0) } %
alert-dc-storage-full = { $thing }: storage { NUMBER($value, maximumFractionDigits: 1) } % used

alert-bus-errors = { $thing }: { NUMBER($value, maximumFractionDigits: 1) } % of transactions fail, above { NUMBER($limit, maximumFractionDigits: 1) } %
alert-bus-slow = { $thing }: slow, { NUMBER($value, maximumFractionDigits: 0) } ms
alert-bus-down = { $thing }: down
alert-service-down = { $thing }: down
alert-service-degraded = { $thing }: degraded
alert-service-slow = { $thing }: slow, { NUMBER($value, maximumFractionDigits: 0) } ms

alert-onestop-waiting = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } people waiting
alert-onestop-overdue = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } dossiers overdue
alert-docs-slow = { $thing }: documents take { NUMBER($value, maximumFractionDigits: 1) } min to arrive
alert-video-offline = { $thing }: offline
alert-video-loss = { $thing }: line loses { NUMBER($value, maximumFractionDigits: 1) } % of packets
alert-telecom-battery = { $thing }: without mains, on battery
alert-telecom-down = { $thing }: down
alert-telecom-busy = { $thing }: overloaded, { NUMBER($value, maximumFractionDigits: 0) } %

alert-gateway-offline = { $thing }: offline, data of everything behind it has stopped
alert-ioc-lag = { $thing }: judging is { NUMBER($value, maximumFractionDigits: 0) } s behind, above { NUMBER($limit, maximumFractionDigits: 0) } s

## Hazards, infrastructure, society.

alert-fire-unverified = { $thing }: a forest fire not verified for { NUMBER($value, maximumFractionDigits: 0) } minutes
alert-fire-danger = { $limit ->
    [10000] { $thing }: forest-fire danger level V, P = { NUMBER($value, maximumFractionDigits: 0) }
   *[other] { $thing }: forest-fire danger level IV, P = { NUMBER($value, maximumFractionDigits: 0) }
}
alert-feeder-off = { $thing }: without power
alert-road-closed = { $thing }: road cut
alert-villages-cut-off = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } villages cut off
alert-operator-stations-down = { $thing }: only { NUMBER($value, maximumFractionDigits: 0) } stations up
alert-network-link-down = { $thing }: link down
alert-agencies-offline = { $thing }: only { NUMBER($value, maximumFractionDigits: 0) } % of the agencies online
alert-hospital-full = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } % of the beds used
alert-claims-stuck = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } insurance claims not sent
alert-laboratory-slow = { $thing }: results after { NUMBER($value, maximumFractionDigits: 0) } minutes
alert-telehealth-offline = { $thing }: offline
alert-doses-missing = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } doses not entered
alert-epidemic-growth = { $thing }: cases of 7 days are { NUMBER($value, maximumFractionDigits: 1) } times those before
alert-attendance-low = { $thing }: attendance only { NUMBER($value, maximumFractionDigits: 0) } %
alert-elearning-errors = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } % of requests fail
alert-forest-cases = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } forest losses being verified
alert-patrol-silent = { $thing }: no fresh position for { NUMBER($value, maximumFractionDigits: 0) } minutes
alert-heritage-crowded = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } visitors inside
alert-rooms-full = { $thing }: { NUMBER($value, maximumFractionDigits: 0) } % of the rooms used
alert-camera-offline = { $thing }: offline
alert-water-oxygen-low = { $thing }: dissolved oxygen down to { NUMBER($value, maximumFractionDigits: 1) } mg/L
alert-digitisation-stopped = { $thing }: no artefact digitised for days

alert-river-flood-ahead = { $thing }: rain already fallen upstream comes to { NUMBER($value, maximumFractionDigits: 1) } m³/s per km² within 30 minutes and may bring a flood
alert-river-rising = { $thing }: up { NUMBER($value, maximumFractionDigits: 2) } m within 30 minutes
alert-river-doubtful = { $thing }: its level is doubtful, do not rely on it
alert-weather-doubtful = { $thing }: its temperature is doubtful
alert-air-regional = { $thing }: unhealthy air over a wide area, { NUMBER($value, maximumFractionDigits: 0) } stations over the limit together
alert-air-doubtful = { $thing }: its dust reading is doubtful
alert-traffic-unusual = { $thing }: unusual traffic, { NUMBER($value, maximumFractionDigits: 1) } times the usual deviation of this hour
alert-dc-heating = { $thing }: will reach { NUMBER($value, maximumFractionDigits: 1) } °C in 10 minutes
alert-bus-burning = { $thing }: fails { NUMBER($value, maximumFractionDigits: 1) } times as fast as alarms its 99.5 % objective
alert-service-burning = { $thing }: fails { NUMBER($value, maximumFractionDigits: 1) } times as fast as alarms its 99.5 % objective
alert-service-leaking = { $thing }: will exceed its month's allowed outage
