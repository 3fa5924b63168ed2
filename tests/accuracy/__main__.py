"""The accuracy table of docs/math.md: `make accuracy`.

Every float32 goes through every function of one argument (minutes for each on one core; --step N
takes each N-th), 20,000 points of float64 through mpmath, and pairs through those of two arguments.
What is done is kept in build/accuracy.json, so that a run that was stopped goes on; a function
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
STATE = ROOT / "build" / "accuracy.json"
CHUNK = 1 << 21  # results at a time
State = dict[str, dict[str, Any]]


def code_of(fn: str) -> str:
    text = str(kernel(fn, FLOAT32, "host")) + str(kernel(fn, FLOAT64, "host"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def load() -> State:
    return json.loads(STATE.read_text()) if STATE.exists() else {}


def save(state: State) -> None:
    STATE.parent.mkdir(exist_ok=True)
    new = STATE.with_suffix(".new")
    new.write_text(json.dumps(state, indent=1))
    new.replace(STATE)


def sweep(fn: str, step: int, state: State) -> None:
    """Every step-th float32, from where an earlier run stopped."""
    row, run = ROWS[fn], function(fn, FLOAT32)
    done = state.setdefault(fn, {"code": code_of(fn)})
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
        save(state)


def doubles(fn: str, state: State, n: int) -> None:
    """float64 against mpmath; functions of two arguments in float32 too."""
    done = state[fn]
    xs = (points(FLOAT64, n),) if ROWS[fn].arity == 1 else pairs(FLOAT64, n // 2)
    e = distance64(fn, function(fn, FLOAT64)(*xs), xs)
    k = int(np.argmax(e))
    done |= {"worst64": float(e[k]), "at64": [float(x[k]) for x in xs], "points64": len(e)}
    save(state)


def two(fn: str, state: State, n: int = 1_000_000) -> None:
    done = state.setdefault(fn, {"code": code_of(fn)})
    xs = pairs(FLOAT32, n)
    with np.errstate(all="ignore"):
        wide = ROWS[fn].wide(*(x.astype(float) for x in xs))
    e = distance32(function(fn, FLOAT32)(*xs), wide)
    k = int(np.argmax(e))
    done |= {"worst": float(e[k]), "at": [float(x[k]) for x in xs], "points": len(e)}
    save(state)


@click.command()
@click.argument("functions", nargs=-1)
@click.option("--step", default=1, show_default=True, help="take every N-th float32")
@click.option("--points", "n", default=20_000, show_default=True, help="points of float64")
@click.option("--nice", default=15, show_default=True, help="steps back for other processes")
def main(functions: tuple[str, ...], step: int, n: int, nice: int) -> None:
    os.nice(nice)
    state, failed = load(), []
    for fn in functions or ROWS:
        if state.get(fn, {}).get("code") != code_of(fn):
            state.pop(fn, None)
        start = time.process_time()
        if ROWS[fn].arity == 2:
            two(fn, state)
        else:
            sweep(fn, step, state)
        if "worst64" not in state[fn]:
            doubles(fn, state, n)
        done, bound = state[fn], ROWS[fn].bound
        ok = max(done["worst"], done["worst64"]) <= bound
        failed += [] if ok else [fn]
        seconds = time.process_time() - start
        worst = f"float32 {done['worst']:.3f} at {done['at']!r}, float64 {done['worst64']:.3f}"
        print(f"{fn:10} {'' if ok else 'NOT '}within {bound} ulp: {worst}, {seconds:.0f} s")
        sys.stdout.flush()
    written(ROOT / "docs" / "math.md", state)
    if failed:
        sys.exit(f"beyond their bounds: {', '.join(failed)}")


if __name__ == "__main__":
    main()
