"""How much processor time a container allows this process: control groups of Linux, v1 and v2."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path


@cache
def processors() -> int | None:
    """Processors that the quotas around this process add up to, rounded up; None without any.

    Read once: a quota that is changed later is not noticed.
    """
    return quota(Path("/"))


def quota(root: Path) -> int | None:
    """The same, for the file system under `root`."""
    found = [n for n in _quotas(root) if n is not None]
    return max(1, math.ceil(min(found))) if found else None


def _quotas(root: Path) -> Iterator[float | None]:
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return
    mount = root / "sys/fs/cgroup"
    for line in lines:  # 0::/path, or 4:cpu,cpuacct:/path
        number, names, path = [*line.split(":", 2), "", ""][:3]
        if number == "0" and not names:
            for folder in _upwards(mount, path):
                yield _ratio(_words(folder / "cpu.max"))
        elif "cpu" in names.split(","):
            for name in dict.fromkeys((names, "cpu", "cpu,cpuacct")):
                for folder in _upwards(mount / name, path):
                    files = ("cpu.cfs_quota_us", "cpu.cfs_period_us")
                    yield _ratio([w for f in files for w in _words(folder / f)])


def _upwards(mount: Path, path: str) -> Iterator[Path]:
    """The group and those around it; a container sees its own group as the mount itself."""
    parts = [p for p in path.split("/") if p and p != ".."]
    for k in range(len(parts), -1, -1):
        yield mount.joinpath(*parts[:k])


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return []


def _ratio(words: list[str]) -> float | None:
    """quota / period; "max" and -1 mean none."""
    try:
        quota_, period = map(int, words)
    except ValueError:
        return None
    return quota_ / period if quota_ > 0 and period > 0 else None
