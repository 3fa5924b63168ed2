"""Every program of the corpus as an export, for one size and for all, against NumPy.

The library made of polyc's object and the one that a C compiler makes of the exported source alone
are called through `polyc.load`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import polyc
from polyc.loaded import Loaded
from tests.export.support import COMPILERS, STRICT, library, needs_cc, run
from tests.programs import CORPUS, Case, Sizes, sampled

OFTEN = ("matmul", "conv2d_same", "softmax", "causal_attention", "embedding_bag", "int8_matmul")
corpus = pytest.mark.parametrize("name", sampled(CORPUS, OFTEN))
every = pytest.mark.parametrize("name", CORPUS)


def exported(case: Case, sizes: Sizes, folder: Path) -> polyc.Export:
    op = polyc.compile(case.text, entry=case.entry, consts=case.consts)
    return op.specialize(dict(sizes)).export(folder, name="kernel")


def check(case: Case, sizes: Sizes, loaded: Loaded) -> None:
    inputs = case.inputs(sizes)
    found = loaded(**inputs)
    case.check(found if isinstance(found, tuple) else (found,), inputs, sizes)


def compiled(made: polyc.Export, compiler: str, *flags: str) -> Loaded:
    """The function of a library that a compiler makes of the exported source alone."""
    again = made.json.parent / "again"
    again.mkdir(exist_ok=True)
    shutil.copy(made.json, again / "kernel.json")
    library(compiler, made.c, again / "kernel.so", *flags)
    return polyc.load(again / "kernel.json", verify=False)


@needs_cc
@corpus
def test_an_export_for_one_size(name: str, tmp_path: Path) -> None:
    case = CORPUS[name]
    made = exported(case, case.smoke, tmp_path)
    check(case, case.smoke, polyc.load(made.json))
    check(case, case.smoke, compiled(made, COMPILERS[0], "-O1"))


_LONG = 50_000  # bytes of C that take a compiler more than seconds: `make slow` compiles those


@needs_cc
@corpus
def test_an_export_for_all_sizes(name: str, tmp_path: Path) -> None:
    case = CORPUS[name]
    made = exported(case, {}, tmp_path)
    loaded = [polyc.load(made.json)]
    if made.c.stat().st_size < _LONG:
        loaded.append(compiled(made, COMPILERS[0], "-O1"))
    else:
        run(COMPILERS[0], *STRICT, "-fsyntax-only", made.c)
    for sizes in (case.smoke, *case.odd):
        for f in loaded:
            check(case, sizes, f)


@pytest.mark.slow
@every
@pytest.mark.parametrize("openmp", [True, False])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_every_compiler(name: str, compiler: str, openmp: bool, tmp_path: Path) -> None:
    """With and without OpenMP, for this processor and for any."""
    case = CORPUS[name]
    flags = ["-fopenmp", "-march=native"] if openmp else []
    for fixed in ({}, case.smoke):
        f = compiled(exported(case, fixed, tmp_path), compiler, "-O1", *flags)
        for sizes in (case.smoke, *(() if fixed else case.odd)):
            check(case, sizes, f)
