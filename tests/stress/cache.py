"""Many processes compile on one cold cache while some are killed: `make stress`.

Every process that is not killed must end well, with right results; what the killed leave behind
must be whole entries, or temporary files that the next look removes.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from polyc import cache, cache_upkeep
from tests.stress.pool import check

_KINDS = 360  # different compilations


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened. `failed` has the status and the errors of processes that ended badly."""

    ended: int
    killed: int
    failed: tuple[str, ...]
    entries: int
    bad: tuple[str, ...]
    leftovers: int
    strangers: tuple[str, ...]  # locks, or anything else that is no entry

    @property
    def good(self) -> bool:
        return not (self.failed or self.bad or self.strangers)


def work(seed: int, count: int, kinds: int) -> None:
    """One process: `count` compilations in an order of its own."""
    order = random.Random(seed)
    for _ in range(count):
        check(order.randrange(kinds))


def run(
    processes: int,
    count: int,
    kills: int,
    where: Path,
    *,
    seed: int = 1,
    kinds: int = _KINDS,
    pause: float = 1.5,
) -> Outcome:
    """Starts `processes` at once and kills `kills` of them with SIGKILL, `pause` seconds at most
    after each other."""
    order = random.Random(seed)
    environment = {**os.environ, "POLYC_CACHE_DIR": str(where), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "error", "-m", "tests.stress.cache", "--work"]
    started = [
        subprocess.Popen(
            [*command, str(seed * 1000 + n), str(count), str(kinds)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(processes)
    ]
    killed = _kill(started, kills, order, pause)
    failed = []
    for n, p in enumerate(started):
        _, errors = p.communicate()
        if n not in killed and p.returncode != 0:
            failed.append(f"{p.returncode}: {errors[-2000:]}")
    return _outcome(where, processes, len(killed), tuple(failed))


def _kill(
    started: list[subprocess.Popen[str]], kills: int, order: random.Random, pause: float
) -> set[int]:
    """Numbers of the processes killed, one after another, while they work."""
    victims = order.sample(range(len(started)), kills)
    killed = set()
    for n in victims:
        time.sleep(order.uniform(0.05, pause))
        if started[n].poll() is None:
            started[n].kill()
            killed.add(n)
    return killed


def _outcome(where: Path, processes: int, killed: int, failed: tuple[str, ...]) -> Outcome:
    entries = cache_upkeep.entries(where)
    left = [p for p in where.iterdir() if p.name.startswith(".")]
    for p in left:
        os.utime(p, (0, 0))  # as they will be in an hour
    cache_upkeep.shrink(where, cache.LIMIT)
    rest = [p.name for p in where.iterdir() if p not in {e.path for e in entries}]
    bad = tuple(f"{e.path.name}: {e.problem}" for e in entries if e.problem)
    ended = processes - killed - len(failed)
    return Outcome(ended, killed, failed, len(entries), bad, len(left), tuple(rest))


def main(processes: int = 50, count: int = 200, kills: int = 15) -> None:
    with tempfile.TemporaryDirectory(prefix="polyc-stress-") as folder:
        start = time.monotonic()
        found = run(processes, count, kills, Path(folder, "cache"), pause=6)
        print(f"{processes} processes x {count} compilations, {time.monotonic() - start:.0f} s")
        print(found)
        raise SystemExit(0 if found.good else 1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(*map(int, sys.argv[2:5]))
    else:
        main(*map(int, sys.argv[1:4]))
