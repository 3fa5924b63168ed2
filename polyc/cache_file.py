"""One file of the disk cache: its bytes, who may have written them, and how they get there.

    magic | sha256 of the rest | length of the JSON | JSON: key, metadata | object

The name of a file is the hash of its key and the file repeats the key, so a renamed file is
noticed as well as a damaged one. The checksum finds accidents; it is the owner and the permissions
that keep out what someone else would like to run here.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MAGIC = b"polyc-1\n"
_LENGTH = struct.Struct("<Q")
_HEAD = len(_MAGIC) + hashlib.sha256().digest_size
LARGEST = 64 << 20  # bytes of a file; kernels take 5 to 100 KB, so more is not one of ours

NAME = re.compile(r"[0-9a-f]{64}\.polyc")
TEMPORARY = re.compile(
    r"\.[0-9a-f]{64}\.polyc\.[0-9a-f]{16}"
)  # of a writer, or left by a killed one

# What Windows has, what it lacks. A link is not followed: it may lead to the user's own file
# elsewhere. A pipe is not waited for.
_BINARY = getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | _BINARY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_CREATE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY


@dataclass(frozen=True, slots=True)
class Entry:
    """What one file holds: plain metadata, and the bytes of an object."""

    meta: Mapping[str, Any]
    object: bytes


class Unusable(ValueError):
    """A file that is not an entry; the text says why."""


def name(key: str) -> str:
    """The name of the file for a key."""
    return f"{hashlib.sha256(key.encode()).hexdigest()}.polyc"


def read(path: Path) -> tuple[bytes, os.stat_result]:
    """The bytes of a regular file that only this user could have written.

    Raises Unusable, or OSError where there is no file to read.
    """
    handle = os.open(path, _READ)
    try:
        status = os.fstat(handle)  # of the file that is open, whatever happens to its name
        _demand_own(status)
        with open(handle, "rb", buffering=0, closefd=False) as f:
            return f.readall(), status
    finally:
        os.close(handle)


def _demand_own(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Unusable("not a regular file")
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        raise Unusable("another user's file")
    if os.name == "posix" and status.st_mode & 0o022:
        raise Unusable("others may write it")
    if status.st_size > LARGEST:
        raise Unusable(f"larger than {LARGEST >> 20} MiB")


def write(path: Path, data: bytes) -> None:
    """Readers see the whole file or none, whenever this process is stopped. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:  # from before the file is there: Ctrl-C may come at any instant
        with open(temporary, "wb", buffering=0, opener=_create) as f:
            if f.write(data) != len(data):
                raise OSError("the disk is full")
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _create(path: str, _flags: int) -> int:
    return os.open(path, _CREATE, 0o600)


def encode(key: str, entry: Entry) -> bytes:
    """The bytes of a file."""
    head = json.dumps({"key": key, "meta": entry.meta}).encode()
    body = _LENGTH.pack(len(head)) + head + entry.object
    return _MAGIC + hashlib.sha256(body).digest() + body


def decode(data: bytes) -> tuple[str, Entry]:
    """The key and the entry of a file's bytes. Raises Unusable."""
    if not data:
        raise Unusable("empty")
    if data[: len(_MAGIC)] != _MAGIC:
        raise Unusable("not a file of polyc's cache")
    body = data[_HEAD:]
    if data[len(_MAGIC) : _HEAD] != hashlib.sha256(body).digest():
        raise Unusable("truncated or damaged")
    try:
        (n,) = _LENGTH.unpack_from(body)
        head = json.loads(body[_LENGTH.size : _LENGTH.size + n])
        key, meta = head["key"], head["meta"]
        if isinstance(key, str) and isinstance(meta, dict):
            return key, Entry(meta, body[_LENGTH.size + n :])
    except (struct.error, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise Unusable("of another format")
