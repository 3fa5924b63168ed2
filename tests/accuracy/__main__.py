"""The accuracy table of docs/math.md: `make accuracy`.

Every float32 goes through every function of one argument (minutes for each on one core; --step N
takes each N-th), 20,000 points of float64 through mpmath, and pairs through those of two arguments.
What is done is kept in build/accuracy, so that a run that was stopped goes on; a function
whose code has changed starts anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import click
import numpy as np

from polyc.frontend.dtypes import FLOAT32, FLOAT64
from tests.accuracy.measure import (
    distance32,
    distance64,
    function,
    kernel,
    pairs,
    points,
    sample,
)
from tests.accuracy.rows import ROWS
from tests.accuracy.table import written

ROOT = Path(__file__).resolve().parent.parent.parent
STATE = ROOT / "build" / "accuracy"  # a file for each function
CHUNK = 1 << 21  # results at a time
Done = dict[str, Any]


def code_of(fn: str) -> str:
    text = str(kernel(fn, FLOAT32, "host")) + str(kernel(fn, FLOAT64, "host"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def load(fn: str) -> Done:
    """What an earlier run found with the same code."""
    path = STATE / f"{fn}.json"
    done: Done = json.loads(path.read_text()) if path.exists() else {}
    return done if done.get("code") == code_of(fn) else {"code": code_of(fn)}


def save(fn: str, done: Done) -> None:
    STATE.mkdir(parents=True, exist_ok=True)
    new = STATE / f"{fn}.new"
    new.write_text(json.dumps(done, indent=1) + "\n")
    new.replace(STATE / f"{fn}.json")


def sweep(fn: str, step: int, done: Done) -> None:
    """Every step-th float32, from where an earlier run stopped."""
    row, run = ROWS[fn], function(fn, FLOAT32)
    if done.get("step") != step:
        done |= {"step": step, "next": 0, "worst": 0.0, "at": 0.0}
    while done["next"] < 1 << 32:
        x = sample(step, done["next"], CHUNK * step)
        with np.errstate(all="ignore"):
            wide = row.wide(x.astype(float))
        e = distance32(run(x), wide)
        k = int(np.argmax(e))
        if e[k] > done["worst"]:
            done |= {"worst": float(e[k]), "at": float(x[k])}
        done["next"] += len(x) * step
        save(fn, done)


def doubles(fn: str, n: int, done: Done) -> None:
    """float64 against mpmath; functions of two arguments in float32 too."""
    xs = (points(FLOAT64, n),) if ROWS[fn].arity == 1 else pairs(FLOAT64, n // 2)
    e = distance64(fn, function(fn, FLOAT64)(*xs), xs)
    k = int(np.argmax(e))
    done |= {"worst64": float(e[k]), "at64": [float(x[k]) for x in xs], "points64": len(e)}
    done["asked64"] = n
    save(fn, done)


def two(fn: str, done: Done, n: int = 1_000_000) -> None:
    xs = pairs(FLOAT32, n)
    with np.errstate(all="ignore"):
        wide = ROWS[fn].wide(*(x.astype(float) for x in xs))
    e = distance32(function(fn, FLOAT32)(*xs), wide)
    k = int(np.argmax(e))
    done |= {"worst": float(e[k]), "at": [float(x[k]) for x in xs], "points": len(e)}
    save(fn, done)


@click.command()
@click.argument("functions", nargs=-1)
@click.option("--step", default=1, show_default=True, help="take every N-th float32")
@click.option("--points", "n", default=20_000, show_default=True, help="points of float64")
@click.option("--nice", default=15, show_default=True, help="steps back for other processes")
def main(functions: tuple[str, ...], step: int, n: int, nice: int) -> None:
    os.nice(nice)
    failed = []
    for fn in functions or ROWS:
        done = load(fn)
        start = time.process_time()
        if ROWS[fn].arity == 2:
            two(fn, done)
        else:
            sweep(fn, step, done)
        if done.get("asked64") != n:
            doubles(fn, n, done)
        written(ROOT / "docs" / "math.md", {fn: done})
        bound = ROWS[fn].bound
        ok = max(done["worst"], done["worst64"]) <= bound
        failed += [] if ok else [fn]
        seconds = time.process_time() - start
        worst = f"float32 {done['worst']:.3f} at {done['at']!r}, float64 {done['worst64']:.3f}"
        print(f"{fn:10} {'' if ok else 'NOT '}within {bound} ulp: {worst}, {seconds:.0f} s")
        sys.stdout.flush()
    if failed:
        sys.exit(f"beyond their bounds: {', '.join(failed)}")


if __name__ == "__main__":
    main()
