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
