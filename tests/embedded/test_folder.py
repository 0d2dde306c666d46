"""What a data folder promises to its owner and to everybody else."""

import os
import socket
from pathlib import Path

import pytest

from ioc.embedded.folder import DataFolder, DataFolderError, PortTakenError, free_port

LOCAL = "127.0.0.1"


def test_it_is_made_for_its_owner_alone(tmp_path: Path):
    before = tmp_path.stat().st_mode
    folder = DataFolder.take(tmp_path / "a" / "b")
    folder.close()
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert tmp_path.stat().st_mode == before


def test_one_at_a_time_may_use_it(tmp_path: Path):
    first = DataFolder.take(tmp_path / "data")
    with pytest.raises(DataFolderError, match=f"in use by process {os.getpid()}"):
        DataFolder.take(tmp_path / "data")
    first.close()
    DataFolder.take(tmp_path / "data").close()


def test_a_folder_with_other_peoples_files_is_left_as_it_is(tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    (home / "letter").touch()
    with pytest.raises(DataFolderError, match="holds other files"):
        DataFolder.take(home)
    assert home.stat().st_mode & 0o777 == 0o755
    assert [entry.name for entry in home.iterdir()] == ["letter"]


def test_an_empty_folder_is_closed_to_others(tmp_path: Path):
    (tmp_path / "data").mkdir(mode=0o755)
    DataFolder.take(tmp_path / "data").close()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_file_is_no_folder(tmp_path: Path):
    (tmp_path / "data").touch()
    with pytest.raises(DataFolderError, match="not a folder"):
        DataFolder.take(tmp_path / "data")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_another_users_folder_is_refused(tmp_path: Path):
    (tmp_path / "data").mkdir(mode=0o700)
    os.chown(tmp_path / "data", 65534, 65534)
    with pytest.raises(DataFolderError, match="belongs to uid 65534"):
        DataFolder.take(tmp_path / "data")


def test_a_secret_is_made_once_and_kept(tmp_path: Path):
    first = DataFolder.take(tmp_path / "data")
    one, other = first.secret("one"), first.secret("other")
    first.close()
    assert one != other
    assert len(one) >= 32
    second = DataFolder.take(tmp_path / "data")
    assert (second.secret("other"), second.secret("one")) == (other, one)
    second.close()
    assert (tmp_path / "data" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_damaged_secrets_are_never_replaced_by_new_ones(tmp_path: Path):
    DataFolder.take(tmp_path / "data").close()
    (tmp_path / "data" / "secrets.json").write_text("{", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(DataFolderError, match=r"secrets\.json is damaged"):
            DataFolder.take(tmp_path / "data")


def test_a_free_port_is_kept_while_it_stays_free(tmp_path: Path):
    folder = DataFolder.take(tmp_path / "data")
    port = folder.port("mqtt", LOCAL, 0)
    assert folder.port("mqtt", LOCAL, 0) == port
    assert folder.port("database", LOCAL, 0) != port
    with socket.socket() as other:
        other.bind((LOCAL, port))
        other.listen()
        assert folder.port("mqtt", LOCAL, 0) != port
    folder.close()


def test_a_port_in_use_is_refused_by_number(tmp_path: Path):
    folder = DataFolder.take(tmp_path / "data")
    with socket.socket() as other:
        other.bind((LOCAL, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"port {port} of {LOCAL} .mqtt."):
            folder.port("mqtt", LOCAL, port)
    assert folder.port("mqtt", LOCAL, port) == port
    folder.close()


def test_free_ports_are_not_those_of_outgoing_connections():
    text = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii")
    lowest = int(text.split()[0])
    assert all(free_port(LOCAL) < lowest for _ in range(50))
