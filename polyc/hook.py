"""The hook around every step of the pipeline: times, the logger `polyc`, and POLYC_DUMP."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from polyc import options as settings
from polyc.errors import ArgumentError

LOG = logging.getLogger("polyc")  # POLYC_LOG=debug shows the times of each step on stderr
T = TypeVar("T")
_NUMBERS = itertools.count(1)


@dataclass(slots=True)
class Hook:
    """Runs the steps of one compilation."""

    name: str
    folder: str | None
    seconds: list[tuple[str, float]] = field(default_factory=list)
    number: int = field(default_factory=lambda: next(_NUMBERS))

    def __call__(self, step: str, ending: str, f: Callable[[], T]) -> T:
        start = perf_counter()
        value = f()
        self.seconds.append((step, perf_counter() - start))
        LOG.debug("%s: %s took %.2f ms", self.name, step, 1e3 * self.seconds[-1][1])
        if self.folder:
            self.dump(f"{len(self.seconds):02}-{step}.{ending}", value)
        return value

    def dump(self, name: str, value: object) -> None:
        folder = Path(self.folder or ".")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.number:03}-{self.name[:80]}-{name}"  # a name has no slash
        if isinstance(value, bytes):
            path.write_bytes(value)
        else:
            path.write_text(f"{value}\n", encoding="utf-8")


def log_as_asked() -> None:
    """Sets the level of the logger as POLYC_LOG says; ArgumentError where it is no level."""
    level = (settings.places().log or "").upper()
    if not level:
        return
    if level not in logging.getLevelNamesMapping():
        known = ", ".join(logging.getLevelNamesMapping()).lower()
        raise ArgumentError(f"environment variable POLYC_LOG: found {level!r}, expected {known}")
    LOG.setLevel(level)
    if not LOG.hasHandlers():
        LOG.addHandler(logging.StreamHandler())
