"""`Process`: a contender's own process, which runs only while it is its turn.

It is stopped (SIGSTOP) at all other times: pools of threads that spin while they wait would take
the processor from whoever measures next.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

THREADS = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"),
    *("NUMBA_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
)
# Freed memory stays in the process: else page faults of fresh results are most of the time of large
# operators, for every library that makes a new result in each call.
_MALLOC = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 34)}


class Gone(Exception):
    """A contender's process ended, or did not answer in time."""


class Process:
    def __init__(self, name: str, threads: int, cpus: list[int]) -> None:
        """Starts it. Raises Gone where the contender cannot be loaded."""
        self._log = tempfile.TemporaryFile()  # noqa: SIM115, open as long as the process runs
        self._unread = b""
        count = {k: str(threads) for k in THREADS}
        environment = {**os.environ, **count, **_MALLOC, "TF_CPP_MIN_LOG_LEVEL": "3"}
        if "jax" in name:  # XLA counts the processors that it may use
            environment["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={str(threads > 1).lower()}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "polyc.bench.worker", name, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the parent, which ends its children
        )
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self._process.pid, cpus)
        try:
            self.versions: dict[str, str] = self._checked(self._answer(120))["versions"]
            self._signal("SIGSTOP")
        except BaseException:
            self.end()
            raise

    def ask(self, command: str, seconds: float = 120, **request: Any) -> dict[str, Any]:
        """The answer to a command. Raises Gone for an error, and where none comes in time."""
        self._signal("SIGCONT")
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{json.dumps({'command': command, **request})}\n".encode())
            self._process.stdin.flush()
        except OSError:
            raise Gone(self._ended()) from None
        reply = self._answer(seconds)
        self._signal("SIGSTOP")
        return self._checked(reply)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Ends it and what it started."""
        self._signal("SIGKILL")
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            with contextlib.suppress(OSError):  # what was not flushed has no reader any more
                if stream is not None:
                    stream.close()

    def _answer(self, seconds: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        stream, end = self._process.stdout.fileno(), time.monotonic() + seconds
        while b"\n" not in self._unread:
            left = end - time.monotonic()
            if left <= 0 or not select.select([stream], [], [], left)[0]:
                self._signal("SIGKILL")
                raise Gone(f"no answer in {seconds:.0f} s")
            piece = os.read(stream, 1 << 16)
            if not piece:
                raise Gone(self._ended())
            self._unread += piece
        line, _, self._unread = self._unread.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found

    def _checked(self, reply: dict[str, Any]) -> dict[str, Any]:
        if not reply.pop("ok"):
            raise Gone(reply["error"])
        return reply

    def _ended(self) -> str:
        status = self._process.wait()
        self._log.seek(0)
        last = self._log.read().decode(errors="replace").strip().splitlines()[-1:]
        return ": ".join([f"its process ended with status {status}", *last])

    def _signal(self, name: str) -> None:
        if self._process.poll() is None and hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, getattr(signal, name))
