# The words of the wall. This file is shared by the browser and the server.

wall-title = Intelligent operations centre
wall-boards = Boards
wall-starting = Reaching the centre's server…
wall-unreachable = The server does not answer. Trying again.
wall-login-needed = This wall needs a login.
wall-board-none = This province has no board “{ $board }”. Choose one:
wall-panel-broken = This panel has failed; the others go on. It is tried again in 30 seconds.
wall-close = Close
wall-cancel = Cancel
wall-language-other = Tiếng Việt
wall-theme-light = Light
wall-theme-dark = Dark

# Link and trust
wall-link-connecting = Connecting
wall-link-live = Live
wall-link-lost = Link lost
wall-link-refused = Login needed
wall-link-past = PAST
wall-link-lost-banner = No word from the server for { $n } s. The figures on this wall are old; reconnecting.
wall-lag = Data lag
wall-seconds = s
wall-origin-simulated = Simulated
wall-origin-exercise = Exercise
wall-origin-replay = Replay
wall-origin-real = Real data
wall-origin-unknown = Origin unknown
wall-undescribed = Undescribed

wall-age-seconds = { $n } s
wall-age-minutes = { $n } min
wall-age-hours = { $n } h
wall-age-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
wall-stale = { $age } old
wall-quality-good = good
wall-quality-suspect = suspect
wall-quality-bad = bad
wall-quality-stale = Stale
wall-quality-missing = none yet

# People
wall-login = Log in
wall-logout = Log out
wall-username = User name
wall-password = Password
wall-login-wrong = Wrong user name or password.
wall-too-many = Too many tries. Wait a minute.
wall-role-operator = operator
wall-role-supervisor = supervisor
wall-role-leader = leader
wall-role-handler = handler
wall-role-developer = developer
wall-role-admin = administrator

# Alerts
wall-severity-1 = Level 1 low
wall-severity-2 = Level 2 moderate
wall-severity-3 = Level 3 high
wall-severity-4 = Level 4 very high
wall-severity-5 = Level 5 disaster
wall-alerts-open = Open alerts
wall-alerts-worst = Worst alerts
wall-alerts-none = No open alerts
wall-alerts-count = { $waiting } waiting / { $open } open
wall-alerts-aside = { $n ->
    [one] { $n } alert shelved or suppressed
   *[other] { $n } alerts shelved or suppressed
}
wall-alerts-past = Recent, over
wall-alerts-past-none = No alert is over yet
wall-past-history = judged from past data
wall-past-acknowledge = cleared, then acknowledged
wall-past-clear = acknowledged, then cleared
wall-past-close = closed by a supervisor
wall-acknowledge = Acknowledge
wall-acknowledge-title = Acknowledge the alert
wall-note = Note
wall-not-allowed = Your role may not acknowledge this alert.
wall-too-late = Somebody was faster. It now stands at: { $state }.
wall-alert-unacknowledged = Waiting
wall-alert-acknowledged = Acknowledged
wall-alert-returned = Returned, waiting
wall-alert-normal = Done
wall-alert-since = Since
wall-alert-cleared = Cleared
wall-alert-value = Value
wall-alert-limit = Limit
wall-alert-response = What to do
wall-by-centre = the centre
wall-alert-steps = What happened
wall-alert-gone = The alert is closed
wall-alert-gone-note = This alert is no longer open. Its whole history is in the log.
wall-step-acknowledge = acknowledged
wall-step-shelve = shelved
wall-step-unshelve = unshelved
wall-step-comment = comment
wall-step-close = closed
wall-step-raise = raised
wall-step-clear = cleared

# Indicators
wall-standing-on-target = On target
wall-standing-at-risk = At risk
wall-standing-off-target = Off target
wall-standing-unknown = Unknown
wall-target = target
wall-previous = Previous: { $value }
wall-coverage = covers { $n } %
wall-illustrative = illustrative
wall-indicator-none = Not computed yet: no input
source-S2 = S2, 6/2022

