"""`polyc bench` itself: a run, its files, wrong input, an interrupt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from polyc import cli
from polyc.bench import cases, contenders, harness
from polyc.bench.contenders import CONTENDERS, chosen
from polyc.bench.results import from_json, to_json
from polyc.errors import ArgumentError
from tests.bench.support import made, row, small

GEMM = "def gemm(float(M,K) A, float(K,N) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }"
SIZE = ("--size", "M=16,N=16,K=16")


def bench(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.main, ["bench", *map(str, arguments)])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path, Path]:
    """One real run of a text, with its two files."""
    folder = tmp_path_factory.mktemp("bench")
    out = folder / "run.json", folder / "run.html"
    done = bench(
        *(GEMM, *SIZE, "--rounds", "3", "--against", "polyc,numpy,symbolic,opt_einsum,numba,c"),
        *("--json", out[0], "--html", out[1]),
    )
    return done, *out


def test_a_text_runs_beside_others(files: tuple[Result, Path, Path]) -> None:
    done, data, page = files
    assert done.exit_code == 0, done.output
    for word in ("gemm", "polyc-llvm", "symbolic", "numpy", "opt_einsum", "roofs, 1 thread"):
        assert word in done.stdout
    assert data.is_file()
    assert "<svg" in page.read_text()


def test_the_json_is_that_of_the_interface(files: tuple[Result, Path, Path]) -> None:
    data = json.loads(files[1].read_text())
    assert {"machine", "roofs", "results"} <= set(data)
    assert set(data["roofs"]["1"]["bytes_per_s"]) == {"L1", "L2", "L3", "DRAM"}
    found = {r["contender"]: r for r in data["results"]}
    assert {"polyc-llvm", "symbolic", "numpy", "opt_einsum"} <= set(found)
    for r in found.values():
        assert r["op"] == "gemm"
        assert r["threads"] == 1
        assert r["flops"] == 2 * 16**3
        assert r["bytes"] == 3 * 16 * 16 * 4
        assert len(r["samples_s"]) == sum(r["turns"])
        assert r["sittings"] == [1, 1, 1]  # three processes, a turn each
        assert min(r["samples_s"]) <= r["median_s"] <= max(r["samples_s"])
        assert r["error"] < 1e-4
    assert found["polyc-llvm"]["code_bytes"] > 0
    assert "bytes_moved" in found["polyc-llvm"]["about"]


def test_who_is_not_run_has_a_reason(files: tuple[Result, Path, Path]) -> None:
    data = json.loads(files[1].read_text())
    reasons = {a["contender"]: a["why"] for a in data["absent"]} | data["missing"]
    if "numba" in data["missing"]:
        assert data["missing"]["numba"] == "needs numba: pip install numba"
    assert reasons["hand-c"] in ("no C was written for it by hand",) or "cc" in reasons["hand-c"]


def test_a_run_equals_itself(files: tuple[Result, Path, Path]) -> None:
    done = bench("--compare", files[1], files[1])
    assert done.exit_code == 0, done.output
    assert "same" in done.stdout
    assert "slower" not in done.stdout.replace("times as slow", "")


def test_the_json_reads_back(files: tuple[Result, Path, Path]) -> None:
    run = from_json(str(files[1]))
    assert json.loads(to_json(run)) == json.loads(files[1].read_text())


def test_a_regression_is_status_1(tmp_path: Path) -> None:
    for name, factor in (("a", 1.0), ("b", 1.2)):
        rows = [
            row(f"op{k}", c, [factor * 1e-3] * 20 if (k, c) == (2, "polyc-llvm") else [1e-3] * 20)
            for k in range(4)
            for c in ("numpy", "polyc-llvm")
        ]
        (tmp_path / f"{name}.json").write_text(to_json(made(rows, {"numpy": {"numpy": "2"}})))
    done = bench("--compare", tmp_path / "a.json", tmp_path / "b.json")
    assert done.exit_code == 1, done.output
    assert done.stdout.count("slower") == 1
    assert bench("--compare", tmp_path / "b.json", tmp_path / "a.json").exit_code == 0


def test_a_wrong_result_is_status_1_and_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(*_: Any) -> Any:
        return [[1.0]], "a test"

    def wrong(*_: Any) -> tuple[float, float]:
        return 0.5, 1e-4

    monkeypatch.setattr(harness, "reference", other)
    monkeypatch.setattr(harness, "error", wrong)
    done = bench(GEMM, *SIZE, "--sittings", "1")
    assert done.exit_code == 1, done.output
    assert (
        "WRONG: polyc-llvm on gemm, 1 thread: wrong: differs from a test by 5.0e-01" in done.stdout
    )
    assert "nothing was measured" in done.stdout


def test_an_interrupt_keeps_what_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "suite", lambda _: [small("matvec"), small("sum_rows")])
    plain = harness._Operator._turn
    turns = []

    def interrupted(self: Any, racer: Any) -> None:
        turns.append(racer)
        if len(turns) == 7:  # the second operator's first turns are done
            raise KeyboardInterrupt
        plain(self, racer)

    monkeypatch.setattr(harness._Operator, "_turn", interrupted)
    file = tmp_path / "run.json"
    done = bench("contraction", "--rounds", "4", "--sittings", "2", "--json", file)
    assert done.exit_code == 130, done.output
    assert "interrupted" in done.stderr
    data = json.loads(file.read_text())
    assert data["interrupted"] is True
    assert [(r["op"], r["contender"]) for r in data["results"]][:2] == [
        ("matvec", "polyc-llvm"),
        ("matvec", "numpy"),
    ]
    assert {r["op"] for r in data["results"]} == {"matvec", "sum_rows"}


def test_caches_can_be_cold() -> None:
    done = bench(GEMM, *SIZE, "--rounds", "1", "--sittings", "1", "--cold", "--clock", "cpu")
    assert done.exit_code == 0, done.output


def test_what_is_not_installed_is_named_and_the_run_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(entry: contenders.Entry) -> list[str]:
        return [n for n in entry.needs if n == "torch"]

    monkeypatch.setattr(contenders.Entry, "missing", missing)
    done = bench(GEMM, *SIZE, "--sittings", "1", "--rounds", "1", "--against", "torch")
    assert done.exit_code == 0, done.output
    assert "missing: torch needs torch: pip install torch" in done.stdout
    assert "polyc-llvm" in done.stdout


def test_names_of_contenders() -> None:
    assert chosen(["numpy", "c"]) == ["polyc-llvm", "numpy", "naive-c", "hand-c"]
    assert chosen(["strict", "numpy", "numpy"]) == ["strict", "numpy"]
    assert chosen(["all"]) == list(CONTENDERS)
    with pytest.raises(ArgumentError, match="found 'nunpy', expected some of polyc-llvm"):
        chosen(["nunpy"])


def test_the_list_shows_suites_and_contenders() -> None:
    done = bench("--list")
    assert done.exit_code == 0, done.output
    for word in (*cases.suites(), *CONTENDERS, "matmul_512"):
        assert word in done.stdout


WRONG: dict[str, tuple[list[str], str]] = {
    "a suite": (["contractions"], "unknown suite 'contractions'; known: contraction"),
    "an operator": (["contraction", "--only", "matmul"], "no matmul in contraction; known: "),
    "a contender": (["contraction", "--against", "numpi"], "found 'numpi', expected some of"),
    "no size": ([GEMM, "--size", "M=4"], "a text needs --size K=...,N=..."),
    "a size": (["matmul_512", "--size", "Q=4"], "unknown size Q"),
    "sizes of many": (["contraction", "--size", "M=4"], "--size fits one operator"),
    "a text": (["y[i] =", "--size", "i=3"], "error[E"),
    "a type": (["ij->i", "--size", "i=3,j=3", "--dtype", "quaternion"], "unknown type"),
    "threads": (["matmul_512", "--threads", "0"], "expected numbers from 1 to"),
    "two texts": ([GEMM, GEMM], "expected one suite or text, found 2"),
    "a clock": (["matmul_512", "--threads", "1,2", "--clock", "cpu"], "with --threads 1"),
    "a folder": (["matmul_512", "--json", "no/such/folder/x.json"], "cannot be written"),
    "one file": (["--compare", "a.json"], "--compare needs two files"),
    "no file": (["--compare", "no-such.json", "no-such.json"], "no-such.json"),
}


@pytest.mark.parametrize("name", WRONG)
def test_bad_usage_is_status_2(name: str) -> None:
    arguments, message = WRONG[name]
    done = bench(*arguments)
    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ("\udcff", "is not JSON"),
        ("[]", "is not a file of polyc bench --json"),
        ('{"machine": {}, "roofs": {}, "results": [{"op": "a"}]}', "is not a file of"),
    ],
)
def test_a_file_that_is_no_run_is_status_2(content: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(content, errors="surrogateescape")
    done = bench("--compare", file, file)
    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert str(file) in done.stderr
