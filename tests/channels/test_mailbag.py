"""A channel takes a message over a real connection, or it is said that it did not."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ioc.centre.ports import UndeliverableError
from ioc.channels import Mailbag
from ioc.core.duty import Person
from ioc.core.telling import Letter
from ioc.core.words import Text

LETTER = Letter(Text("[MÔ PHỎNG] Lũ", "[SIMULATED] Flood"), Text("Gọi xã", "Call the commune"))


class Hook(HTTPServer):
    """A webhook that remembers, and refuses when told to."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taker)
        self.taken: list[dict[str, str]] = []


class _Taker(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.taken.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_webhook_gets_the_message_vietnamese_first(hook: Hook) -> None:
    mailbag = Mailbag({"hook": f"json://127.0.0.1:{hook.server_port}/"})
    assert mailbag.knows("hook")
    assert not mailbag.knows("sms")
    mailbag.deliver("hook", LETTER)
    (taken,) = hook.taken
    assert taken["title"] == "[MÔ PHỎNG] Lũ"
    assert taken["message"] == "Gọi xã\n\nCall the commune"


def test_what_a_channel_refuses_or_an_address_that_is_none_is_said_without_the_address(hook: Hook):
    hook.status = 503
    port = hook.server_port
    for address in (f"json://user:secret@127.0.0.1:{port}/", "nonsense://secret"):
        with pytest.raises(UndeliverableError) as wrong:
            Mailbag({"hook": address}).deliver("hook", LETTER)
        assert "secret" not in str(wrong.value)


def test_an_address_takes_the_telephone_of_whoever_is_on_duty_or_says_there_is_none(
    hook: Hook,
):
    address = f"json://127.0.0.1:{hook.server_port}/?:to={{phone}}&:by={{email}}"
    mailbag = Mailbag({"duty": address})
    lan = Person("Lan", "+84 (215) 3-000&x=1", email="lan@example.vn")
    mailbag.deliver("duty", LETTER, lan)
    (taken,) = hook.taken
    assert (taken["to"], taken["by"]) == ("+8421530001", "lan@example.vn")
    for person in (None, Person("Hoa", "", email="x@y.vn")):
        with pytest.raises(UndeliverableError, match="phone"):
            mailbag.deliver("duty", LETTER, person)
    assert len(hook.taken) == 1
