# What the simulators of administration tell of.
datastream-processing = Dossiers in process
datastream-in-time = Dossiers in process and in time
datastream-due-soon = Dossiers due within 24 hours
datastream-filed = Dossiers filed
datastream-refused = Dossiers refused
datastream-supplements = Supplements asked for
datastream-early = Dossiers finished early
datastream-lead-time = Mean working days to finish, of a week
unit-d = d
datastream-postal = Dossiers filed by public post
datastream-full-online-eligible = Dossiers eligible for full online service
datastream-full-online = Dossiers filed fully online
datastream-with-fee = Dossiers with a fee
datastream-paid-online = Dossiers paid online
datastream-results-electronic = Results issued electronically
datastream-digitised = Dossiers with papers digitised
datastream-reused = Dossiers reusing digitised data
datastream-storage-synced = Results synced to personal storage
datastream-citizen-linked = Dossiers linked to citizen data
datastream-synced = Dossiers synced with national portal
datastream-rated = Dossiers rated
datastream-satisfied = Dossiers rated satisfactory
datastream-trips-saved = Travel saved (an estimate)
unit-km = km
record-dossier = Dossier

# States of a dossier, by the national codes.
state-dossier-registered = Registered
state-dossier-accepted = Accepted
state-dossier-refused = Refused
state-dossier-in-process = In process
state-dossier-supplement-asked = Supplement asked for
state-dossier-payment-due = Payment due
state-dossier-withdrawn = Withdrawn
state-dossier-stopped = Stopped
state-dossier-finished = Finished
state-dossier-returned = Result returned