# Map, things
wall-map-sum = { $n ->
    [one] { $n } thing
   *[other] { $n } things
}
wall-map-none = No shapes or places to draw yet
wall-newest = New here
wall-newest-none = Nothing new
wall-heard = Just heard
wall-mark-plain = Normal
wall-mark-stale = Stale data
wall-mark-off = Offline
wall-area = Administrative unit
wall-communes = Communes
wall-surface = Surface
wall-population = Population
wall-things-here = Things ({ $n })
wall-things-none = No things yet
wall-thing-unknown = This thing has not been heard of yet
wall-thing-online = online
wall-thing-offline = offline
wall-thing-silent = silent
wall-gateway = Speaks for { $n } things (online / all)
wall-gateway-share = { $n } / { $all }
wall-limits = Limits of the thing

# Charts, status, freshness
wall-last-hours = last { $n } h
wall-reading = Reading…
wall-chart-none = No observations in this span
wall-unread = It could not be read
wall-status-none = No things of the kind “{ $kind }” yet
wall-status-fine = { $n }/{ $all } fine
wall-fresh-live = Live
wall-fresh-stale = Stale
wall-fresh-missing = None
wall-fresh-sum = { $live }/{ $all } datastreams live
wall-kind-unknown = Kind unknown

# Units
unit-people = people
unit-of-dossiers-overdue = dossiers
unit-of-dossiers-received = dossiers
unit-of-rivers-above-alarm-1 = { $n ->
    [one] river
   *[other] rivers
}
unit-of-people-waiting = people/shop
unit-of-air-highest = AQI
unit-of-air-mean = AQI

# Short names, for where there is little room
wall-target-none = no target set
wall-fresh-key = datastreams live·stale·missing
wall-kind-recording = Recording
wall-kind-undescribed = Undescribed
wall-kind-integration-bus = Integration
wall-kind-video-endpoint = Video endpoint
wall-kind-document-exchange = Documents
wall-kind-one-stop-shop = One-stop shop
wall-kind-telecom-station = Telecom
wall-kind-data-centre-room = Data centre
wall-limit-alarm-1 = alarm I
wall-limit-alarm-2 = alarm II
wall-limit-alarm-3 = alarm III

# Tables, rankings, incidents, records
wall-more = and { $n } more
wall-unseen = { $n } not shown
wall-time = At
wall-needs-login = Only for those who are logged in.
wall-ranking-none = No indicator is computed by area yet
wall-matrix-key = online/all
wall-trend-none = Not enough data to draw yet
wall-last-days = last { $n } days
wall-rank = rank { $n }
wall-alerts-n = { $n ->
    [one] { $n } alert
   *[other] { $n } alerts
}
wall-incidents-none = No open incident
wall-tasks-none = No open task
wall-cases-count = { $open } open / { $late } late
wall-incident-received = received
wall-incident-verified = verified
wall-incident-assigned = assigned
wall-incident-in-progress = in progress
wall-incident-done = done, to be checked
wall-incident-closed = closed
wall-task-assigned = assigned
wall-task-accepted = accepted
wall-task-done = done
wall-task-returned = returned
wall-task-closed = closed
wall-task-from = from { $who }
wall-owner-none = no owner yet
wall-due-none = no due time
wall-due = due
wall-late = late since
wall-records-none = No record yet
wall-records-newest = newest { $n } records
wall-review-raised = raised
wall-review-cleared = cleared
wall-review-open = open
wall-review-assigned = assigned
wall-review-late = late
wall-review-since = since { $time }
record-state-received = received
record-state-processing = in progress
record-state-done = done
record-state-late = late
record-field-environment = Environment
record-field-roads = Roads
record-field-power = Power
record-field-water = Water
record-field-public-order = Public order
record-field-land = Land
record-field-procedures = Procedures
record-field-staff = Conduct of staff
record-channel-app = Mobile app
record-channel-hotline-1022 = Hotline 1022
record-channel-portal = Portal
record-channel-social = Social media
record-state-verified = verified
record-state-assigned = assigned
record-state-in-progress = in progress
record-state-published = published
record-state-refused = refused
wall-indicator = Indicator
wall-target-name = Target
wall-previous-name = Previous period
wall-previous-year = A year earlier
wall-coverage-name = Coverage of data
wall-oldest-input = Oldest input
wall-owner = Answerable
wall-source = Source
wall-lineage = How it is computed
wall-inputs = Inputs ({ $n })
wall-incident = Incident
wall-incident-gone = Incident closed
wall-incident-gone-note = This incident is no longer open. Its whole history is in the log.
wall-late-now = Late
wall-due-name = Due
wall-root = Cause
wall-tasks = Tasks
wall-step-receive = received
wall-step-verify = verified
wall-step-supplement = asked to supplement
wall-step-remind = reminded
wall-step-late = overdue
wall-step-escalate = told to the leader
wall-step-assign = assigned
wall-step-start = started
wall-step-progress = progress
wall-step-done = done
wall-step-return = returned
wall-step-link = alerts linked
wall-step-split = alerts split off
wall-step-seen = seen
wall-step-accept = accepted

