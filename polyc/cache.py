"""The disk cache: compiled objects with the data to call them, one file each.

    magic | sha256 of the rest | length of the JSON | JSON: key, metadata | object

A key is plain data that decides the object completely: the text, dtypes, shapes, options, this
compiler's own version and sources, LLVM's version, the processor. Its hash names the file, and the
file repeats it, so a renamed or foreign file is noticed. Whatever is wrong with a file or a folder,
the answer is "not found" and the kernel is compiled again.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from polyc import options

_MAGIC = b"polyc-1\n"
_LENGTH = struct.Struct("<Q")
_BINARY = getattr(os, "O_BINARY", 0)  # Windows
_HEAD = len(_MAGIC) + hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class Entry:
    """What one file holds: plain metadata, and the bytes of an object."""

    meta: Mapping[str, Any]
    object: bytes


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
        with path.open("rb") as f:
            if not _trusted(os.fstat(f.fileno())):
                return None
            return _decode(f.read(), text)
    except (OSError, ValueError, KeyError):
        return None


def put(key: Mapping[str, Any], entry: Entry) -> None:
    """Stores an entry. Readers see all of it or nothing; where it cannot be written, nothing."""
    text = _canonical(key)
    path = _path(text)
    if path is None:
        return
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = path.with_name(f".{os.getpid()}-{threading.get_ident()}-{path.name}")
        handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600)
        try:
            with os.fdopen(handle, "wb") as f:
                f.write(_encode(text, entry))
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _path(text: str) -> Path | None:
    where = folder()
    digest = hashlib.sha256(text.encode()).hexdigest()
    return where / f"{digest}.polyc" if where else None


def _canonical(key: Mapping[str, Any]) -> str:
    return json.dumps({**key, "compiler": _compiler()}, sort_keys=True, separators=(",", ":"))


def _encode(key: str, entry: Entry) -> bytes:
    head = json.dumps({"key": key, "meta": entry.meta}).encode()
    body = _LENGTH.pack(len(head)) + head + entry.object
    return _MAGIC + hashlib.sha256(body).digest() + body


def _decode(data: bytes, key: str) -> Entry | None:
    body = data[_HEAD:]
    whole = data[:_HEAD] == _MAGIC + hashlib.sha256(body).digest()
    if not whole or len(body) < _LENGTH.size:
        return None
    (n,) = _LENGTH.unpack_from(body)
    head = json.loads(body[_LENGTH.size : _LENGTH.size + n])
    if head["key"] != key:
        return None
    return Entry(head["meta"], body[_LENGTH.size + n :])


def _trusted(status: os.stat_result) -> bool:
    """Code of another user, or that another user could have changed, is never loaded."""
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


@cache
def _compiler() -> str:
    """Identifies the compiler itself: version, sources, LLVM, Python's platform."""
    import llvmlite

    root = Path(__file__).parent
    state = hashlib.sha256()
    for part in (".", "frontend", "scheduler", "codegen"):
        files = [f for f in os.scandir(root / part) if f.name.endswith((".py", ".lark"))]
        for f in sorted(files, key=lambda f: f.name):
            s = f.stat()
            state.update(f"{part}/{f.name} {s.st_size} {s.st_mtime_ns}\n".encode())
    return f"{state.hexdigest()} llvmlite {llvmlite.__version__} {sys.platform}"
