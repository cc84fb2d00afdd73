"""What kind of machine this is, for those who compare figures; no names of it."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def machine() -> str:
    """One line: date, processor, cores, system, Python."""
    parts = (
        f"{datetime.now(UTC):%Y-%m-%d}",
        _value("/proc/cpuinfo", "model name", ":") or platform.machine(),
        f"{os.cpu_count()} cores",
        _value("/etc/os-release", "PRETTY_NAME", "=").strip('"') or platform.system(),
        f"Python {platform.python_version()}",
    )
    return ", ".join(parts)


def _value(path: str, name: str, sign: str) -> str:
    """What a file of names and values has for this name; empty where it has nothing, or is not there."""
    if not Path(path).exists():
        return ""
    pairs = (line.partition(sign) for line in Path(path).read_text().splitlines())
    return next((value.strip() for key, _, value in pairs if key.strip() == name), "")
