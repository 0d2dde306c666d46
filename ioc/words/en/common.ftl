## Words the centre and the wall share.

app-title = Intelligent Operations Centre
app-short = IOC
number = { NUMBER($value) }
illustrative = illustrative
undescribed = Not described
unknown = Unknown
none = None
yes = Yes
no = No

## Origins

origin = Origin
origin-simulated = Simulated
origin-exercise = Exercise
origin-replay = Replay
origin-real = Real
badge-simulated = SIMULATED
badge-exercise = EXERCISE
badge-replay = REPLAY
badge-real = REAL DATA

## Severities of Decision 18/2021/QD-TTg

severity = Severity
severity-1 = Level 1 – low
severity-2 = Level 2 – moderate
severity-3 = Level 3 – high
severity-4 = Level 4 – very high
severity-5 = Level 5 – disaster

## States of an alert

state = State
state-unacknowledged = Unacknowledged
state-acknowledged = Acknowledged
state-returned = Returned, unacknowledged
state-normal = Normal
state-closed = Closed
state-shelved = Shelved
state-suppressed = Suppressed
condition-active = Active
condition-cleared = Cleared
history = From history
provisional = Provisional

## Statuses of things, and quality

status-online = Online
status-offline = Offline
status-silent = Silent
quality = Quality
quality-good = Good
quality-suspect = Suspect
quality-bad = Bad
quality-stale = Stale
quality-missing = Missing
freshness = Data freshness
stale = Stale
missing = No data
link-lost = Connection to the centre lost
link-restored = Connected to the centre again

## Spans of time

ago-seconds = { $n } s ago
ago-minutes = { $n } min ago
ago-hours = { $n } h ago
ago-days = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
just-now = just now

## Indicators

indicator = Indicator
target = Target
standing = Standing
standing-on-target = On target
standing-at-risk = At risk
standing-off-target = Off target
standing-unknown = Not judged
previous = Previous
coverage = Coverage
oldest-input = Oldest input
owner = Owner
source = Source
trend-up = Rising
trend-down = Falling
trend-flat = Steady

## Nouns

area = Area
areas = Areas
province = Province
district = District
commune = Commune
population = Population
thing = Thing
things = Things
datastream = Datastream
observation = Observation
rule = Rule
alert = Alert
alerts = Alerts
open-alerts = Open alerts
no-open-alerts = No open alerts
incident = Incident
task = Task
board = Board
panel = Panel
language = Language
raised = Raised
detected = Detected
cleared = Cleared
closed = Closed
response = Response
value = Value
limit = Limit
unit = Unit
steps = Steps

## What people on duty do

acknowledge = Acknowledge
shelve = Shelve
unshelve = Unshelve
comment = Comment
close = Close
note = Note
reason = Reason
login = Log in
logout = Log out
username = User name
password = Password

## Why an alert was closed

reason-history = From history
reason-resolved = Resolved
reason-false = False alert
reason-duplicate = Duplicate

## Kinds of things

kind-gateway = Gateway
kind-ioc-centre = Operations centre (IOC)
kind-rain-gauge = Rain gauge
kind-river-gauge = River gauge
kind-tidal-gauge = Tidal river gauge
kind-reservoir = Hydroelectric reservoir
kind-weather-station = Weather station
kind-air-station = Air station
kind-traffic-counter = Traffic counter
kind-data-centre-room = Server room
kind-integration-bus = Data-sharing platform
kind-service = Digital service
kind-one-stop-shop = One-stop shop
kind-document-exchange = Document exchange
kind-video-endpoint = Video endpoint
kind-telecom-station = Telecom station
kind-agency-network = Agencies' LAN and Internet
kind-camera-counter = Counting camera
kind-e-learning = E-learning platform
kind-epidemic = Epidemic surveillance
kind-fire-hotspots = Satellite hot-spots
kind-forest-change = Forest-change monitor
kind-forest-patrol = Forest-patrol device
kind-forest-station = Forest-fire danger station
kind-heritage-site = Heritage site
kind-hospital = Hospital
kind-laboratory = Laboratory
kind-museum-collection = Digitised collection
kind-network-link = Specialised-network link
kind-power-feeder = Power feeder
kind-road-link = Road link
kind-school-cluster = School cluster
kind-telecom-coverage = Telecom coverage
kind-telecom-operator = Telecom operator
kind-telehealth = Telehealth
kind-tourism-booking = Tourism booking platform
kind-vaccination = Vaccination
kind-water-station = Water-quality station

## Datastreams