# Rotation, sound, keys
wall-turn = { $index }/{ $of } · { $left } s
wall-turn-paused = { $index }/{ $of } · paused
wall-taken = A new alert has the screen
wall-sound-on = sound on
wall-sound-blocked = sound blocked, touch the screen
wall-sound-muted = muted { $n } min
wall-keys = Keys
wall-key-boards = choose a board
wall-key-step = previous, next board
wall-key-pause = pause, resume the rotation
wall-key-acknowledge = acknowledge the chosen alert
wall-key-rows = choose and open alerts
wall-key-mute = mute for 15 min (acknowledges nothing)
wall-key-sound = sound on, off
wall-key-kiosk = only look, whole screen
wall-key-language = language
wall-key-theme = light, dark
wall-key-then = look back 5 minutes
wall-key-then-move = in the past: back, on, speed, play or pause
wall-key-close = close
wall-mark-incident = Incident

## Briefs on the wall

wall-briefs-none = No report yet.
wall-briefs-until = until { $time }
wall-briefs-make-daily = Make a daily report
wall-briefs-make-shift = Make a shift report
wall-briefs-making = Making it…
wall-briefs-failed = It could not be made; try again.

## A panel as a file

wall-export-csv = Save the table (CSV)
wall-export-png = Save the picture (PNG)

# Layers of the map, reports
wall-alerts-alone = Open alerts, no incident yet
wall-briefs-by-centre = by schedule
wall-layer-shade = Shade areas by
wall-layer-alerts = By the worst alert
wall-layer-reports = Reports
wall-layer-needs = Depends
wall-mark-shade = Darker: worse
wall-mark-chain = River
wall-mark-need = Depends on
wall-mark-report = Open reports: { $n }
wall-record = Citizen's report
wall-record-number = Number
wall-record-channel = Came by
wall-record-moved = Latest step
wall-place = Longitude; latitude

# Looking back
wall-then = PAST
wall-then-enter = Look back
wall-then-look = Look at this moment
wall-then-play = Play
wall-then-pause = Pause
wall-then-speed = Speed
wall-then-step = Step by step
wall-then-before = One step back
wall-then-after = One step on
wall-then-back = Go back
wall-then-5m = 5 min
wall-then-1h = 1 h
wall-then-24h = 24 h
wall-then-7d = 7 days
wall-then-moment = Moment to look at
wall-then-live = Back to now
wall-then-about = Alerts are read off their own history: approximate.
wall-then-none = The address names no moment.
wall-then-outside = Nothing is kept of this moment.
wall-then-failed = It could not be read.
wall-then-of-now = This is known of now only.
