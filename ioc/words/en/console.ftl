# The desk of operators, shift supervisors and leaders. Browser and server share this file.

# What can be done
console-do-acknowledge = Acknowledge
console-do-shelve = Shelve
console-do-unshelve = Unshelve
console-do-comment = Comment
console-do-close = Close
console-do-verify = Verify
console-do-supplement = Ask to supplement
console-do-assign = Assign
console-do-start = Start
console-do-progress = Report progress
console-do-done = Report done
console-do-return = Return
console-do-accept = Accept
console-do-end = End maintenance
console-do-confirm = Take over
console-do-raise = Raise an alert
console-do-open = Open an incident
console-do-give = Give a task
console-do-maintain = Set maintenance
console-do-hand-over = Hand over
console-do-plan = Plan a shift
console-do-link = Link alerts
console-do-split = Split alerts off
console-do-merge = Merge into another
console-do-drop-shift = Remove shift
console-do-contact = Note a number
console-do-drop-contact = Remove number
console-do-looked = Seen it all

# Questions
console-field-note = Note
console-field-until = Shelve until
console-field-reason = Reason
console-field-owner = Agency
console-field-due = Due
console-field-told = Told by
console-field-teller = Who called, number of the bulletin
console-field-severity = Level
console-field-area = Area
console-field-message = What happened
console-field-thing = Thing
console-field-response = What to do
console-field-title = Title
console-field-rule = Rule
console-field-to = To
console-field-name = Name
console-field-phone = Telephone
console-field-duty = Duty
console-field-username = Account
console-field-alerts = Alerts
console-field-into = Merge into incident
console-field-from = From
console-field-people = On duty (telephone list)
console-field-email = E-mail
console-field-agency = Agency
console-optional = (may stay empty)
console-missing = Missing or not right: { $field }.
console-reason-true = true
console-reason-false = false alarm
console-reason-duplicate = duplicate
console-reason-test = test
console-told-call = Call
console-told-bulletin = Official bulletin
console-told-seen = Seen ourselves
console-whole-province = The whole province
console-now = now
console-for-hours = for { $n } hours
console-nothing-offered = There is nothing to choose.
console-shifts-coming = Shifts to come
console-at = at a time
console-at-time = At
console-in-half-hour = in 30 minutes
console-in-hours = in { $n } h
console-in-days = { $n } { $n ->
    [one] working day
   *[other] working days
}

# What came of it
console-done = { $deed }: done ({ $n }).
console-changed = Somebody has changed it; it is now: { $state }.
console-anyway = { $deed } all the same
console-too-late = { $n } changed by somebody else meanwhile, nothing was written over; { $done } done. Look again, then decide.
console-not-now = { $deed }: not possible in this state.
console-not-yours = The role { $role } may not: { $deed }. Those who may: { $roles }.
console-refused = Not allowed: { $why }
console-not-this-role = For shift supervisors and leaders.
console-barred-refused = For leaders and developers.
console-looked = Noted: you have looked up to now.
console-role-display = display
console-role-operator = operator
console-role-supervisor = supervisor
console-role-leader = leader
console-role-handler = handler
console-role-developer = developer
console-role-admin = administrator

# The list of alerts
console-filters = Filter alerts
console-filters-clear = Clear filters
console-bar = What to do with the alerts chosen
console-stand-waiting = Waiting
console-stand-acknowledged = Acknowledged
console-stand-shelved = Shelved
console-stand-suppressed = Suppressed
console-stand-over = Over
console-areas-all = All areas
console-areas-chosen = { $n } { $n ->
    [one] area
   *[other] areas
}
console-chosen = { $n } of { $of } chosen
console-listed = { $n } { $n ->
    [one] alert
   *[other] alerts
}
console-none-fits = No alert fits the filter
console-choose = Choose
console-in-incident = incident
console-until = until { $time }
console-detail = Detail
console-its-incident = The incident it belongs to
console-rule = Rule
console-shelved-until = Shelved until
console-reason = Reason
console-by-hand = Raised by a person, by no rule
console-task = Task
console-task-gone = There is no such task, or it is not yours to see.
console-giver = Given by

# Duty
console-duty = On duty
console-duty-none = No shift is planned for now.
console-numbers = Telephone numbers
console-handover = Last handover
console-handover-taken = taken over
console-handover-waits = waits to be taken over
console-open-alerts = open alerts
console-open-incidents = incidents
console-open-tasks = tasks
console-open-late = late
console-held = Shelved and out of service
console-held-none = Nothing is shelved or out of service.
console-held-count = { $shelved } shelved · { $windows } in maintenance
console-shelved = Shelved
console-suppressed = { $n } suppressed, because what they depend on is gone.
console-window = In maintenance
console-window-planned = Maintenance planned

# The alert system
console-since = since { $time }
console-target = at most { $value }
console-figure-rate-mean = Mean in 10 minutes
console-figure-rate-most = Most in 10 minutes
console-figure-flood = Time in flood
console-figure-stale = Standing for over a day
console-figure-chattering = Chattering
console-figure-top-ten = Share of the ten most frequent
console-figure-answer = From shown to acknowledged (median)
console-split = Split by priority (mark: target)
console-priority-low = low (level 1–2)
console-priority-medium = medium (level 3)
console-priority-high = high (level 4–5)
console-top-ten = Most frequent
console-chatters = chattering
console-stale = Standing
console-stale-none = None
console-fate-failed = failed
console-fate-waiting = waiting
console-fate-sent = sent
console-fate-recorded = only recorded
console-fate-answered = no longer needed
console-notices-none = No message yet.
console-tries = { $n } tries
console-newest = newest { $n }
console-refused-none = No input was refused
console-refused-json = bad JSON
console-refused-utf8 = bad encoding
console-refused-shape = bad shape
console-refused-time = bad time
console-refused-identity = id taken
console-refused-unit = wrong unit
console-refused-conflict = conflict
console-refused-size = too large
console-refused-clock = wrong clock
console-refused-topic = wrong topic

# The leaders' review
console-review = What happened
console-since-label = Since
console-last-look = I last looked
console-last-hours = the last { $n } h
console-people = people live where something of level 3 or more is open: { $areas }
console-people-none = Nothing of level 3 or more is open anywhere.
console-who-has = Who has it
console-late-n = { $n } late
console-cases-n = { $n ->
    [one] { $n } case
   *[other] { $n } cases
}
console-what-happened = Alerts

# The console's keys
console-keys = Console
console-keys-alert = On an alert
console-keys-incident = On an incident
console-keys-task = On a task
console-keys-new = New
console-key-rows = move between alerts
console-key-choose = choose or leave out
console-key-choose-all = choose all
console-key-open = open the detail
console-key-incident = open the alert's incident
console-key-filter = to the filters
