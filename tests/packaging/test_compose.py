"""docker-compose.yml, checked without a container engine: its form, its care, and its words.

The form is that of the Compose Specification (its schema lies in ``schema/``, with its notice).
"""

import itertools
import json
import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.packaging.program import options_of, settings_of_the_program, verbs

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = Path(__file__).parent / "schema" / "compose-spec.json"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "docker/Dockerfile").read_text()

every_service = pytest.mark.parametrize("name", sorted(SERVICES))
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
FOLDERS_THE_IMAGES_OWN = {
    "database": "/var/lib/postgresql/data",
    "broker": "/mosquitto/data",
    "simulate": "/var/lib/ioc",
}


def test_it_is_a_compose_file() -> None:
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text())).validate(COMPOSE)


def test_the_schema_would_notice() -> None:
    broken = COMPOSE | {"services": {"serve": {"imge": "ioc:0.1.0"}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(json.loads(SCHEMA.read_text())).validate(broken)


def test_it_runs_every_duty_of_the_centre_on_the_engines_of_a_province() -> None:
    duties = {service["command"][0] for service in map(SERVICES.__getitem__, OURS)}
    assert duties == {"db", "ingest", "serve", "simulate"}
    assert SERVICES["database"]["image"].startswith("timescale/timescaledb:")
    assert SERVICES["broker"]["image"].startswith("eclipse-mosquitto:")


@every_service
def test_images_are_named_by_an_exact_version(name: str) -> None:
    assert re.fullmatch(r"[a-z/-]+:\d+\.\d+\.\d+(-[a-z0-9]+)?", SERVICES[name]["image"])


def test_the_images_we_build_on_are_named_by_an_exact_version() -> None:
    images = re.findall(r"^(?:FROM (?!\$)|ARG PYTHON=)(\S+)", DOCKERFILE, re.MULTILINE)
    assert images
    for image in images:
        assert re.fullmatch(r"[a-z/-]+:\d+\.\d+\.\d+(-[a-z0-9]+)*", image)


def test_our_image_has_the_version_of_the_program() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert {SERVICES[name]["image"] for name in OURS} == {f"ioc:{version[1]}"}


@every_service
def test_nothing_runs_as_root_or_can_become_more_than_it_is(name: str) -> None:
    service = SERVICES[name]
    assert int(service["user"].split(":")[0]) > 0
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "cap_add" not in service


@every_service
def test_nothing_can_be_written_but_named_volumes_and_memory(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    for volume in service.get("volumes", []):
        source, target, *mode = volume.split(":")
        if source in COMPOSE["volumes"]:
            assert target == FOLDERS_THE_IMAGES_OWN[name]
        else:
            assert mode == ["ro"]
            assert (ROOT / source).is_file()


@every_service
def test_it_is_reachable_from_this_machine_only(name: str) -> None:
    service = SERVICES[name]
    for port in service.get("ports", []):
        assert port.startswith("127.0.0.1:")
    assert "network_mode" not in service
    if "outside" not in service["networks"]:
        assert "ports" not in service


def test_the_database_is_not_reachable_from_outside_at_all() -> None:
    assert SERVICES["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


@every_service
def test_it_comes_back_when_it_falls_and_its_health_is_asked(name: str) -> None:
    service = SERVICES[name]
    if name == "migrate":  # it runs once, and the others wait for its success
        assert service["restart"] == "no"
        return
    assert service["restart"] == "unless-stopped"
    if name != "simulate":  # it keeps nothing and nobody waits for it
        assert service["healthcheck"]["test"][0] == "CMD"


def test_everything_waits_for_what_it_stands_on() -> None:
    for name, service in SERVICES.items():
        for other, wait in service.get("depends_on", {}).items():
            wanted = wait["condition"]
            if wanted == "service_healthy":
                assert "healthcheck" in SERVICES[other], (name, other)
            else:
                assert (wanted, other) == ("service_completed_successfully", "migrate")
    for name in ("ingest", "serve"):
        assert "migrate" in SERVICES[name]["depends_on"]


def test_logs_cannot_fill_the_disk() -> None:
    for service in SERVICES.values():
        assert {"max-size", "max-file"} <= set(service["logging"]["options"])


def test_secrets_come_from_files_that_exist_nowhere_in_git() -> None:
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    ignored = subprocess.run(
        ["git", "check-ignore", "docker/secrets/database_password"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if ignored.returncode != 128:  # 128: not a git checkout, but an sdist or a copy
        assert ignored.returncode == 0, "docker/secrets/ is not in .gitignore"
    for declared in COMPOSE["secrets"].values():
        assert declared["file"].startswith("./docker/secrets/")


def test_each_process_is_given_only_the_secrets_of_its_duty() -> None:
    given = {name: set(service.get("secrets", [])) for name, service in SERVICES.items()}
    assert given["simulate"] == {"mqtt_simulate_url"}
    assert given["migrate"] == {"database_url"}
    assert given["database"] == {"database_password"}
    assert given["serve"] == {"database_url", "mqtt_centre_url"}
    assert given["ingest"] == given["serve"] | {"channels"}, "ingest alone speaks to people"
    for service in SERVICES.values():
        for value in map(str, service.get("environment", {}).values()):
            if value.startswith("/run/secrets/"):
                assert value.removeprefix("/run/secrets/") in service["secrets"]


def test_no_value_in_it_is_a_secret() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|TOKEN|KEY|URL", name):
                assert name.endswith("_FILE")
                assert value.startswith("/run/secrets/")


@pytest.mark.parametrize("name", OURS)
def test_every_verb_and_option_in_it_is_one_of_the_program(name: str) -> None:
    command: list[str] = SERVICES[name]["command"]
    verb = tuple(itertools.takewhile(str.isalpha, command))
    assert verb in verbs()
    for option in (word for word in command if word.startswith("--")):
        assert option in options_of(verb)


def test_every_setting_in_it_is_one_of_the_program() -> None:
    named = {name for service in SERVICES.values() for name in service.get("environment", {})}
    named |= set(re.findall(r"\bIOC_[A-Z_]+\b", (ROOT / "docker-compose.yml").read_text()))
    named |= set(re.findall(r"\bIOC_[A-Z_]+\b", (ROOT / "docker/health.py").read_text()))
    ours = {name for name in named if name.startswith("IOC_")}
    assert {name.removesuffix("_FILE") for name in ours} <= settings_of_the_program()


def test_the_image_starts_a_verb_of_the_program() -> None:
    start = re.search(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    assert start is not None
    verb, *rest = json.loads(start[1])
    assert (verb,) in verbs()
    assert {word for word in rest if word.startswith("--")} <= options_of((verb,))
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)


def test_everything_the_image_copies_is_there() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        *sources, _ = (word for word in line.split() if not word.startswith("--"))
        for source in sources:
            assert (ROOT / source).exists(), source


def test_secrets_are_made_once_differ_and_are_nobody_elses(tmp_path: Path) -> None:
    script = tmp_path / "docker" / "secrets.sh"
    script.parent.mkdir()
    script.write_bytes((ROOT / "docker/secrets.sh").read_bytes())

    def make() -> dict[str, str]:
        subprocess.run(["sh", str(script)], check=True, capture_output=True)
        return {path.name: path.read_text() for path in (script.parent / "secrets").iterdir()}

    first = make()
    assert set(first) == set(COMPOSE["secrets"])
    passwords = [text for name, text in first.items() if name.endswith("_password")]
    assert len(set(passwords)) == len(passwords)
    assert all(re.fullmatch(r"[0-9a-f]{48}", password) for password in passwords)
    assert (
        first["database_url"] == f"postgresql://ioc:{first['database_password']}@database:5432/ioc"
    )
    assert first["mqtt_centre_url"] == f"mqtt://centre:{first['mqtt_centre_password']}@broker:1883"
    assert first["mqtt_simulate_url"] == (
        f"mqtt://simulate:{first['mqtt_simulate_password']}@broker:1883"
    )
    assert make() == first
    assert stat.S_IMODE((script.parent / "secrets").stat().st_mode) == 0o700
