"""`ioc audit`: proves that nobody changed the trail, and gives anchors that prove its length."""

import json
from contextlib import closing
from pathlib import Path

import typer

from ioc.core.audit import Anchor, Verifier
from ioc.store.connection import connect
from ioc.store.trail import head, read_trail
from ioc.verbs.settings import Environment, SettingError


def verify(environment: Environment, anchors: Path | None, *, as_json: bool) -> int:
    """Read the whole trail; 0 when it holds, 1 with every place where it does not."""
    verifier = Verifier([] if anchors is None else read_anchors(anchors))
    problems: list[str] = []
    with closing(connect(environment.database(), name="audit")) as connection:
        for row in read_trail(connection):
            problems += verifier.read(row)
    problems += verifier.end()
    if as_json:
        found = {"rows": verifier.seq, "hash": verifier.hash.hex(), "problems": problems}
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        for problem in problems:
            typer.echo(problem, err=True)
        typer.echo(f"{verifier.seq} rows, {len(problems)} problems")
    return 1 if problems else 0


def anchor(environment: Environment) -> None:
    """Print the head of the trail as one line of JSON, to be kept elsewhere."""
    with closing(connect(environment.database(), name="audit")) as connection:
        typer.echo(json.dumps(head(connection).to_json()))


def read_anchors(path: Path) -> list[Anchor]:
    """Read anchors, one a line.

    Raises:
        SettingError: there is no such file, or a line is no anchor; says which.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SettingError(f"{path}: {error.strerror}") from None
    anchors: list[Anchor] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            anchors.append(Anchor.from_json(json.loads(line)))
        except (ValueError, AttributeError) as error:
            raise SettingError(f"{path}:{number}: {error}") from None
    if not anchors:
        raise SettingError(f"{path} holds no anchor")
    return anchors
