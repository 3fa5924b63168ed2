"""Kernels of the C backend under AddressSanitizer and UndefinedBehaviorSanitizer.

    python -m tests.safety.sanitize [programs of the corpus, default all] [--random N]

starts itself again with the sanitizers' libraries in front and a compiler that adds their flags.
Every array is its own allocation, so an access past its end stops the process with a report; the
results are compared too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import polyc
from polyc.options import Options
from tests.programs import CORPUS, Case
from tests.property.generator import draw

FLAGS = "-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
LIBRARIES = ("libasan.so", "libubsan.so", "libstdc++.so.6")
OPTIONS = Options(backend="c", cache=False)


def library(name: str) -> str | None:
    """The path of a library of gcc; None where it is not installed."""
    gcc = shutil.which("gcc")
    if gcc is None:
        return None
    found = subprocess.run([gcc, f"-print-file-name={name}"], capture_output=True, text=True)
    path = found.stdout.strip()
    return path if os.path.isabs(path) else None


def available() -> bool:
    return sys.platform == "linux" and all(map(library, LIBRARIES))


def run(command: list[str], **keywords: Any) -> subprocess.CompletedProcess[str]:
    """Runs Python with the sanitizers; their report goes to stderr."""
    with tempfile.TemporaryDirectory(prefix="polyc-") as folder:
        compiler = Path(folder, "cc")
        compiler.write_text(f'#!/bin/sh\nexec gcc "$@" {FLAGS}\n')
        compiler.chmod(0o755)
        environment = {
            **os.environ,
            "CC": str(compiler),
            "LD_PRELOAD": " ".join(filter(None, map(library, LIBRARIES))),
            "PYTHONMALLOC": "malloc",
            # Python and the libraries keep memory to the end; only kernels are looked at.
            "ASAN_OPTIONS": "detect_leaks=0",
            "UBSAN_OPTIONS": "print_stacktrace=1",
        }
        whole = [sys.executable, *command]
        return subprocess.run(whole, env=environment, check=False, text=True, **keywords)


def inside(names: list[str], programs: int) -> None:
    started = time.monotonic()
    work = [*_corpus(names or list(CORPUS)), *_random(programs)]
    for k, (name, go) in enumerate(work, 1):
        go()
        spent = time.monotonic() - started
        left = spent / k * (len(work) - k)
        sys.stdout.write(f"{k}/{len(work)} {name}: clean; {left:.0f} s left\n")
        sys.stdout.flush()


def _corpus(names: list[str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        case = CORPUS[name]
        for symbolic in (False, True):
            yield name, lambda case=case, symbolic=symbolic: _case(case, symbolic)


def _case(case: Case, symbolic: bool) -> None:
    op = polyc.compile(case.text, entry=case.entry, consts=case.consts, options=OPTIONS)
    for sizes in (case.smoke, *case.odd[:2]) if symbolic else (case.smoke,):
        inputs = case.inputs(sizes)
        kernel = op.specialize({} if symbolic else sizes)
        for threads in (1, 2):
            found = kernel(**inputs, threads=threads)
            case.check(found if isinstance(found, tuple) else (found,), inputs, sizes)


def _random(count: int) -> Iterator[tuple[str, Any]]:
    for seed in range(count):
        yield f"seed {seed}", lambda seed=seed: _program(seed)


def _program(seed: int) -> None:
    program = draw(seed)
    arguments = program.arguments(seed)
    op = polyc.compile(program.text, options=OPTIONS)
    expected = op.reference(**arguments)
    found = op.specialize(program.sizes if seed % 4 else {})(**arguments, threads=1 + seed % 2)
    pairs = zip(*(x if isinstance(x, tuple) else (x,) for x in (found, expected)), strict=True)
    for got, want in pairs:
        np.testing.assert_array_equal(got.astype(want.dtype), want, program.text)


def main() -> None:
    parser = argparse.ArgumentParser(description="kernels in C under gcc's sanitizers")
    parser.add_argument("names", nargs="*", help="programs of the corpus; default: all")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="random programs too")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        inside(given.names, given.random)
        return
    if not available():
        sys.exit("gcc and its libraries of AddressSanitizer and UndefinedBehaviorSanitizer needed")
    sys.exit(run(["-m", "tests.safety.sanitize", "--inside", *sys.argv[1:]]).returncode)


if __name__ == "__main__":
    main()
