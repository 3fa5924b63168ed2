"""The house: four folders, one package, imports one way, and no operator's name in the middle."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

STAGES = ("frontend", "scheduler", "codegen")
KEPT = (  # in the wheel, each once
    "polyc/py.typed",
    "polyc/frontend/grammar.lark",
    "polyc/scheduler/schedule.py",
    "polyc/report/templates/report.html",
    "polyc/bench/suites.toml",
    "polyc/bench/report.html.j2",
    "polyc/bench/handwritten/matmul.c",
)
OPERATORS = ("matmul", "gemm", "conv", "conv2d", "softmax", "attention", "layernorm", "depthwise")


@pytest.fixture(scope="module")
def configuration(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def _sources(root: Path, *folders: str) -> list[Path]:
    return [f for folder in folders for f in sorted((root / folder).rglob("*.py"))]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_linked_into_the_package(root: Path, stage: str) -> None:
    link = root / "polyc" / stage
    assert link.is_symlink()
    assert str(link.readlink()) == f"../{stage}"
    assert link.resolve() == root / stage


def test_every_package_is_listed(root: Path, configuration: dict[str, Any]) -> None:
    places = [root / "polyc", *(root / s for s in STAGES)]
    folders = {f.parent.relative_to(root) for p in places for f in p.rglob("*.py")}
    names = {".".join(f.parts if f.parts[0] == "polyc" else ("polyc", *f.parts)) for f in folders}
    assert set(configuration["tool"]["setuptools"]["packages"]) == names


def test_the_middle_knows_no_operator(root: Path) -> None:
    word = re.compile(rf"(?<![a-z])({'|'.join(OPERATORS)})(?![a-z])", re.IGNORECASE)
    found = [
        f"{f.relative_to(root)}:{n}: {line.strip()}"
        for f in _sources(root, "scheduler", "codegen")
        for n, line in enumerate(f.read_text(encoding="utf-8").splitlines(), 1)
        if word.search(line) and not line.lstrip().startswith("#")
    ]
    assert not found, "\n".join(found)


def test_stages_are_imported_through_the_package(root: Path) -> None:
    bare = re.compile(rf"^\s*(from|import)\s+({'|'.join(STAGES)})\b")
    folders = ("polyc", *STAGES, "tests", "benchmarks", "examples")
    found = [
        f"{f}: {line}"
        for f in _sources(root, *folders)
        for line in f.read_text(encoding="utf-8").splitlines()
        if bare.match(line)
    ]
    assert not found, "\n".join(found)


def test_stages_never_import_the_interface(root: Path) -> None:
    whole = re.compile(r"^\s*(import polyc\s*$|import polyc as|from polyc import)")
    found = [
        f"{f}: {line}"
        for f in _sources(root, *STAGES)
        for line in f.read_text(encoding="utf-8").splitlines()
        if whole.match(line)
    ]
    assert not found, "\n".join(found)


def test_imports_go_one_way(root: Path) -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(
        [*command, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_importing_polyc_imports_no_heavy_library(root: Path) -> None:
    heavy = ("islpy", "llvmlite", "lark", "sympy", "click", "rich", "opt_einsum", "platformdirs")
    code = f"import sys, polyc; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_wheel_exposes_only_polyc(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), "."]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    tops = {n.split("/")[0] for n in names}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"polyc"}
    for kept in KEPT:
        assert names.count(kept) == 1
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as source:
        members = {n.partition("/")[2] for n in source.getnames()}
    assert {"frontend/grammar.lark", "LICENSE", "README.md"} <= members


def test_continuous_integration_runs_what_everybody_runs(root: Path) -> None:
    script = root / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "exec make test" in script.read_text(encoding="utf-8")
