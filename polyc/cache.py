"""The disk cache: compiled objects with the data to call them, one file each.

A key is plain data that decides the object completely: the program, dtypes, shapes, options, this
compiler's own version and sources, LLVM's version, the processor. Whatever is wrong with a file
(`polyc.cache_file`) or a folder, the answer is "not found" and the kernel is compiled again.
docs/cache.md says what users can rely on.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from polyc import cache_file, options
from polyc.cache_file import Entry, Unusable

LIMIT = 512 << 20  # bytes on disk that the cache keeps to, but for the entries of a few minutes
# Every 32nd entry, by its name, looks whether the limit is passed: that reads the folder, 2 us a
# file, and an entry took 10 ms at least to compile. Chance is as good as a count that processes
# would have to share, and needs no lock.
_LOOKS = frozenset(f"{n:02x}" for n in range(8))
_UNMARKED = 3600  # seconds that an entry in use goes without a new mark of use


def folder() -> Path | None:
    """Where entries live: POLYC_CACHE_DIR, else the user's cache folder; None without a home."""
    if chosen := options.places().cache_dir:
        return Path(chosen).expanduser()
    try:
        if sys.platform == "linux":  # what platformdirs says there, without its import (10 ms)
            base = os.environ.get("XDG_CACHE_HOME", "")
            home = Path(base) if base.startswith("/") else Path.home() / ".cache"
            return home / "polyc"
        import platformdirs

        return Path(platformdirs.user_cache_dir("polyc", appauthor=False))
    except (RuntimeError, OSError):
        return None


def get(key: Mapping[str, Any]) -> Entry | None:
    """The entry stored under this key, if it is there, whole, and the user's own."""
    text = _canonical(key)
    path = _path(text)
    if path is None:
        return None
    try:
        data, status = cache_file.read(path)
        found, entry = cache_file.decode(data)
    except (OSError, Unusable):
        return None
    if found != text:
        return None
    if time.time() - status.st_mtime > _UNMARKED:
        with suppress(OSError):  # the folder may be read-only
            os.utime(path)
    return entry


def put(key: Mapping[str, Any], entry: Entry) -> None:
    """Stores an entry. Readers see all of it or nothing; where it cannot be written, nothing."""
    text = _canonical(key)
    path = _path(text)
    data = cache_file.encode(text, entry)
    if path is None or len(data) > cache_file.LARGEST:
        return
    with suppress(OSError):
        cache_file.write(path, data)
        if path.name[:2] in _LOOKS:
            from polyc import cache_upkeep  # seldom needed

            cache_upkeep.shrink(path.parent, LIMIT)


def _path(text: str) -> Path | None:
    where = folder()
    return where / cache_file.name(text) if where else None


def _canonical(key: Mapping[str, Any]) -> str:
    return json.dumps({**key, "compiler": compiler()}, sort_keys=True, separators=(",", ":"))


@cache
def compiler() -> str:
    """Identifies the compiler itself: its sources, LLVM, Python's platform."""
    import llvmlite

    state = hashlib.sha256()
    for line in sorted(_sources(Path(__file__).parent, "")):
        state.update(line.encode())
    return f"{state.hexdigest()} llvmlite {llvmlite.__version__} {sys.platform}"


def _sources(place: str | os.PathLike[str], prefix: str) -> Iterator[str]:
    """Name, size and time of every file of the package, with whatever packages it comes to have."""
    with os.scandir(place) as found:
        for f in found:
            if f.name.endswith((".py", ".lark")):
                s = f.stat()
                yield f"{prefix}{f.name} {s.st_size} {s.st_mtime_ns}\n"
            elif "." not in f.name and f.name != "__pycache__" and f.is_dir():
                yield from _sources(f.path, f"{prefix}{f.name}/")
