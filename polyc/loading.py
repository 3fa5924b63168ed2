"""`polyc.load`: an exported kernel as a Python function. Needs neither islpy nor llvmlite."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import platform
import struct
import sys
from pathlib import Path

from polyc import description
from polyc.description import Description
from polyc.errors import ArgumentError, CompileError
from polyc.loaded import Loaded


def load(path: str | os.PathLike[str], *, verify: bool = True) -> Loaded:
    """The function of an export, from its JSON and the library of the same name beside it.

    verify  whether the library must be the one that was exported, byte for byte: False takes one
            that was compiled again from the C source

    Loading runs code of the library: load exports of people whom you would run a program of.
    Raises ArgumentError where a file is missing, is no export or has been changed, and
    CompileError where the library is for another machine.
    """
    where = Path(path)
    found = _described(where)
    library = where.with_suffix(".so")
    data = _read(library, f"fix: link it from {where.stem}.o, or compile {where.stem}.c")
    if verify and found.sha256 is not None and hashlib.sha256(data).hexdigest() != found.sha256:
        raise ArgumentError(
            f"{library}: is not the library that {where.name} describes; export the kernel again, "
            "or pass verify=False if you compiled it from the exported source"
        )
    _check_machine(library, data)
    try:
        entry = ctypes.CDLL(str(library.absolute()))[found.entry]
    except OSError as e:
        raise CompileError(f"{library}: cannot be loaded: {e}") from e
    except AttributeError:
        raise ArgumentError(f"{library}: does not define {found.entry}") from None
    return Loaded(found, where, entry)


def _read(path: Path, fix: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        raise ArgumentError(f"{path}: cannot be read: {e.strerror}; {fix}") from e


def _described(path: Path) -> Description:
    text = _read(path, "fix: pass the JSON that kernel.export wrote")
    try:
        return description.from_json(json.loads(text.decode()))
    except ValueError as e:
        raise ArgumentError(
            f"{path}: is not the JSON of an export: {e}; fix: export the kernel again"
        ) from e


_MACHINES = {62: "x86_64", 183: "aarch64", 243: "riscv64"}  # ELF's e_machine


def _check_machine(path: Path, data: bytes) -> None:
    """The loader's own words for a foreign library do not say which machine it is for."""
    if sys.platform != "linux":
        return
    if data[:4] != b"\x7fELF" or len(data) < 64:
        raise ArgumentError(f"{path}: is not a shared library; export the kernel again")
    (number,) = struct.unpack_from("<H", data, 18)
    made_for = _MACHINES.get(number, f"machine {number}")
    if made_for != platform.machine():
        raise CompileError(
            f"{path}: is for {made_for}, and this machine is {platform.machine()}; export with "
            "target='host' here, or load it there"
        )
