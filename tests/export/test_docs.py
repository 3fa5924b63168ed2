"""The C and C++ programs of docs/export.md compile against the export that the page makes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.export.support import COMPILERS, STRICT, needs_cc, run

CPP = [c for c in ("g++", "clang++") if shutil.which(c)]


def block(page: str, language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert found, f"no {language} in the page"
    return str(found[0])


@pytest.fixture(scope="module")
def build(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page's first example, beside its programs."""
    page = (root / "docs" / "export.md").read_text(encoding="utf-8")
    folder = tmp_path_factory.mktemp("docs")
    code = block(page, "python").replace('export("build"', f"export({str(folder)!r}")
    exec(compile(code, "export.md", "exec"), {})
    (folder / "main.c").write_text(block(page, "c"))
    (folder / "main.cpp").write_text(block(page, "cpp"))
    return folder


@needs_cc
@pytest.mark.parametrize("part", ["affine.c", "affine.o"])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_the_c_program(compiler: str, part: str, build: Path, tmp_path: Path) -> None:
    program = tmp_path / "main"
    flags = (*STRICT, "-fopenmp", "-lm", "-o", program)
    run(compiler, build / "main.c", build / part, *flags)
    assert run(program).stdout == "42 0\n"


@pytest.mark.skipif(not CPP, reason="compiles C++: neither g++ nor clang++ on the PATH")
@pytest.mark.parametrize("compiler", CPP)
def test_the_cpp_program(compiler: str, build: Path, tmp_path: Path) -> None:
    program = tmp_path / "main"
    strict = ("-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror")
    run(compiler, *strict, build / "main.cpp", build / "affine.o", "-fopenmp", "-lm", "-o", program)
    assert run(program).stdout == "17\n"
