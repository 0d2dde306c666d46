"""The audit trail in the database: grows in the order of commits, and only grows."""

import threading
from contextlib import closing, suppress

import psycopg2
import pytest

from ioc.core.alerts import Step, take_step
from ioc.core.audit import Anchor, Verifier
from ioc.core.history import Entry
from ioc.core.words import MINUTE
from ioc.store.accounts import Accounts
from ioc.store.connection import connect
from ioc.store.ledger import Ledger
from ioc.store.pool import Pool
from ioc.store.trail import head, read_trail
from tests.store.conftest import START
from tests.store.conftest import alert as an_alert


@pytest.fixture
def url(migrated_url: str) -> str:
    return migrated_url


def trail(url: str):
    with closing(connect(url, name="test")) as connection:
        return list(read_trail(connection))


def problems(url: str, *anchors: Anchor) -> list[str]:
    verifier = Verifier(anchors)
    return [said for row in trail(url) for said in verifier.read(row)] + list(verifier.end())


def forge(url: str, statement: str) -> None:
    """Do to the trail what only the owner of the database can."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("alter table audit disable trigger user")
        cursor.execute(statement)
        cursor.execute("alter table audit enable trigger user")


def fill(url: str, count: int = 6) -> Anchor:
    ledger = Ledger(url, "test")
    for number in range(count):
        with ledger.transaction() as tx:
            tx.audit("lan", "test.step", str(number), {"vi": "bước"})
    ledger.close()
    with closing(connect(url, name="test")) as connection:
        return head(connection)


def test_every_step_of_an_alert_is_in_the_trail_once_whoever_keeps_it(url):
    ledger = Ledger(url, "test")
    with ledger.transaction() as tx:
        (alert,) = tx.save_alerts([an_alert(1, steps=(Entry(START, "centre", Step.RAISE),))], START)
    raised = len(alert.steps)
    with ledger.transaction() as tx:
        alert = take_step(alert, Step.ACKNOWLEDGE, by="lan", at=START, note="đã gọi")
        alert = take_step(alert, Step.SHELVE, by="lan", at=START, until=START + MINUTE)
        tx.save_alerts([alert], START)
    ledger.close()
    told = [(row.entry.who, row.entry.action) for row in trail(url)][raised:]
    assert told == [("lan", "alert.acknowledge"), ("lan", "alert.shelve")]
    assert problems(url) == []


def test_a_step_that_was_rolled_back_is_not_in_the_trail(url):
    ledger = Ledger(url, "test")
    with suppress(ZeroDivisionError), ledger.transaction() as tx:
        tx.audit("lan", "test.step", "1", {})
        assert 1 // 0
    ledger.close()
    assert trail(url) == []


def test_logins_and_accounts_are_in_the_trail_and_no_secret_is(url):
    pool = Pool(lambda: connect(url, name="test"))
    accounts = Accounts(pool)
    accounts.add("lan", "operator", "nậm rốm đêm mưa")
    token = accounts.open("lan", "operator", START, "127.0.0.1")
    accounts.refuse("nobody\x00", "127.0.0.1")
    accounts.close(token, START, "lan")
    display = accounts.mint_display()
    accounts.revoke_displays(START)
    accounts.remove("lan")
    pool.close()
    rows = trail(url)
    assert [row.entry.action for row in rows] == [
        "account.save",
        "login",
        "login.refused",
        "logout",
        "token.save",
        "token.revoke",
        "account.remove",
    ]
    told = str(rows)
    assert token not in told
    assert display not in told
    assert "nậm rốm" not in told
    assert problems(url) == []


@pytest.mark.parametrize(
    "statement",
    ["update audit set who = 'minh'", "delete from audit where seq = 2", "truncate audit"],
)
def test_the_table_itself_refuses_to_change(url, statement):
    fill(url)
    with (
        closing(psycopg2.connect(url)) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.RaiseException),
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update audit set who = 'minh' where seq = 3", "row 3 was changed"),
        ("update audit set detail = '{}' where seq = 3", "row 3 was changed"),
        ("update audit set at = at + interval '1 microsecond' where seq = 3", "row 3 was changed"),
        ("delete from audit where seq = 3", "rows 3 to 3 are missing"),
        ("delete from audit where seq = 1", "rows 1 to 1 are missing"),
        ("delete from audit where seq > 4", "row 6 was anchored and is missing"),
        ("delete from audit", "row 6 was anchored and is missing"),
    ],
)
def test_what_the_owner_of_the_database_did_to_it_is_found(url, statement, said):
    anchor = fill(url)
    assert problems(url, anchor) == []
    forge(url, statement)
    found = problems(url, anchor)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_many_writers_at_once_make_one_chain_without_a_gap(url):
    def write(number: int) -> None:
        ledger = Ledger(url, f"test {number}")
        for step in range(25):
            with ledger.transaction() as tx:
                tx.audit(f"writer-{number}", "test.step", str(step), {})
        ledger.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    rows = trail(url)
    assert [row.seq for row in rows] == list(range(1, 101))
    assert problems(url) == []
