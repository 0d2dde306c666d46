"""The contract's shapes (design, sections 4 and 5), as OpenAPI describes them.

Answers are written from what is kept, not through these models; the tests hold the two together.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Quality = Literal["good", "suspect", "bad", "stale", "missing"]
Origin = Literal["simulated", "exercise", "replay", "real"]


class Shape(BaseModel):
    """Further fields may be added; none is renamed."""

    model_config = ConfigDict(extra="allow")


class Text(Shape):
    """One phrase in both languages."""

    vi: str
    en: str


class Problem(Shape):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    id: str = Field(description="to ask about; the log knows it")


class Conflict(Problem):
    """A step that came too late or is not allowed."""

    current: dict[str, Any] = Field(description="the alert, incident, task or window as it is")


class User(Shape):
    """Whoever is logged in."""

    username: str
    role: str
    areas: list[str]
    agency: str | None


class Me(User):
    """Whoever is logged in, with what they may do."""

    permissions: list[str]
    duty: list["Shift"] = Field(description="the shifts of now, for those who work here")


class Session(Shape):
    """A login."""

    token: str
    expires_at: str
    user: User


class Clock(Shape):
    """The clock of a site: ``epoch + (now - start) * speed``."""

    epoch: str
    start: str
    speed: float
    paused: bool
    now: str


class Area(Shape):
    """An administrative unit."""

    id: str
    code: str
    name: Text
    level: str
    parent: str | None
    location: list[float]
    geometry: dict[str, Any] | None


class Board(Shape):
    """A page of the wall."""

    id: str
    title: Text
    panels: list[dict[str, Any]]


class SiteRule(Shape):
    """A rule, as far as the wall shows it."""

    id: str
    name: Text
    severity: int
    kind: str
    datastream: str
    source: str | None = None


class Site(Shape):
    """One province."""

    id: str
    name: Text
    origin: Origin
    timezone: str
    clock: Clock
    locales: list[str]
    areas: list[Area]
    boards: list[Board]
    rules: list[SiteRule]
    words: dict[str, str]


class Datastream(Shape):
    """One property of one thing, with its newest value."""

    name: str
    unit: str
    period: float | None
    last: tuple[float, float] | None
    quality: Quality


class Thing(Shape):
    """What is observed."""

    id: str
    area: str
    kind: str
    name: Text
    location: list[float] | None
    origin: Origin
    described: bool
    status: Literal["online", "offline", "silent"]
    via: str | None
    datastreams: list[Datastream]


class Step(Shape):
    """One step of an alert's history."""

    at: str
    by: str
    step: str
    note: str


class Alert(Shape):
    """A standing record that a rule is broken and someone owes an answer."""

    id: str
    version: int
    seq: int
    rule: str
    thing: str
    datastream: str
    area: str
    severity: int = Field(ge=1, le=5)
    condition: Literal["active", "cleared"]
    state: Literal["unacknowledged", "acknowledged", "returned", "normal"]
    shelved_until: str | None
    suppressed_by: str | None
    origin: Origin
    history: bool
    raised_at: str
    detected_at: str
    cleared_at: str | None
    closed_at: str | None
    reason: str | None
    value: float | None
    limit: float | None
    unit: str
    message: Text
    response: Text
    incident: str | None
    maintenance: str | None = Field(description="the window that hides it")
    announced: bool = Field(description="whether people are to hear of it")
    steps: list[Step]


class Root(Shape):
    """Where everything of an incident comes from."""

    alert: str
    thing: str


class Incident(Shape):
    """What people handle."""

    id: str
    version: int
    seq: int
    state: Literal["received", "verified", "assigned", "in-progress", "done", "closed"]
    severity: int = Field(ge=1, le=5)
    area: str
    origin: Origin
    title: Text
    received_at: str
    root: Root
    alerts: list[str]
    owner: str = Field(description="the agency that owes the answer")
    given_at: str | None
    due: str | None
    late: bool
    marks: int = Field(description="of its time: 1 reminded, 2 late, 3 told to the leader")
    returned: int
    reason: Literal["true", "false", "duplicate", "test"] | None
    merged_into: str | None
    record: str | None = Field(description="the citizen's report it was made of")
    reported_at: str | None = Field(description="when the citizen reported")
    limits: dict[str, str] = Field(description="times the law sets for a citizen's report")
    closed_at: str | None
    steps: list[Step]


class Task(Shape):
    """An instruction of a leader."""

    id: str
    version: int
    seq: int
    incident: str | None
    title: str
    owner: str
    area: str
    origin: Origin
    given_at: str
    due: str
    state: Literal["assigned", "accepted", "done", "returned", "closed"]
    late: bool
    marks: int
    closed_at: str | None
    steps: list[Step]


class Window(Shape):
    """What is out of service for a time (``from``, ``to``)."""

    id: str
    version: int
    area: str | None
    thing: str | None
    rule: str | None
    to: str
    by: str
    note: str
    cancelled: bool


class Shift(Shape):
    """Who is on duty for an area (``from``, ``to``)."""

    id: str
    area: str
    to: str
    people: list[dict[str, str]]
    note: str


