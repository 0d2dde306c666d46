"""What an installation says about itself through its environment; read once, checked at once."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ioc.core.settings_error import SettingsError
from ioc.core.words import SLUG
from ioc.mqtt.link import Address
from ioc.store.retention import MINUTE, periods


class SettingError(Exception):
    """The environment says something the centre cannot work with."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Settings by environment; docs/settings.md lists them.

    Attributes:
        database_url: ``IOC_DATABASE_URL``.
        mqtt_url: ``IOC_MQTT_URL``, ``mqtt://user:password@host:port``.
        site: ``IOC_SITE``, the id of a shipped site, or a folder that holds one.
        retention_days: ``IOC_RETENTION_DAYS``, after which observations go.
        retention: ``IOC_RETENTION``, TOML: after how many days everything else that is settled
            goes, by kind; what it does not say is as shipped (`ioc.store.retention`).
        channels: ``IOC_CHANNELS``, TOML: the address of each channel by its name, as apprise
            writes them. They hold passwords, so they are never in a site's files.
    """

    database_url: str | None = field(repr=False)
    mqtt_url: str | None = field(repr=False)
    site: str
    retention_days: int
    retention: Mapping[str, int]
    channels: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Environment":
        """Read and check.

        Raises:
            SettingError: a variable is wrong; says which, and what would be right.
        """
        days = environ.get("IOC_RETENTION_DAYS", "400")
        if not days.isdecimal() or int(days) < 8:
            raise SettingError(f"IOC_RETENTION_DAYS={days!r} must be 8 days or more")
        site = environ.get("IOC_SITE", "dien-bien")
        if not SLUG.fullmatch(site) and not Path(site).is_dir():
            raise SettingError(f"IOC_SITE={site!r} is neither a site's id nor its folder")
        mqtt_url = _secret(environ, "IOC_MQTT_URL")
        if mqtt_url is not None:
            try:
                Address.parse(mqtt_url)
            except ValueError as error:
                raise SettingError(f"IOC_MQTT_URL: {error}") from None
        database_url = _secret(environ, "IOC_DATABASE_URL")
        if database_url is not None and not database_url.startswith(
            ("postgresql://", "postgres://")
        ):
            raise SettingError("IOC_DATABASE_URL reads postgresql://user:password@host/database")
        retention = _retention(_secret(environ, "IOC_RETENTION") or "", int(days))
        channels = _channels(_secret(environ, "IOC_CHANNELS") or "")
        return cls(database_url, mqtt_url, site, int(days), retention, channels)

    def database(self) -> str:
        """Give the database's address.

        Raises:
            SettingError: it is not set.
        """
        if self.database_url is None:
            raise SettingError(
                "IOC_DATABASE_URL is not set; it reads postgresql://user:password@host/database"
            )
        return self.database_url

    def broker(self) -> Address:
        """Give the broker's address.

        Raises:
            SettingError: it is not set.
        """
        if self.mqtt_url is None:
            raise SettingError("IOC_MQTT_URL is not set; it reads mqtt://user:password@host:port")
        return Address.parse(self.mqtt_url)


def of_centre(environ: Mapping[str, str], data: Path | None) -> Environment:
    """Read the environment, or the running demo of a data folder.

    Raises:
        SettingError: the folder holds no demo, or the environment is wrong.
    """
    found = Environment.read(environ)
    if data is None:
        return found
    description = data / "demo.json"
    try:
        told = json.loads(description.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingError(f"{data} holds no demo.json: is `ioc demo` running there?") from None
    mqtt = told["mqtt"]
    return Environment(
        told["database_url"],
        f"mqtt://{mqtt['username']}:{mqtt['password']}@{mqtt['host']}:{mqtt['port']}",
        told["site"],
        found.retention_days,
        found.retention,
        found.channels,
    )


def _retention(text: str, observed: int) -> Mapping[str, int]:
    """Read how many days each kind stays; minutes stay as long as the observations."""
    try:
        return {**periods(tomllib.loads(text)), MINUTE: observed}
    except (tomllib.TOMLDecodeError, SettingsError) as error:
        raise SettingError(f"IOC_RETENTION: {error}") from None


def _channels(text: str) -> Mapping[str, str]:
    """Read the addresses of channels; what is wrong is said without repeating a secret."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingError(f"IOC_CHANNELS is no valid TOML: {error}") from None
    for name, address in told.items():
        if not SLUG.fullmatch(name) or not isinstance(address, str) or "://" not in address:
            raise SettingError(f'IOC_CHANNELS: {name} must read {name} = "scheme://…"')
    return told


def _secret(environ: Mapping[str, str], name: str) -> str | None:
    """Read a variable, or the file that ``NAME_FILE`` names (as container secrets come)."""
    path = environ.get(f"{name}_FILE")
    if path is None:
        return environ.get(name)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(f"{name}_FILE={path!r}: {error.strerror}") from None
