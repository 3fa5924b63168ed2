"""`make schedules`: 5,000 random programs, each scheduled, proved legal and run against the oracle.

    POLYC_TEST_PROGRAMS=1000 POLYC_TEST_FIRST=2000 python -m tests.scheduler.many

The two variables say how many programs and from which seed on (5,000 and 0). Programs come from
both generators by turns, for fixed and open sizes, with options that take turns; every second one
is cut into tiles and threads as if its small arrays were large. The system ends a worker when one
program takes longer than the stated seconds. All times are of the processor: neighbours do not
count. Prints how long scheduling took, writes no file, and ends with status 1 and the seeds of all
failures.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import polyc
from polyc import hook
from polyc.scheduler import schedule as scheduling
from polyc.scheduler import tiling
from tests.property import generator
from tests.scheduler import random_programs

SECONDS = 60.0  # for one program, oracle included
STEPS = ("deps", "schedule", "certificate", "loops", "object")
EAGER = (("WORTH_THREADS", scheduling, 1), ("WORTH_A_TILE", tiling, 50))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one program: the seconds of each step, and what went wrong."""

    seed: int
    seconds: Mapping[str, float] = field(default_factory=dict)
    failure: str = ""


class Steps(logging.Handler):
    """Keeps the times that the driver logs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.seconds: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        match record.args:
            case (_, str() as step, float() as milliseconds):
                self.seconds[step] = self.seconds.get(step, 0.0) + milliseconds / 1e3


def program(seed: int) -> generator.Program:
    """A text, small sizes and inputs; of square arrays for every second seed."""
    if seed % 2:
        return generator.draw(seed)
    n = (5, 9, 2, 18, 33)[seed // 2 % 5]
    shapes = {"X": (n, n), "W": (n, n), "b": (n,)}
    inputs = tuple(generator.Input(name, "int32", shape, -3, 4) for name, shape in shapes.items())
    return generator.Program(random_programs.draw(seed), inputs, {"N": n})


def options(seed: int) -> dict[str, Any]:
    return {
        "fusion": ("auto", "max", "none")[seed // 2 % 3],
        "math": ("fast", "strict")[seed // 6 % 2],
        "threads": 1 + seed // 12 % 2,
        "backend": "llvm",
        "check": True,  # the certificate, or an InternalError
        "cache": False,
    }


def tried(seed: int) -> str:
    """What is wrong with a program's results; nothing is the answer of a right compiler."""
    p = program(seed)
    operator = polyc.compile(p.text)
    arguments = p.arguments(seed)
    kernel = operator.specialize({} if seed // 4 % 3 == 0 else p.sizes)
    found, expected = kernel(**arguments), operator.reference(**arguments)
    if not isinstance(found, tuple):
        found, expected = (found,), (expected,)
    for spec, got, want in zip(operator.outputs, found, expected, strict=True):
        if not np.array_equal(got.astype(want.dtype), want):
            return f"{spec.name} is not what the oracle computes"
    return ""


def work(first: int, last: int, step: int, send: Any) -> None:
    """Tries the seeds first, first + step, ... before last."""
    log = logging.getLogger("polyc")
    log.setLevel(logging.DEBUG)
    log.propagate = False
    hook.perf_counter = time.process_time  # type: ignore[attr-defined]
    usual = [getattr(module, name) for name, module, _ in EAGER]
    for seed in range(first, last, step):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # its signal ends the process
        for (name, module, eager), value in zip(EAGER, usual, strict=True):
            setattr(module, name, eager if seed // 2 % 2 else value)
        steps = Steps()
        log.addHandler(steps)
        try:
            with polyc.config(**options(seed)):
                failure = tried(seed)
        except Exception as e:
            failure = f"{type(e).__name__}: {e}"
        log.removeHandler(steps)
        send.send(Outcome(seed, steps.seconds, failure))


def outcomes(first: int, last: int, step: int) -> Iterator[Outcome]:
    """Of a share of the seeds; a worker that dies is replaced behind its last seed."""
    context = multiprocessing.get_context("spawn")
    while first < last:
        receive, send = context.Pipe(duplex=False)
        worker = context.Process(target=work, args=(first, last, step, send))
        worker.start()
        send.close()
        try:
            while True:
                yield receive.recv()
                first += step
        except EOFError:
            worker.join()
        if first < last:
            code = worker.exitcode or 0
            how = signal.Signals(-code).name if code < 0 else f"status {code}"
            yield Outcome(first, failure=f"the process ended with {how}")
            first += step


def table(done: list[Outcome]) -> str:
    """Milliseconds of each step over the programs."""
    lines = [
        f"{'milliseconds':14}" + "".join(f"{t:>9}" for t in ("min", "median", "p90", "p99", "max"))
    ]
    for step in STEPS:
        times = [1e3 * o.seconds[step] for o in done if step in o.seconds]
        if times:
            figures = np.quantile(times, (0, 0.5, 0.9, 0.99, 1))
            lines.append(f"{step:14}" + "".join(f"{x:9.2f}" for x in figures))
    return "\n".join(lines)


def main() -> int:
    count = int(os.environ.get("POLYC_TEST_PROGRAMS", "5000"))
    first = int(os.environ.get("POLYC_TEST_FIRST", "0"))
    cores = min(2, os.cpu_count() or 1)
    done: list[Outcome] = []

    def share(k: int) -> None:
        for o in outcomes(first + k, first + count, cores):
            done.append(o)
            if len(done) % 250 == 0 or o.failure:
                print(f"{len(done)} done {o.failure and f'(seed {o.seed} failed)'}", flush=True)

    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(share, range(cores)))
    failed = sorted((o for o in done if o.failure), key=lambda o: o.seed)
    for o in failed:
        print(f"seed {o.seed}: {o.failure}\n{program(o.seed).text}\n")
    print(table(done))
    slowest = max(done, key=lambda o: o.seconds.get("schedule", 0.0))
    print(f"{len(done)} programs, {len(failed)} failures; the slowest has seed {slowest.seed}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
