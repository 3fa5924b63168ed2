"""The measurement: every contender is right first, and then they take turns.

A turn is a call to warm up and as many timed calls as fit `turn_s`; who begins a round changes.
A contender runs in a process of its own, with `threads` processors, and is stopped while others
run. Compilation, checks and conversions are not timed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from polyc import roofs
from polyc.bench.cases import Case, Facts, error, facts, inputs, reference
from polyc.bench.contenders import CONTENDERS
from polyc.bench.machine import cpus, machine
from polyc.bench.process import Gone, Process
from polyc.bench.results import Absent, Result, Run
from polyc.bench.worker import CLOCKS
from polyc.errors import ArgumentError, ResourceError
from polyc.target import target

Array = Any
Progress = Callable[[int, int, str], None]  # steps done, steps in all, what runs now


@dataclass(frozen=True, slots=True)
class Settings:
    """How long to measure.

    rounds     turns of each contender on an operator, fewer where `budget_s` is spent
    sittings   how often all is begun anew, with fresh processes, and the turns shared among them:
               where a process's arrays lie in memory changes its times, for as long as it lives
    turn_s     seconds of a turn
    budget_s   seconds of one contender on one operator
    compile_s  seconds after which a contender that is not ready is given up
    cold       empty the caches before every call
    clock      "wall", or "cpu": the process's own time, for one thread on a busy machine
    """

    rounds: int = 12
    sittings: int = 3
    turn_s: float = 0.01
    budget_s: float = 1.5
    compile_s: float = 120
    cold: bool = False
    clock: str = "wall"


@dataclass(slots=True)
class _Racer:
    """A contender on the operator that is being measured."""

    name: str
    process: Process
    ready: Mapping[str, Any]  # what it said when it had compiled
    error: float
    calls: int = 1
    rounds: int = 1
    warm: int = 1
    samples: list[float] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)


def run(
    cases: Sequence[Case],
    names: Sequence[str],
    threads: Sequence[int],
    settings: Settings,
    progress: Progress = lambda *_: None,
) -> Run:
    """Measures; an interrupt (Ctrl-C) ends it early, with what there is and `interrupted` set."""
    out = Run(machine(), asdict(settings))
    for name in names:
        if missing := CONTENDERS[name].missing():
            entry = CONTENDERS[name]
            out.missing[name] = f"needs {', '.join(missing)}: {entry.install}"
    present = [n for n in names if n not in out.missing]
    try:
        plan = [(n, k + 1 == settings.sittings) for n in threads for k in range(settings.sittings)]
        for k, (n, last) in enumerate(plan):
            part = _part(progress, k, len(plan))
            _sitting(out, cases, present, n, settings, part, last)
    except KeyboardInterrupt:
        out.interrupted = True
    return out


def _part(progress: Progress, k: int, parts: int) -> Progress:
    return lambda done, of, what: progress(k * of + done, parts * of, what)


def _sitting(
    out: Run,
    cases: Sequence[Case],
    names: Sequence[str],
    threads: int,
    settings: Settings,
    progress: Progress,
    last: bool,
) -> None:
    """All operators once, in new processes. What the compiler says is asked in the last one."""
    steps = len(cases) * (len(names) + 1) + 1
    progress(0, steps, f"roofs, {threads} thread{'s' * (threads > 1)}")
    found = _roofs(threads, CLOCKS[settings.clock])
    out.roofs[threads] = found.best(out.roofs.get(threads, found))
    processes: dict[str, Process] = {}
    broken: dict[str, str] = {}
    try:
        for k, case in enumerate(cases):

            def say(done: int, what: str, k: int = k) -> None:
                progress(1 + k * (len(names) + 1) + done, steps, what)

            try:
                with tempfile.TemporaryDirectory(prefix="polyc-bench-") as folder:
                    one = _Operator(out, case, threads, settings, folder)
                    for j, name in enumerate(names):
                        say(j, f"{case.name}: {name}")
                        one.prepare(name, processes, broken)
                    say(len(names), f"{case.name}: by turns")
                    one.measure(last)
            except (ResourceError, MemoryError, OSError) as e:  # too large for this machine
                why = f"no room for it: {e}"
                for name in names:
                    out.leave_out(Absent(case.name, name, threads, why))
        progress(steps, steps, "done")
    finally:
        for process in processes.values():
            process.end()


def _roofs(threads: int, clock: roofs.Clock) -> roofs.Roofs:
    """On the processors that contenders will have."""
    if not hasattr(os, "sched_setaffinity"):
        return roofs.measure(threads, clock)
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cpus(threads))
    try:
        return roofs.measure(threads, clock)
    finally:
        os.sched_setaffinity(0, own)


class _Operator:
    """One operator: its inputs in a folder, its reference, and the contenders that are right."""

    def __init__(self, out: Run, case: Case, threads: int, settings: Settings, folder: str) -> None:
        kernel = case.kernel()
        self._out, self._case, self._threads = out, case, threads
        self._settings, self._folder = settings, Path(folder)
        self._facts: Facts = facts(kernel)
        given = inputs(case, kernel)
        for k, x in enumerate(given):
            np.save(self._folder / f"in-{k:02}.npy", x)
        self._wanted = reference(case, self._facts, given)
        self._racers: list[_Racer] = []
        out.ops.setdefault(case.name, {})
        self._note("nothing" if self._wanted is None else self._wanted[1])

    def _note(self, compared: str) -> None:
        known = self._facts
        self._out.ops[self._case.name] = {
            "text": self._case.text,
            "sizes": dict(self._case.sizes),
            "einsum": known.einsum,
            "flops": known.flops,
            "bytes": known.bytes,
            "reference": compared,
        }

    def prepare(self, name: str, processes: dict[str, Process], broken: dict[str, str]) -> None:
        """Starts the contender where it is not running, and enters it where its result is right."""
        if name in broken:
            self._absent(name, broken[name])
            return
        if name not in processes or not processes[name].alive:
            try:
                processes[name] = Process(name, self._threads, cpus(self._threads))
            except Gone as e:
                broken[name] = f"cannot be started: {e}"
                self._absent(name, broken[name])
                return
            self._out.versions[name] = processes[name].versions
        process = processes[name]
        try:
            self._build(name, process)
        except (Gone, ArgumentError) as e:
            self._absent(name, str(e))

    def _build(self, name: str, process: Process) -> None:
        for old in self._folder.glob("out-*.npy"):
            old.unlink()
        ready = process.ask(
            "build",
            self._settings.compile_s,
            case=asdict(self._case),
            einsum=self._facts.einsum,
            folder=str(self._folder),
        )
        if "why_not" in ready:
            self._absent(name, ready["why_not"])
            return
        found = [np.load(f) for f in sorted(self._folder.glob("out-*.npy"))]
        if self._wanted is None:  # too large for the oracle: the first contender's word counts
            self._wanted = found, name
            self._note(f"{name}, which was not checked itself")
        apart, limit = error(found, self._wanted[0])
        if apart > limit:
            why = f"wrong: differs from {self._wanted[1]} by {apart:.1e}, limit {limit:.0e}"
            self._absent(name, why, wrong=True)
            return
        racer = _Racer(name, process, ready, apart)
        self._pace(racer)
        self._racers.append(racer)

    def _pace(self, racer: _Racer) -> None:
        """How many calls a turn has, and how many turns there are."""
        chosen = self._settings
        once: dict[str, Any] = {"calls": 1, "warm": 0, "flush": 0, "clock": "wall"}
        first: float = racer.process.ask("time", **once)["samples_s"][0]
        whole = first + (0.03 if chosen.cold else 0)
        racer.calls = int(max(1, min(200, chosen.turn_s / max(whole, 1e-7))))
        racer.warm = int(first < chosen.budget_s / 8)
        turn = max(whole * (racer.calls + racer.warm), 1e-7)
        most = min(chosen.rounds, chosen.budget_s / turn) / chosen.sittings
        racer.rounds = int(max(1, ceil(most)))

    def measure(self, last: bool) -> None:
        """The turns. What was measured is entered also where an interrupt ends them."""
        entered: list[_Racer] = []
        try:
            for k in range(max((r.rounds for r in self._racers), default=0)):
                first = k % len(self._racers)
                for racer in (*self._racers[first:], *self._racers[:first]):
                    if k < racer.rounds:
                        self._turn(racer)
            for racer in self._racers:
                about = self._about(racer) if last else None
                entered.append(racer)
                self._enter(racer, about)
        except KeyboardInterrupt:
            for racer in self._racers:
                if racer not in entered:
                    self._enter(racer, None)
            raise

    def _turn(self, racer: _Racer) -> None:
        flush = 2 * target().l3_bytes if self._settings.cold else 0
        request: dict[str, Any] = {"calls": racer.calls, "warm": 0 if flush else racer.warm}
        request |= {"flush": flush, "clock": self._settings.clock}
        try:
            found = racer.process.ask("time", 300, **request)["samples_s"]
        except Gone as e:
            self._absent(racer.name, f"while it was timed: {e}")
            racer.rounds, racer.samples = 0, []
            return
        racer.samples += found
        racer.turns.append(len(found))

    def _about(self, racer: _Racer) -> Mapping[str, Any] | None:
        if not racer.samples:
            return None
        try:
            about: Mapping[str, Any] | None = racer.process.ask("about", 300)["about"]
        except Gone as e:
            return {"explanation": f"none: {e}", "bytes_moved": {}}
        return about

    def _enter(self, racer: _Racer, about: Mapping[str, Any] | None) -> None:
        if not racer.samples:
            return
        code = {k: racer.ready[k] for k in ("compile_s", "code_bytes", "lines")}
        known = self._facts
        found = Result(
            *(self._case.name, racer.name, self._threads, racer.samples, racer.turns),
            *(known.flops, known.bytes, racer.error),
            **code,
            sittings=[len(racer.turns)],
            about=about,
        )
        self._out.enter(found)

    def _absent(self, name: str, why: str, wrong: bool = False) -> None:
        self._out.leave_out(Absent(self._case.name, name, self._threads, why, wrong))
