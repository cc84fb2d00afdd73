"""Load by `wrk`: one thread, 32 connections, targets in turn from a file. What it says of a round is parsed here."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 32
WAITING_SECONDS = 30
SCRIPT = """
local requests, at = {}, 0
function init(args)
  for target in io.lines(args[1]) do requests[#requests + 1] = wrk.format("GET", target) end
  at = tonumber(args[2])
end
function request()
  at = at + 1
  return requests[at % #requests + 1]
end
function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  if failed > 0 then
    io.write(string.format('\\nfailed: connect %d, read %d, write %d, status %d, timeout %d\\n',
      errors.connect, errors.read, errors.write, errors.status, errors.timeout))
  end
  io.write(string.format('\\n{"requests": %d, "microseconds": %d, "failed": %d}\\n',
    summary.requests, summary.duration, failed))
end
"""


@dataclass(frozen=True, slots=True)
class Round:
    """What was asked in one round."""

    requests: int
    microseconds: int
    failed: int

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return 1e6 * self.requests / self.microseconds


class Wrk:
    """Asks one server after another for the same targets; `headers` as `Name: value`."""

    def __init__(self, folder: Path, targets: Sequence[str], *, headers: Sequence[str] = (), core: int | None) -> None:
        self._script, self._targets = folder / "load.lua", folder / "targets.txt"
        self._script.write_text(SCRIPT)
        self._targets.write_text("".join(f"{target}\n" for target in targets))
        self._headers = [part for header in headers for part in ("-H", header)]
        self._pinned = [] if core is None else ["taskset", "-c", str(core)]
        self._asked: dict[str, int] = {}

    def ask(self, url: str, *, seconds: int) -> Round:
        """One round; it goes on in the targets where the last one of this server ended."""
        begin = self._asked.get(url, 0)
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(self._script)]
        command = [*self._pinned, "wrk", *options, *self._headers, url, "--", str(self._targets), str(begin)]
        limit = seconds + WAITING_SECONDS
        out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=limit).stdout
        asked = parse(out)
        self._asked[url] = begin + asked.requests
        return asked


def parse(out: str) -> Round:
    """The round that this output of wrk tells of. Raises ValueError where none is told or anything failed."""
    told = [line for line in out.splitlines() if line.startswith("{")]
    if not told:
        raise ValueError(f"wrk told nothing:\n{out}")
    measured = Round(**json.loads(told[-1]))
    if measured.failed:
        raise ValueError(f"{measured.failed} of {measured.requests} requests failed:\n{out}")
    return measured
