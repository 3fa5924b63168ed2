"""An object file -> a shared library, where this machine has a linker for the target."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from polyc.errors import CompileError
from polyc.target import Target, architecture, target


def shared_library(data: bytes, name: str, machine: Target, parallel: bool) -> bytes:
    """The library NAME.so of one object; with OpenMP's runtime where something runs `parallel`.

    Raises CompileError, with what was tried, where no linker for the target succeeds.
    """
    tried = []
    with tempfile.TemporaryDirectory(prefix="polyc-") as folder:
        source, library = Path(folder, f"{name}.o"), Path(folder, f"{name}.so")
        source.write_bytes(data)
        for command in _commands(machine, parallel):
            if shutil.which(command[0]) is None:
                tried.append(f"{command[0]}: not on the PATH")
                continue
            order = [command[0], "-shared", "-o", str(library), str(source), *command[1:]]
            done = subprocess.run(order, capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return library.read_bytes()
            tried.append(f"{command[0]}: {_first(done.stderr)}")
    raise CompileError(
        f"no shared library for {machine.name}: no linker made one ({'; '.join(tried)}); "
        f"fix: install a C compiler for it, or link {name}.o there"
    )


def _first(text: str) -> str:
    """The line that says what is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    wrong = [line for line in lines if "error" in line or "cannot" in line]
    return (wrong or lines or [""])[0]


def _commands(machine: Target, parallel: bool) -> Iterator[list[str]]:
    """Linkers with their libraries: compilers, which know where those are, before bare linkers."""
    threads = ["-fopenmp"] if parallel else []
    here = architecture(machine) == architecture(target())
    drivers = [os.environ.get("CC") or "cc", "gcc", "clang"] if here else []
    for driver in dict.fromkeys([*drivers, f"{architecture(machine)}-linux-gnu-gcc"]):
        yield [driver, *threads, "-lm"]
    if here:
        for linker in ("ld.lld", "ld"):
            yield [linker, *(["-l:libgomp.so.1"] if parallel else []), "-l:libm.so.6"]
