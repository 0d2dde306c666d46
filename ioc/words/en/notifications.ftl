## Messages to people on duty: the first word says when it is not real data.

notification-title = { $origin ->
        [simulated] [SIMULATED]{" "}
        [exercise] [EXERCISE]{" "}
        [replay] [REPLAY]{" "}
       *[real] {""}
    }{ $severity }: { $message }
notification-head = { $origin ->
        [simulated] [SIMULATED] This is a simulation, not a real event.{" "}
        [exercise] [EXERCISE] This is an exercise, not a real event.{" "}
        [replay] [REPLAY] This is a recording played again, nothing that happens now.{" "}
       *[real] {""}
    }{ $turn ->
        [0] Alerts not acknowledged: { $count }
       *[other] Reminder { $turn }, alerts still not acknowledged: { $count }
    }
notification-line = - { $at } { $message }
notification-tail = { $more ->
        [0] {""}
       *[other] … and { $more } more alerts.{" "}
    }What to do: { $response } (incident { $incident })
notification-mark-title = { $origin ->
        [simulated] [SIMULATED]{" "}
        [exercise] [EXERCISE]{" "}
        [replay] [REPLAY]{" "}
       *[real] {""}
    }{ $mark ->
        [remind] Due soon
        [late] Overdue
       *[escalate] Overdue, told to the leader
    }: { $title }
notification-mark-body = { $origin ->
        [simulated] [SIMULATED] This is a simulation, not a real event.{" "}
        [exercise] [EXERCISE] This is an exercise, not a real event.{" "}
        [replay] [REPLAY] This is a recording played again, nothing that happens now.{" "}
       *[real] {""}
    }{ $mark ->
        [remind] Half of the time has passed
        [late] The time is over
       *[escalate] Half as much time again has passed, and it is not done
    } ({ $term ->
        [refuse] the legal limit for refusing a report
        [supplement] the legal limit for asking to supplement a report
       *[given] due
    }: { $due }). { $case ->
        [task] Task
       *[incident] Incident
    }: { $title }. Owed by: { $owner } ({ $id })
