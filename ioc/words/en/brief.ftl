## The daily and shift brief: the page and the PDF say these.

brief-unknown = Unknown
brief-authority = People's Committee of { $site }
brief-centre = Intelligent Operations Centre
brief-nation = Socialist Republic of Viet Nam
brief-motto = Independence – Freedom – Happiness
brief-place-and-date = { $place }, { $day }/{ $month }/{ $year }
brief-title = { $name }
brief-period = From { $start } to { $end }
brief-made = Made by { $by } at { $at }, number { $id }
brief-warning = { $whole ->
        [yes] The data of this report are { $badges }: none of it happened.
       *[no] Part of this report is { $badges }: that part did not happen.
    }
brief-by-centre = the centre (automatic)
brief-page = Page
brief-value = { NUMBER($value) } { $unit }
brief-seconds = { $n } s
brief-minutes = { $n } min
brief-hours = { $n } h { $m ->
        [0] {""}
       *[other] { $m } min
    }
brief-days = { $n } d { $h ->
        [0] {""}
       *[other] { $h } h
    }

brief-summary = Summary
brief-figure-alerts = new alerts ({ $before } before)
brief-figure-grave = of severity 4 and 5 ({ $before } before)
brief-figure-incidents = new incidents, { $open } open
brief-figure-late = late tasks of { $open } open
brief-figure-met = indicators on target
brief-said-alerts = There were { $raised } new alerts, { $before } in the period before. At its end { $open } were open, { $unanswered } of them not acknowledged. { $known ->
        [yes] Median time to acknowledge: { $median }.
        [no] No alert was acknowledged in the period.
       *[none] {""}
    }
brief-said-most = Most alerts: { $place }, { $raised }.
brief-said-incidents = { $received } incidents were received and { $done } done; { $open } are open, { $late } late, { $unowned } given to nobody.
brief-said-tasks = { $given } tasks were given, { $done } done, { $late } are late.
brief-said-missed = { $count } indicators off target: { $named }.
brief-said-history = Beside these, { $count } alerts were judged from data of the past; they count in no figure above.

brief-alerts = 1. Alerts
brief-severity = New alerts
brief-total = All
brief-now = This period
brief-before = Period before
brief-no-alerts = No new alerts in the period.
brief-chart-load = New alerts over time
brief-chart-areas = New alerts by area
brief-worst = The gravest alerts
brief-level-n = Level { $n }
brief-level = Level
brief-alert-and-response = Alert and response
brief-place = Area
brief-raised-at = Raised
brief-state = State
brief-cleared = Over { $at }
brief-active = Active
brief-closed = Closed
brief-not-acknowledged = Not acknowledged
brief-acknowledged = Acknowledged { $at }

brief-incidents = 2. Incidents and response times
brief-medians = Medians from being raised: to acknowledged { $acknowledged }, to assigned { $assigned }, to done { $done }.
brief-no-incidents = No incidents in the period.
brief-incident = Incident
brief-owner = Owner
brief-nobody = Nobody
brief-due = Due { $at }
brief-overdue = Was due { $at }
brief-gathers = { $count } alerts · { $id }
brief-to-acknowledged = To acknowl.
brief-to-assigned = To assigned
brief-to-done = To done

brief-tasks = 3. Tasks late and soon due
brief-no-late = No late tasks.
brief-task = Task
brief-given-by = Given by
brief-due-at = Due
brief-over = { $by } late
brief-in-time = In time

brief-indicator = Indicator
brief-value-head = Value
brief-target = Target
brief-previous = Before
brief-trend = Trend
brief-standing = Standing
brief-change-better = better
brief-change-worse = worse
brief-change-same = unchanged
brief-change-unknown = {""}
brief-coverage = { $share } % of the data

brief-duty = Duty and handover
brief-no-shifts = No shifts are planned for this period.
brief-shift = Shift
brief-people = On duty
brief-phone = Telephone
brief-handover = { $at }: { $giver } handed over to { $taker }, { $confirmed ->
        [yes] taken over { $when }
       *[no] not confirmed yet
    }. Notes: { $note }
brief-no-handovers = No handover was written in the period.

brief-signer-maker = Prepared by
brief-signer-lead = Shift lead
brief-signer-leader = For the leadership
