"""Every program of the corpus as an export, for one size and for all, against NumPy.

The library made of polyc's object and the one that a C compiler makes of the exported source alone
are called through `polyc.load`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import polyc
from tests.export.support import COMPILERS, library, needs_cc
from tests.programs import CORPUS, Case, Sizes

corpus = pytest.mark.parametrize("case", CORPUS.values(), ids=lambda c: c.name)


def exported(case: Case, sizes: Sizes, folder: Path) -> polyc.Export:
    op = polyc.compile(case.text, entry=case.entry, consts=case.consts)
    return op.specialize(dict(sizes)).export(folder, name="kernel")


def check(case: Case, sizes: Sizes, loaded: object) -> None:
    inputs = case.inputs(sizes)
    assert callable(loaded)
    found = loaded(**inputs)
    case.check(found if isinstance(found, tuple) else (found,), inputs, sizes)


def both(case: Case, made: polyc.Export, runs: tuple[Sizes, ...], compiler: str) -> None:
    """The library that was exported, and the exported source compiled."""
    loaded = polyc.load(made.json)
    for sizes in runs:
        check(case, sizes, loaded)
    again = made.json.parent / "again"
    again.mkdir()
    shutil.copy(made.json, again / "kernel.json")
    library(compiler, made.c, again / "kernel.so", "-O1")
    compiled = polyc.load(again / "kernel.json", verify=False)
    for sizes in runs:
        check(case, sizes, compiled)


@needs_cc
@corpus
def test_an_export_for_one_size(case: Case, tmp_path: Path) -> None:
    both(case, exported(case, case.smoke, tmp_path), (case.smoke,), COMPILERS[0])


@needs_cc
@corpus
def test_an_export_for_all_sizes(case: Case, tmp_path: Path) -> None:
    made = exported(case, {}, tmp_path)
    both(case, made, (case.smoke, *case.odd), COMPILERS[0])


@pytest.mark.slow
@corpus
@pytest.mark.parametrize("openmp", [True, False])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_every_compiler(case: Case, compiler: str, openmp: bool, tmp_path: Path) -> None:
    """With and without OpenMP, for this processor and for any."""
    flags = ["-fopenmp", "-march=native"] if openmp else []
    for sizes in ({}, case.smoke):
        made = exported(case, sizes, tmp_path)
        path = library(compiler, made.c, tmp_path / "other.so", "-O2", *flags)
        shutil.copy(made.json, path.with_suffix(".json"))
        loaded = polyc.load(path.with_suffix(".json"), verify=False)
        check(case, case.smoke, loaded)
