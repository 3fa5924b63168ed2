"""The command line: results, files, exit status, and errors without a traceback."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from polyc import cli, load

TITLES = ["Program", "Decisions", "Cost", "Certificate"]
GEMM = "def gemm(float(M,K) A, float(K,N) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }"


def polyc(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.main, [str(a) for a in arguments])


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    a = np.arange(6, dtype=np.float32).reshape(2, 3)
    np.save(tmp_path / "a.npy", a)
    np.save(tmp_path / "b.npy", a.T)
    return [tmp_path / "a.npy", tmp_path / "b.npy"]


def test_run_prints_the_result(files: list[Path]) -> None:
    done = polyc("run", "ij,jk->ik", *files)
    assert done.exit_code == 0, done.output
    assert "float32[2, 2]" in done.stdout
    assert "[ 5. 14.]" in done.stdout


def test_run_writes_the_result_and_checks_it(files: list[Path], tmp_path: Path) -> None:
    done = polyc("run", GEMM, *files, "-o", tmp_path / "c.npy", "--check")
    assert done.exit_code == 0, done.output
    np.testing.assert_array_equal(np.load(tmp_path / "c.npy"), [[5, 14], [14, 50]])
    assert "largest difference from the reference 0.00e+00" in done.stdout


def test_run_reads_a_file(files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "gemm.txt").write_text(GEMM)
    assert polyc("run", tmp_path / "gemm.txt", *files).exit_code == 0


def test_run_makes_random_inputs() -> None:
    done = polyc("run", GEMM, "--random", "--size", "M=5,N=7", "--size", "K=3", "--check")
    assert done.exit_code == 0, done.output
    assert "C: float32[5, 7]" in done.stdout


def test_run_of_an_open_type() -> None:
    done = polyc("run", "ij->i", "--random", "--size", "i=2,j=3", "--dtype", "int16")
    assert done.exit_code == 0, done.output
    assert "int16[2]" in done.stdout


def test_run_with_integer_scalars() -> None:
    text = "def f(float(N) x, int st) -> (y) { y(i) = x(st*i) }"
    done = polyc("run", text, "--random", "--size", "N=9,st=3", "--check")
    assert done.exit_code == 0, done.output
    assert "y: float32[3]" in done.stdout


def test_explain_prints_program_decisions_cost_and_proof() -> None:
    done = polyc("explain", GEMM, "--size", "M=512,N=512,K=512", "--target", "x86-64-v3")
    assert done.exit_code == 0, done.output
    titles = [line for line in done.stdout.splitlines() if line in TITLES]
    assert titles == TITLES
    assert "program gemm" in done.stdout
    assert re.search(r"^fuse +S0 with S1 +yes", done.stdout, re.M)
    assert "operations      268,435,456" in done.stdout
    assert re.search(r"^legal: (\d+) of \1 dependences, .* bounds hold$", done.stdout, re.M)


def test_explain_of_open_sizes_has_no_cost() -> None:
    done = polyc("explain", "def f(float(N) x) -> (y) { y(i) = x(i) }")
    assert done.exit_code == 0, done.output
    assert "Cost\n----\nneeds a number for N\n" in done.stdout
    wrong = polyc("explain", GEMM, "--target", "vax")
    assert wrong.exit_code == 2
    assert "unknown target 'vax'" in wrong.stderr


def test_a_difference_is_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: Any, **__: Any) -> Any:
        return np.full(2, 1e6)

    monkeypatch.setattr("polyc.operator.Operator.reference", wrong)
    done = polyc("run", "ij->i", "--random", "--size", "i=2,j=3", "--check")
    assert done.exit_code == 1


STAGES = ["deps.txt", "ll", "loops.txt", "program.txt", "s", "schedule.yaml"]
EXPORT = ["c", "h", "json", "o", "so"]


def test_compile_writes_every_stage(tmp_path: Path) -> None:
    done = polyc("compile", GEMM, "--size", "M=8,N=8,K=8", "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    written = sorted(p.name.removeprefix("gemm.") for p in (tmp_path / "out").iterdir())
    expected = EXPORT if shutil.which("cc") else [e for e in EXPORT if e != "so"]
    assert written == sorted([*STAGES, *expected])
    assert all(p.stat().st_size for p in (tmp_path / "out").iterdir())
    assert len(done.stdout.splitlines()) == len(written)


@pytest.mark.skipif(shutil.which("cc") is None, reason="links with a compiler: no cc on the PATH")
def test_compile_writes_a_kernel_that_loads(tmp_path: Path) -> None:
    done = polyc("compile", GEMM, "--emit", "json,so,h,c", "-o", tmp_path)
    assert done.exit_code == 0, done.output
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".c", ".h", ".json", ".so"]
    a, b = np.random.default_rng(0).random((2, 5, 5), np.float32)
    loaded = load(tmp_path / "gemm.json")
    np.testing.assert_allclose(loaded(a, b), a @ b, rtol=1e-5)


def test_a_library_that_cannot_be_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.delenv("CC", raising=False)
    named = polyc("compile", GEMM, "--emit", "so,h", "-o", tmp_path / "out")
    assert named.exit_code == 2
    assert "no linker made one (cc: not on the PATH" in named.stderr
    assert not (tmp_path / "out").exists()
    done = polyc("compile", GEMM, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "no shared library for host" in done.stderr
    found = {p.suffix for p in (tmp_path / "out").iterdir()}
    assert found >= {".c", ".h", ".json", ".o"}
    assert ".so" not in found


def test_compile_for_another_target(tmp_path: Path) -> None:
    done = polyc("compile", GEMM, "--target", "x86-64-v2", "--emit", "asm,o", "-o", tmp_path)
    assert done.exit_code == 0, done.output
    assert "zmm" not in (tmp_path / "gemm.s").read_text()


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A schedule of GEMM as `polyc compile` writes it."""
    done = polyc("compile", GEMM, "--size", "M=8,N=16,K=8", "--emit", "schedule", "-o", tmp_path)
    assert done.exit_code == 0, done.output
    return tmp_path / "gemm.schedule.yaml"