class Handover(Shape):
    """What whoever goes (``from``) tells whoever comes (``to``)."""

    id: str
    version: int
    area: str
    to: str
    at: str
    note: str
    open: dict[str, int]
    confirmed_at: str | None


class Contact(Shape):
    """Somebody to call."""

    id: str
    area: str
    name: str
    phone: str
    duty: str
    username: str
    agency: str
    email: str


class Duty(Shape):
    """Who is on duty now."""

    now: str
    shifts: list[Shift]
    handover: Handover | None


class Shifts(Shape):
    """Shifts, the first to begin first."""

    items: list[Shift]
    next: str | None


class Handovers(Shape):
    """Handovers, the newest first."""

    items: list[Handover]
    next: str | None


class Users(Shape):
    """Accounts, by name."""

    items: list[User]
    next: str | None


class Token(Shape):
    """A display's token, shown this once."""

    label: str
    token: str
    path: str = Field(description="the wall's address with it")


class Display(Shape):
    """A display that may show the wall."""

    id: str
    label: str
    created_at: str | None


class Tokens(Shape):
    """The displays that may show the wall."""

    items: list[Display]
    next: str | None


class Outcome(Shape):
    """What became of one of many alerts."""

    id: str
    outcome: Literal["taken", "stale", "refused", "unknown"]
    alert: Alert | None


class Outcomes(Shape):
    """What became of many alerts, in the order asked."""

    items: list[Outcome]


class Indicator(Shape):
    """A computed number somebody is answerable for."""

    id: str
    area: str
    name: Text
    value: float | None
    unit: str
    target: float | None
    direction: Literal["up", "down"]
    standing: Literal["on-target", "at-risk", "off-target", "unknown"]
    previous: float | None
    period: list[str]
    coverage: float
    oldest_input: str | None
    owner: str
    source: str | None
    origin: Origin


class IndicatorHistory(Indicator):
    """An indicator with its past."""

    trend: list[tuple[float, float | None, float]] = Field(
        description="seconds since 1970, value, coverage; oldest first"
    )


class Input(Shape):
    """One datastream of an indicator."""

    thing: str
    datastream: str
    part: str = Field(description="of, over, or the name it is bound to")
    newest: str | None
    value: float | None
    count: int
    total: float
    contribution: float | None = Field(description="share of its part, 0 to 1")


class Lineage(Shape):
    """What an indicator is made of."""

    id: str
    area: str
    formula: str
    method: str
    window: str
    period: list[str]
    value: float | None
    inputs: list[Input]


class Quality4(Shape):
    """Data quality of a group of datastreams over 24 hours; null where nothing tells."""

    score: float | None = Field(description="mean of the four, of 100")
    right: float | None = Field(description="of what came, neither doubtful nor bad")
    complete: float | None = Field(description="of what the periods promise, come")
    clean: float | None = Field(description="of what came, not refused")
    live: float | None = Field(description="of the datastreams, heard within three periods")
    datastreams: int


class Qualities(Shape):
    """A page of data qualities."""

    items: list[Quality4]
    next: str | None


class Record(Shape):
    """One piece of business, as it stands."""

    id: str
    type: str
    at: str
    state: str
    area: str


class Refused(Shape):
    """Input that was refused."""

    id: str
    at: str
    topic: str
    reason: str
    bytes: int
    head: str


class Row(Shape):
    """A row of the mission's table."""

    id: int
    title: Text
    source: str
    site: str
    things: list[str]
    datastreams: list[str]
    indicators: list[str]
    rules: list[str]
    board: str
    panel: str
    live: bool


class Review(Shape):
    """What happened since a leader last looked, and what is open."""

    since: str
    until: str
    raised: list[Alert]
    cleared: list[Alert]
    assigned: list[dict[str, Any]] = Field(description="incidents and tasks, each with its kind")
    late: list[dict[str, Any]]
    open: list[Alert]
    owed: list[dict[str, Any]] = Field(description="incidents and tasks that are open")
    owners: dict[str, int] = Field(description="how many of what is owed each agency has")
    areas: list["AreaConcerned"]
    people: int = Field(description="inhabitants of the areas concerned, where known")
    looked_at: str | None = Field(description="when you last said that you had looked")
    counts: dict[str, int]


class AreaConcerned(Shape):
    """An area with something grave open; a population without a source is illustrative."""

    id: str
    population: int | None
    population_source: str | None


class Looked(Shape):
    """When somebody looked."""

    looked_at: str


class Check(Shape):
    """One dependency."""

    ok: bool
    detail: str


class Ready(Shape):
    """Every dependency."""

    status: Literal["ready", "not ready"]
    checks: dict[str, Check]


class Version(Shape):
    """Which program this is."""

    name: str
    version: str
    build: str


class Alive(Shape):
    """The process answers."""

    status: Literal["ok"]


class Things(Shape):
    """A page of things."""

    items: list[Thing]
    next: str | None


class Observations(Shape):
    """A page of observations, oldest first; or, with ``points``, ``[t, min, mean, max, n]``."""

    items: list[
        tuple[float, float, Literal["good", "suspect", "bad"]]
        | tuple[float, float, float, float, int]
    ]
    next: str | None


