"""The child process of one contender: answers commands that come as lines of JSON.

    build  {case, einsum, folder}   compiles, runs once, leaves result files in the folder
    time   {calls, warm, flush, clock}     seconds of each call
    about                           what the compiler says of the operator
    drop                            forgets it

What libraries print goes to stderr. An answer has "ok"; where it is false, "error".
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from polyc.bench.cases import Case
from polyc.bench.contenders import CONTENDERS, Built, Contender
from polyc.errors import PolycError

# The processor's time leaves out what other processes took; it adds the threads up.
CLOCKS = {"wall": perf_counter, "cpu": process_time}


class Worker:
    def __init__(self, contender: Contender) -> None:
        self._contender = contender
        self._built: Built | None = None
        self._flush: Any = None

    def build(self, case: Mapping[str, Any], einsum: str | None, folder: str) -> Mapping[str, Any]:
        self.drop()
        files = sorted(Path(folder).glob("in-*.npy"))
        given = [aligned(np.load(f)) for f in files]
        start = perf_counter()
        found = self._contender.build(Case(**case), einsum, given)
        if isinstance(found, str):
            return {"why_not": found}
        found.call()
        seconds = perf_counter() - start
        for k, x in enumerate(found.results()):
            np.save(Path(folder, f"out-{k:02}.npy"), x)
        self._built = found
        return {
            "compile_s": seconds,
            "outputs": len(found.results()),
            "code_bytes": found.code_bytes,
            "lines": found.lines,
        }

    def time(self, calls: int, warm: int, flush: int, clock: str) -> Mapping[str, Any]:
        assert self._built is not None
        now = CLOCKS[clock]
        call, samples = self._built.call, []
        for _ in range(warm):
            call()
        gc.disable()
        for _ in range(calls):
            if flush:
                self._empty_caches(flush)
            start = now()
            call()
            samples.append(now() - start)
        gc.enable()
        return {"samples_s": samples}

    def _empty_caches(self, size: int) -> None:
        """Writes so many bytes of something else."""
        if self._flush is None or self._flush.nbytes != size:
            self._flush = np.zeros(size, np.uint8)
        self._flush += 1

    def about(self) -> Mapping[str, Any]:
        describe = self._built.describe if self._built else None
        return {"about": None if describe is None else dict(describe())}

    def drop(self) -> Mapping[str, Any]:
        self._built = None
        gc.collect()
        return {}


def aligned(x: Any) -> Any:
    """A copy in C order whose first element lies at a multiple of 64 bytes."""
    raw = np.empty(x.nbytes + 64, np.uint8)
    start = -raw.ctypes.data % 64
    out = raw[start : start + x.nbytes].view(x.dtype).reshape(x.shape)
    out[...] = x
    return out


def answer(f: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """What f gives, or its error: a message of polyc's own, or a traceback's last lines."""
    try:
        return {"ok": True, **f()}
    except PolycError as e:
        return {"ok": False, "error": str(e)}
    except Exception as e:  # a library may raise anything; the run goes on without it
        traceback.print_exc()
        return {"ok": False, "error": f"{type(e).__name__}: {e}"[:600]}


def _end_with_parent() -> None:
    """A stopped process whose parent was killed would stay for ever; Linux can end it."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None and sys.platform == "linux":
        prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG


def main(name: str, threads: int) -> None:
    _end_with_parent()
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr

    def send(reply: Mapping[str, Any]) -> None:
        replies.write(json.dumps(reply) + "\n")

    made: list[Contender] = []

    def start() -> Mapping[str, Any]:
        entry = CONTENDERS[name]
        module = importlib.import_module(f"polyc.bench.contenders.{entry.module}")
        made.append(module.contender(threads, **entry.options))
        return {"versions": dict(made[0].versions())}

    first = answer(start)
    send(first)
    if not first["ok"]:
        return
    worker = Worker(made[0])
    commands: dict[str, Callable[..., Mapping[str, Any]]] = {
        "build": worker.build,
        "time": worker.time,
        "about": worker.about,
        "drop": worker.drop,
    }
    for line in sys.stdin:
        request = json.loads(line)
        command = commands[request.pop("command")]
        send(answer(lambda command=command, request=request: command(**request)))  # type: ignore[misc]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
    os._exit(0)  # pools of threads that do not end by themselves