def compile_with(schedule: Path, out: Path) -> Result:
    sizes = ("--size", "M=8,N=16,K=8")
    return polyc("compile", GEMM, *sizes, "--schedule", schedule, "--emit", "schedule,o", "-o", out)


def test_compile_with_an_edited_schedule(edited: Path, tmp_path: Path) -> None:
    text = edited.read_text().replace("[(k)]", "[(-k)]")
    edited.write_text(f"# the sum backwards\n{text}")
    done = compile_with(edited, tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "gemm.schedule.yaml").read_text() == text
    assert (tmp_path / "out" / "gemm.o").stat().st_size


GOOD = """\
domain: "{ S0[m, n] : 0 <= m <= 7 and 0 <= n <= 15; S1[m, n, k] : 0 <= m <= 7 and 0 <= n <= 15 and 0 <= k <= 7 }"
child:
  sequence:
  - filter: "{ S0[m, n] }"
  - filter: "{ S1[m, n, k] }"
    child:
      schedule: "[{ S1[m, n, k] -> [(k)] }]"
      permutable: 1
"""  # noqa: E501
SLIPS = {
    "an illegal order": (("S0[m, n] }", "S1[m, n, k] }"), "S0 -> S1 on C: runs backward"),
    "a slip": (("permutable: 1", "permutable: maybe"), "line 8: the value of permutable is maybe"),
    "not UTF-8": (("child", "\udcff"), "is not UTF-8 text"),
}


def test_a_schedule_with_few_loops(tmp_path: Path) -> None:
    """isl makes the loops that are left out."""
    (tmp_path / "s.yaml").write_text(GOOD)
    done = compile_with(tmp_path / "s.yaml", tmp_path)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", SLIPS)
def test_a_wrong_schedule_is_status_2_and_writes_nothing(name: str, tmp_path: Path) -> None:
    (old, new), message = SLIPS[name]
    text = GOOD.replace(old, new, 1)
    if name == "an illegal order":  # the sum before its zeros
        text = f"{GOOD.split('  - ')[0]}  - {GOOD.split('  - ')[2]}  - {GOOD.split('  - ')[1]}"
    (tmp_path / "s.yaml").write_text(text, errors="surrogateescape")
    done = compile_with(tmp_path / "s.yaml", tmp_path / "out")
    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "out").exists()


def test_info_shows_the_machine() -> None:
    done = polyc("info")
    assert done.exit_code == 0, done.output
    for word in ("polyc", "processor", "vectors", "OpenMP", "threads", "cache"):
        assert word in done.stdout


WRONG: dict[str, tuple[list[str], str]] = {
    "no command": (["conjure"], "No such command"),
    "empty": (["run", "", "--random"], "empty"),
    "unfinished": (["run", "y[i] =", "--random"], "error[E"),
    "not ASCII": (["run", "é[i] = x[i]", "--random"], "error[E"),
    "nonsense": (["compile", "%" * 10_000], "error[E"),
    "a zero byte": (["compile", "a\0b"], "error[E"),
    "an unknown index": (["compile", "ij->k"], "error[E"),
    "no inputs": (["run", GEMM], "--random"),
    "no sizes": (["run", GEMM, "--random", "--size", "M=2"], "K=..."),
    "sizes": (["run", GEMM, "--random", "--size", "M"], "NAME=INTEGER"),
    "an unknown size": (["compile", GEMM, "--size", "Q=3"], "unknown size Q"),
    "no file": (["run", GEMM, "there-is-no.npy", "b.npy"], "there-is-no.npy"),
    "stages": (["compile", GEMM, "--emit", "program,poem"], "unknown poem; known: program"),
    "a target": (["compile", GEMM, "--target", "pdp11"], "unknown target 'pdp11'"),
    "a type": (["compile", "ij->i", "--dtype", "quaternion"], "unknown type 'quaternion'"),
    "no schedule": (["compile", GEMM, "--schedule", "there-is-no.yaml"], "there-is-no.yaml"),
    "an entry": (["compile", GEMM, "--entry", "gems"], "gems"),
}


@pytest.mark.parametrize("name", WRONG)
def test_bad_usage_is_status_2(name: str) -> None:
    arguments, message = WRONG[name]
    done = polyc(*arguments)
    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_wrong_arrays_are_status_2(files: list[Path], tmp_path: Path) -> None:
    assert polyc("run", GEMM, files[0], files[0]).exit_code == 2
    assert polyc("run", GEMM, files[0]).exit_code == 2
    (tmp_path / "text.npy").write_text("no array")
    done = polyc("run", "i->i", tmp_path / "text.npy")
    assert done.exit_code == 2
    assert "is not an .npy file" in done.stderr


@pytest.mark.parametrize(("text", "status"), [("ij->ji", 0), ("ij->q", 2)])
def test_python_m_polyc(text: str, status: int) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-m",
            "polyc",
            "run",
            text,
            "--random",
            "--size",
            "i=2,j=2",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (status == 0)