class Alerts(Shape):
    """A page of alerts, newest first."""

    items: list[Alert]
    next: str | None


class Incidents(Shape):
    """A page of incidents, newest first."""

    items: list[Incident]
    next: str | None


class Tasks(Shape):
    """A page of tasks, newest first."""

    items: list[Task]
    next: str | None


class Windows(Shape):
    """A page of maintenance windows, the last to begin first."""

    items: list[Window]
    next: str | None


class Indicators(Shape):
    """A page of indicators."""

    items: list[Indicator]
    next: str | None


class Records(Shape):
    """A page of records, newest first."""

    items: list[Record]
    next: str | None


class RecordCount(Shape):
    """How many records of a type stand in a state."""

    type: str
    state: str
    count: int


class RecordCounts(Shape):
    """The records by type and state."""

    items: list[RecordCount]
    next: None


class RefusedInput(Shape):
    """A page of refused input, newest first."""

    items: list[Refused]
    next: str | None


class Audited(Shape):
    """One step of somebody, as the audit trail has it; ``at`` is real time."""

    seq: int
    at: str
    who: str
    action: str
    subject: str
    detail: dict[str, Any]
    hash: str


class AuditTrail(Shape):
    """Who did what, newest first."""

    items: list[Audited]
    next: str | None


class AlarmPerformance(Shape):
    """How the alert system does, after ISA-18.2; ``whole`` is false where too much was asked."""

    operators: int
    raises: int
    per_10_min: dict[str, float]
    flood: dict[str, float]
    stale: list[dict[str, Any]]
    chattering: list[dict[str, Any]]
    top_ten: dict[str, Any]
    priorities: dict[str, dict[str, float]]
    acknowledge_s: dict[str, float | None]
    targets: dict[str, float]
    whole: bool


class Notification(Shape):
    """A message to people; all its times are real times."""

    id: str
    incident: str | None
    task: str | None
    mark: str = Field(description="what it tells of: remind, late, escalate; or empty")
    term: str = Field(description="the limit of the law it is a mark of, or empty")
    route: str
    level: int
    turn: int
    role: str
    to: str
    state: str
    tries: int
    error: str | None
    created_at: str
    due_at: str
    settled_at: str | None
    title: Text | None
    body: Text | None
    alerts: list[str]
    people: list[str] = Field(description="those on duty whom it reached")


class Notifications(Shape):
    """A page of messages, newest first."""

    items: list[Notification]
    next: str | None


class BriefHead(Shape):
    """A brief without what it says."""

    id: str
    kind: str
    name: dict[str, str]
    area: str
    period: list[str]
    made_at: str
    by: str
    origin: list[str]


class BriefHeads(Shape):
    """A page of briefs, newest first."""

    items: list[BriefHead]
    next: str | None


class Brief(BriefHead):
    """A brief, whole."""

    before: list[str]
    alerts: dict[str, Any]
    incidents: dict[str, Any]
    tasks: dict[str, Any]
    sections: list[dict[str, Any]]
    shifts: list[dict[str, Any]]
    handovers: list[dict[str, Any]]


class Rows(Shape):
    """The mission's table."""

    items: list[Row]
    next: str | None


class Anything(Shape):
    """A page of something."""

    items: list[dict[str, Any]]
    next: str | None


class Hello(Shape):
    """Stream: the first frame."""

    kind: Literal["hello"]
    seq: int
    now: str
    site: str
    build: str


class SnapshotData(Shape):
    """Stream: what a fresh wall needs."""

    now: str
    clock: Clock
    alerts: list[Alert]
    indicators: list[Indicator]
    things: list[Thing]
    incidents: list[Incident]
    tasks: list[Task]
    values: dict[str, tuple[float, float, Literal["good", "suspect", "bad"]]]


class Exactness(Shape):
    """How far an earlier instant can be told."""

    exact: bool = Field(
        description="false where the event log does not reach: alerts are then read off their steps"
    )


class PastSnapshot(Shape):
    """How everything stood at an earlier instant."""

    at: str
    data: SnapshotData
    past: Exactness


class Snapshot(Shape):
    """Stream: how everything subscribed stands at event ``seq``."""

    kind: Literal["snapshot"]
    seq: int
    data: SnapshotData


class EventFrame(Shape):
    """Stream: one durable event."""

    kind: Literal["alert", "indicator", "incident", "task", "thing", "record", "drill"]
    seq: int
    at: str
    data: dict[str, Any]


class Values(Shape):
    """Stream: newest values."""

    kind: Literal["values"]
    at: str
    data: dict[str, tuple[float, float, Literal["good", "suspect", "bad"]]]


class Tick(Shape):
    """Stream: every two seconds; all events up to ``seq`` were sent."""

    kind: Literal["tick"]
    now: str
    seq: int
    lag: float


class Fault(Shape):
    """Stream: something in the client's last frame was wrong; the stream goes on."""

    kind: Literal["error"]
    detail: str


FRAMES = (Hello, Snapshot, EventFrame, Values, Tick, Fault)
"""Everything the server says on the stream."""
