"""The folder of the disk cache as a whole: what is in it, what is bad, and what has to go.

Any number of processes may read, write and remove at once: a file that is gone when its turn comes
is no error, and one that is removed too early is compiled again. Only files with a name that the
cache gives are ever removed.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from polyc import cache_file
from polyc.cache_file import NAME, TEMPORARY, Unusable

_KEEP = 0.75  # of the limit is what `shrink` leaves, so that it need not come again at once
_LEFT = 3600  # seconds after which a temporary file has no writer any more


@dataclass(frozen=True, slots=True)
class Found:
    """One file with a name of the cache's.

    bytes     that it takes on the disk
    used      when it was last written, or found and marked, in seconds of the epoch
    problem   why it is never loaded; "" for a good one
    key       what it was stored under, meta, what it holds; {} where there is a problem
    """

    path: Path
    bytes: int
    used: float
    problem: str
    key: dict[str, Any]
    meta: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed."""

    files: int = 0
    bytes: int = 0


def entries(where: Path) -> list[Found]:
    """Every entry, read and checked, the one used last first. Raises OSError for a folder that
    cannot be read; one that is not there is empty."""
    found = (_look(where / f.name, s) for f, s in _files(where) if NAME.fullmatch(f.name))
    return sorted(found, key=lambda e: (-e.used, e.path))


def shrink(where: Path, limit: int) -> Removed:
    """Removes what killed writers left, and, past the limit, what was not used for longest.

    limit   bytes on the disk
    """
    now = time.time()
    files = list(_files(where))
    gone = [
        (f.path, _bytes(s))
        for f, s in files
        if TEMPORARY.fullmatch(f.name) and now - s.st_mtime > _LEFT
    ]
    kept = [(s.st_mtime, f.path, _bytes(s)) for f, s in files if _is_entry(f, s)]
    total = sum(size for _, _, size in kept)
    goal = total if total <= limit else limit * _KEEP
    for _, path, size in sorted(kept):
        if total <= goal:
            break
        total -= size
        gone.append((path, size))
    return _remove(gone)


def remove(found: Iterable[Found]) -> Removed:
    """Removes these entries."""
    return _remove((os.fspath(e.path), e.bytes) for e in found)


def clear(where: Path) -> Removed:
    """Removes every entry and temporary file."""
    return _remove([(f.path, _bytes(s)) for f, s in _files(where) if _is_ours(f.name)])


def others(where: Path) -> list[Path]:
    """Files and folders that are not the cache's."""
    return sorted(where / f.name for f, _ in _files(where) if not _is_ours(f.name))


def _is_ours(name: str) -> bool:
    return bool(NAME.fullmatch(name) or TEMPORARY.fullmatch(name))


def _is_entry(f: os.DirEntry[str], s: os.stat_result) -> bool:
    return stat.S_ISREG(s.st_mode) and bool(NAME.fullmatch(f.name))


def _files(where: Path) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
    with suppress(FileNotFoundError), os.scandir(where) as found:
        for f in found:
            with suppress(FileNotFoundError):
                yield f, f.stat(follow_symlinks=False)


def _bytes(s: os.stat_result) -> int:
    """A block is taken by the smallest file, too; Windows does not say."""
    return max(s.st_size, getattr(s, "st_blocks", 0) * 512)


def _look(path: Path, status: os.stat_result) -> Found:
    problem, key = "", {}
    meta: Mapping[str, Any] = {}
    try:
        text, entry = cache_file.decode(cache_file.read(path)[0])
        if cache_file.name(text) != path.name:
            raise Unusable("another entry's name")
        key, meta = json.loads(text), entry.meta
    except OSError as e:
        problem = "a link" if stat.S_ISLNK(status.st_mode) else e.strerror or "cannot be read"
    except ValueError as e:  # Unusable, and a key that is not JSON
        problem = str(e)
    return Found(path, _bytes(status), status.st_mtime, problem, key, meta)


def _remove(files: Iterable[tuple[str, int]]) -> Removed:
    """A folder stays, whatever its name: the cache makes none."""
    n = total = 0
    for path, size in files:
        with suppress(OSError):
            os.unlink(path)
            n, total = n + 1, total + size
    return Removed(n, total)
