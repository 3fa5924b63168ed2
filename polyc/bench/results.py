"""`Run`: what one `polyc bench` found, and its JSON."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from polyc.errors import ArgumentError
from polyc.roofs import Roofs


@dataclass(frozen=True, slots=True)
class Result:
    """One contender on one operator, with so many threads.

    samples_s   seconds of every call, in order
    turns       how many of them each turn took; other contenders ran in between
    sittings    how many turns each process of the contender had: it is begun anew some times
    flops       operations of the text, None where they cannot be counted
    bytes       input elements read and output elements written, each once
    error       largest difference from the reference, relative to its largest element
    about       what the compiler says of it: "explanation", "bytes_moved" by level
    """

    op: str
    contender: str
    threads: int
    samples_s: Sequence[float]
    turns: Sequence[int]
    flops: int | None
    bytes: int
    error: float
    compile_s: float
    code_bytes: int | None = None
    lines: int | None = None
    sittings: Sequence[int] = ()
    about: Mapping[str, Any] | None = None

    @property
    def median_s(self) -> float:
        return median(self.samples_s)

    @property
    def quartiles_s(self) -> tuple[float, float]:
        """A quarter of the calls were faster than the first, a quarter slower than the second."""
        ordered = sorted(self.samples_s)
        last = len(ordered) - 1
        return ordered[round(last / 4)], ordered[round(last * 3 / 4)]

    @property
    def turn_bests_s(self) -> list[float]:
        """The fastest call of each turn: what the code can do, with least of what disturbed it."""
        out, at = [], 0
        for n in self.turns:
            out.append(min(self.samples_s[at : at + n]))
            at += n
        return out

    def then(self, later: Result) -> Result:
        """The same contender in one more sitting."""
        return replace(
            later,
            samples_s=[*self.samples_s, *later.samples_s],
            turns=[*self.turns, *later.turns],
            sittings=[*self.sittings, *later.sittings],
            error=max(self.error, later.error),
            compile_s=min(self.compile_s, later.compile_s),
            about=later.about or self.about,
        )

    @property
    def key(self) -> tuple[str, str, int]:
        return self.op, self.contender, self.threads


@dataclass(frozen=True, slots=True)
class Absent:
    """A contender that was not timed on an operator, and why; `wrong` where its result differs."""

    op: str
    contender: str
    threads: int
    why: str
    wrong: bool = False


@dataclass(slots=True)
class Run:
    """Grows while operators are measured, so that what was measured is never lost.

    roofs      by number of threads
    versions   of each contender's libraries
    missing    contenders that are not installed, with how to install them
    ops        text, sizes and what the results were compared with, by operator
    """

    machine: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)
    roofs: dict[int, Roofs] = field(default_factory=dict)
    versions: dict[str, Mapping[str, str]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    ops: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    interrupted: bool = False

    def enter(self, found: Result) -> None:
        """One more result, or one more sitting of one that is there."""
        for k, r in enumerate(self.results):
            if r.key == found.key:
                self.results[k] = r.then(found)
                return
        self.results.append(found)

    def leave_out(self, found: Absent) -> None:
        """Once, whatever the number of sittings."""
        known = {(a.op, a.contender, a.threads) for a in self.absent}
        if (found.op, found.contender, found.threads) not in known:
            self.absent.append(found)

    def of(self, op: str, threads: int) -> list[Result]:
        """Results of an operator, the fastest first."""
        found = [r for r in self.results if (r.op, r.threads) == (op, threads)]
        return sorted(found, key=lambda r: r.median_s)

    @property
    def wrong(self) -> list[Absent]:
        return [a for a in self.absent if a.wrong]


def to_json(run: Run) -> str:
    """The file of `--json`; docs/benchmarks.md describes it."""
    rows = [
        {**asdict(r), "median_s": r.median_s, "quartiles_s": r.quartiles_s} for r in run.results
    ]
    roofs = {
        str(n): {
            "flops_per_s": dict(r.flops),
            "bytes_per_s": dict(r.bytes),
        }
        for n, r in run.roofs.items()
    }
    data = {
        "machine": run.machine,
        "roofs": roofs,
        "results": rows,
        "absent": [asdict(a) for a in run.absent],
        "missing": run.missing,
        "versions": run.versions,
        "ops": run.ops,
        "settings": run.settings,
        "interrupted": run.interrupted,
    }
    return json.dumps(data, indent=1)


def from_json(path: str) -> Run:
    """The run in a file. Raises ArgumentError, which names the file, for anything else."""
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as e:
        raise ArgumentError(
            f"{path}: is not JSON ({e}); expected a file of polyc bench --json"
        ) from None
    try:
        rows = [{k: v for k, v in r.items() if k in Result.__slots__} for r in data["results"]]
        roofs = {
            int(n): Roofs(int(n), r["flops_per_s"], r["bytes_per_s"])
            for n, r in data["roofs"].items()
        }
        run = Run(
            data["machine"],
            data.get("settings", {}),
            roofs,
            data.get("versions", {}),
            data.get("missing", {}),
            data.get("ops", {}),
            [Result(**r) for r in rows],
            [Absent(**a) for a in data.get("absent", [])],
            data.get("interrupted", False),
        )
        _ = [(r.median_s, r.turn_bests_s) for r in run.results]
        return run
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as e:
        raise ArgumentError(
            f"{path}: is not a file of polyc bench --json: {type(e).__name__} {e}"
        ) from None


def write(path: str, text: str) -> None:
    """The whole file, or none of it."""
    target = Path(path)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