datastream-rainfall = Rainfall
datastream-battery = Battery voltage
datastream-level = Water level
datastream-flow = Flow
datastream-live-storage = Live storage
datastream-inflow = Inflow
datastream-outflow = Outflow
datastream-temperature = Temperature
datastream-humidity = Humidity
datastream-wind-speed = Wind speed
datastream-pressure = Air pressure
datastream-pm25 = PM2.5
datastream-pm10 = PM10
datastream-o3 = Ozone
datastream-no2 = NO₂
datastream-aqi = VN_AQI
datastream-speed = Speed
datastream-occupancy = Occupancy
datastream-load = Load
datastream-ups-charge = UPS charge
datastream-storage = Storage used
datastream-transactions = Transactions
datastream-latency = Response time
datastream-ingest-rate = Observations taken
datastream-lag = Lag of judging
datastream-clients = Screens open
datastream-errors = Error rate
datastream-status = Status
datastream-requests = Requests
datastream-received = Dossiers received
datastream-finished = Dossiers finished
datastream-on-time = Dossiers on time
datastream-online = Dossiers filed online
datastream-waiting = People waiting
datastream-overdue = Dossiers overdue
datastream-outgoing = Documents sent
datastream-signed = Documents signed
datastream-incoming = Documents received
datastream-delivery-time = Delivery time
datastream-loss = Packet loss
datastream-jitter = Jitter
datastream-sites = Sites
datastream-lan-up = LANs up
datastream-internet-up = Internet up
datastream-vehicles = Vehicles
datastream-violations = Traffic violations
datastream-people = People in view
datastream-learners = Learners
datastream-new-cases = New cases
datastream-growth = Cases of 7 days to the 7 before
datastream-in-hospital = In hospital
datastream-hotspots = Hot-spots of the hour
datastream-clusters = Clusters of hot-spots (2 km, 6 h)
datastream-in-forest = Hot-spots in forest
datastream-unverified = Fire not verified for
datastream-lost-area = Forest lost this year
datastream-open-cases = Cases being verified
datastream-reports = Rangers' reports
datastream-position-age = Age of the position
datastream-distance = Way of today
datastream-temperature-13h = Temperature at 13:00
datastream-deficit-13h = Saturation deficit at 13:00
datastream-rainfall-24h = Rain of the 24 hours before 13:00
datastream-p-index = Fire-danger index P
datastream-visitors = Visitors inside
datastream-entries = Entries
datastream-tours-3d = 3D tours
datastream-visits = Visits
datastream-beds = Beds
datastream-beds-used = Beds used
datastream-claims-waiting = Insurance claims waiting
datastream-tests = Tests
datastream-turnaround = Turnaround
datastream-digitised = Artefacts digitised
datastream-scanned-today = Artefacts digitised today
datastream-flaps = Flaps
datastream-connected = Agencies connected
datastream-homes-dark = Homes without power
datastream-travel-time = Travel time
datastream-schools = Schools due to report
datastream-schools-reporting = Schools that reported
datastream-attendance = Attendance
datastream-villages-2g = Villages with 2G
datastream-villages-4g = Residential areas with 3G/4G
datastream-villages-broadband = Villages with fixed broadband
datastream-centres-broadband = Commune centres with broadband
datastream-villages-cut-off = Villages cut off
datastream-stations = Base stations
datastream-stations-up = Base stations up
datastream-stations-4g-up = 4G stations up
datastream-stations-5g-up = 5G stations up
datastream-sessions = Sessions
datastream-bookings = Bookings
datastream-doses-given = Doses given
datastream-doses-entered = Doses entered
datastream-doses-missing = Doses of today not entered
datastream-ph = pH
datastream-oxygen = Dissolved oxygen
datastream-turbidity = Turbidity

## Levels of a status

level-up = Up
level-down = Down
level-degraded = Degraded
level-online = Online
level-offline = Offline
level-battery = On battery
level-silent = Silent
level-resting = Resting
level-patrolling = Patrolling
level-off = Off
level-on = On
level-closed = Closed
level-slow = Slow
level-open = Open

## A thing's own limits

limit-alarm-1 = Alarm level I
limit-alarm-2 = Alarm level II
limit-alarm-3 = Alarm level III
limit-stations-least = Fewest stations

## Units

unit-Cel = °C
unit-percentRH = %
unit-percent = %
unit-mm-per-h = mm/h
unit-km-per-h = km/h
unit-m-per-s = m/s
unit-m3-per-s = m³/s
unit-ug-per-m3 = µg/m³
unit-veh-per-h = veh/h
unit-1-per-min = per min
unit-1-per-s = per s
unit-min = min
unit-ms = ms
unit-s = s
unit-h = h
unit-m = m
unit-V = V
unit-kW = kW
unit-hPa = hPa
unit-har = ha
unit-km = km
unit-mm = mm
unit-MW = MW
unit-mg-per-L = mg/L
unit-NTU = NTU

# What datastreams of one name are called where it means another thing by kind

datastream-agency-network-online = Agencies online
datastream-council-session-attendance = Delegates present
datastream-data-centre-room-humidity = Room humidity
datastream-data-centre-room-load = Load
datastream-data-centre-room-temperature = Room temperature
datastream-e-learning-latency = Latency
datastream-e-learning-learners = Learners
datastream-forest-patrol-battery = Battery
datastream-heritage-site-visitors = Visitors inside
datastream-hospital-occupancy = Bed occupancy
datastream-hospital-visits = Visits
datastream-integration-bus-latency = Latency
datastream-museum-collection-digitised = Artefacts digitised
datastream-one-stop-shop-digitised = Dossiers with papers digitised
datastream-one-stop-shop-online = Dossiers filed online
datastream-power-feeder-load = Load
datastream-rain-gauge-battery = Battery
datastream-reservoir-level = Reservoir level
datastream-river-gauge-flow = Flow
datastream-river-gauge-level = Water level
datastream-school-cluster-attendance = Attendance
datastream-service-latency = Latency
datastream-telecom-station-load = Load
datastream-telehealth-sessions = Sessions
datastream-tidal-gauge-level = Water level
datastream-tourism-booking-occupancy = Room occupancy
datastream-tourism-booking-visitors = Visitors in the province
datastream-traffic-counter-flow = Flow
datastream-traffic-counter-occupancy = Occupancy
datastream-training-learners = Learners of the year
datastream-video-sessions-sessions = Video meetings begun
datastream-water-station-temperature = Water temperature
datastream-weather-station-humidity = Relative humidity
datastream-weather-station-temperature = Air temperature
datastream-web-portal-visits = Visits
