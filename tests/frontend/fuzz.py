"""`make fuzz`: 100,000 wild texts. Each gives a result or a LanguageError, soon, in bounded memory.

    python -m tests.frontend.fuzz [COUNT [FIRST_SEED]]

Every worker is a process of its own with a limit of memory; the system ends it when one text takes
longer than the stated seconds of processor time. Status 1 with the seeds of all failures.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from polyc.frontend.catalog import CATALOG
from tests.frontend.mutations import outcome, wild

SECONDS = 20.0  # of processor time for one text; the rare ones of 10,000 statements take 6
FINE = {*CATALOG, "ok", "constants", "consts"}
MEMORY = 3 << 30  # of addresses for one worker, libraries included


@dataclass(slots=True)
class Tally:
    """What one worker found; sent to the parent at its end."""

    codes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, -1)  # seconds of processor time, seed


def work(first: int, last: int, step: int, at: Any, send: Any) -> None:
    """Tries the seeds first, first + step, ... before last; `at` is the one being tried."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    tally = Tally()
    for seed in range(first, last, step):
        at.value = seed
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # its signal ends the process
        start = time.process_time()
        try:
            w = wild(seed)
            code = outcome(w.text, **w.options)
            tally.codes[code] += 1
            if code not in FINE:
                tally.failures.append(f"seed {seed}: {code}")
        except Exception as e:
            where = traceback.extract_tb(e.__traceback__)[-1]
            tally.failures.append(f"seed {seed}: {e!r:.120} at {where.filename}:{where.lineno}")
        tally.slowest = max(tally.slowest, (time.process_time() - start, seed))
        if len(tally.failures) > 50:
            break
    signal.setitimer(signal.ITIMER_PROF, 0)
    send.send(tally)


def run(first: int, last: int, step: int) -> Tally:
    """Works on a share of the seeds; a worker that dies is replaced behind its last seed."""
    total = Tally()
    context = multiprocessing.get_context("spawn")
    at = context.Value("q", first)
    while first < last:
        receive, send = context.Pipe(duplex=False)
        worker = context.Process(target=work, args=(first, last, step, at, send))
        worker.start()
        send.close()
        part = None
        with contextlib.suppress(EOFError):
            part = receive.recv()
        worker.join()
        if part is not None:
            total.codes += part.codes
            total.failures += part.failures
            total.slowest = max(total.slowest, part.slowest)
            break
        name = signal.Signals(-worker.exitcode).name if worker.exitcode else "no answer"
        total.failures.append(f"seed {at.value}: the process ended with {name}")
        first = at.value + step
    return total


def main(count: int, first: int) -> int:
    cores = min(2, os.cpu_count() or 1)
    start = time.perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        shares = list(pool.map(lambda k: run(first + k, first + count, cores), range(cores)))
    codes: Counter[str] = Counter()
    failures: list[str] = []
    for share in shares:
        codes += share.codes
        failures += share.failures
    seconds, seed = max(share.slowest for share in shares)
    print(", ".join(f"{code} {n}" for code, n in codes.most_common()))
    print(
        f"{codes.total()} texts in {time.perf_counter() - start:.0f} s, {len(failures)} failures;"
    )
    print(f"the slowest took {seconds:.1f} s of processor time (seed {seed})")
    print("\n".join(failures))
    return int(bool(failures))


if __name__ == "__main__":
    numbers = [int(a) for a in sys.argv[1:]]
    sys.exit(main(*(numbers + [100_000, 0][len(numbers) :])))
