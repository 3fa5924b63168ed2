"""The files of an export, which are there whole or not at all."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from polyc.errors import ArgumentError

_BINARY = getattr(os, "O_BINARY", 0)  # Windows


@dataclass(frozen=True, slots=True)
class Export:
    """The files that `Kernel.export` wrote.

    c, h, o, json  the C source, its header, the object, the description
    so             the shared library; None where it could not be linked, and then `reason` says why
    """

    c: Path
    h: Path
    o: Path
    so: Path | None
    json: Path
    reason: str = ""


def place(files: Mapping[Path, bytes]) -> None:
    """Writes files, each whole or not at all: nothing is renamed before everything is on the disk.

    Raises ArgumentError where a folder cannot be made or written, or a path is a folder.
    """
    with ExitStack() as undo:
        try:
            for path in files:
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.is_dir():
                    raise IsADirectoryError(21, "is a folder", str(path))
            written = {path: _beside(path, content, undo) for path, content in files.items()}
            for path, temporary in written.items():
                os.replace(temporary, path)
        except OSError as e:
            raise ArgumentError(
                f"cannot write {e.filename or next(iter(files))}: {e.strerror}; choose a folder "
                "that you may write to"
            ) from e


def _beside(path: Path, content: bytes, undo: ExitStack) -> Path:
    """A file in the same folder; it is gone at the end unless it has been renamed."""
    temporary = path.with_name(f".{os.getpid()}-{threading.get_ident()}-{path.name}")
    mode = 0o777 if path.suffix == ".so" else 0o666  # less what the user's mask takes
    # From before the file is there: Ctrl-C may come at any instant.
    undo.callback(lambda: temporary.unlink(missing_ok=True))
    handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, mode)
    with os.fdopen(handle, "wb") as f:
        f.write(content)
    return temporary
