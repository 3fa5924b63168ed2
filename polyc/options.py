"""`Options`: what a user may choose. The one place that reads the environment.

Precedence: argument > `with polyc.config(...)` > `POLYC_*` > default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from polyc import quota
from polyc.errors import ArgumentError


@dataclass(frozen=True, slots=True)
class Options:
    """How to compile and run; every field has a `POLYC_` variable of its upper-case name.

    backend   "llvm" (in process) or "c" (the system's cc)
    target    "host", an x86-64 level ("x86-64-v2", "-v3", "-v4"), "aarch64" or "riscv64"
    threads   threads a kernel may use; None: OMP_NUM_THREADS, else the CPUs this process may use
    math      "fast" may reassociate reductions and contract multiply-adds; "strict" keeps order
    fusion    "auto" by the cost model, "max" whenever legal, "none" never
    check     prove every schedule legal, and test every access inside kernels; for debugging
    cache     keep compiled objects on disk
    budget    isl operations that a scheduling phase may use before it falls back to textual order
    """

    backend: Literal["llvm", "c"] = "llvm"
    target: str = "host"
    threads: int | None = None
    math: Literal["fast", "strict"] = "fast"
    fusion: Literal["auto", "max", "none"] = "auto"
    check: bool = False
    cache: bool = True
    budget: int = 2_000_000

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            value = getattr(self, name)
            if value not in allowed:
                raise ArgumentError(
                    f"option {name}: found {value!r}, expected one of {', '.join(allowed)}"
                )
        for name, low in (("threads", 1), ("budget", 1)):
            value = getattr(self, name)
            if value is None and name == "threads":
                continue
            if not isinstance(value, int) or isinstance(value, bool) or value < low:
                raise ArgumentError(f"option {name}: found {value!r}, expected an integer >= {low}")
        for name in ("check", "cache"):
            value = getattr(self, name)
            if not isinstance(value, bool):
                raise ArgumentError(f"option {name}: found {value!r}, expected True or False")


_CHOICES = {
    "backend": ("llvm", "c"),
    "math": ("fast", "strict"),
    "fusion": ("auto", "max", "none"),
}
_CONFIG: ContextVar[Mapping[str, Any]] = ContextVar("polyc_config", default={})  # noqa: B039


def _flag(text: str) -> bool:
    known = {"1": True, "true": True, "on": True, "yes": True}
    known |= {"0": False, "false": False, "off": False, "no": False, "": False}
    return known[text.lower()]


_PARSERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "backend": ("POLYC_BACKEND", str),
    "target": ("POLYC_TARGET", str),
    "threads": ("POLYC_NUM_THREADS", int),
    "math": ("POLYC_MATH", str),
    "fusion": ("POLYC_FUSION", str),
    "check": ("POLYC_CHECK", _flag),
    "cache": ("POLYC_CACHE", _flag),
    "budget": ("POLYC_BUDGET", int),
}


def _environment() -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, (variable, parse) in _PARSERS.items():
        text = os.environ.get(variable)
        if text is None:
            continue
        try:
            out[name] = parse(text)
        except (ValueError, KeyError):
            raise ArgumentError(f"environment variable {variable}: cannot read {text!r}") from None
    return out


# The environment is asked in every call: its values undecoded, without os.environ's own 1 µs each.
_KEYS = [os.environ.encodekey(variable) for variable, _ in _PARSERS.values()]
_OMP = os.environ.encodekey("OMP_NUM_THREADS")
_RAW: Mapping[Any, Any] = vars(os.environ)["_data"]
_NAMES = _RAW.keys()
_UNSET = (None,) * len(_KEYS)
_LAST: tuple[tuple[Any, ...], Mapping[str, Any], Options] | None = None


def in_force() -> Options:
    """What config and environment say now; the same object as last time if they say the same."""
    global _LAST
    settings, last = _CONFIG.get(), _LAST
    raw = _UNSET if _NAMES.isdisjoint(_KEYS) else tuple(map(_RAW.get, _KEYS))
    if last is not None and last[0] == raw and last[1] is settings:
        return last[2]
    found = Options(**{**_environment(), **settings})
    _LAST = (raw, settings, found)
    return found


def resolve(options: Options | None = None, **overrides: Any) -> Options:
    """The options in force. `options` given whole wins over config and environment."""
    if options is not None and not isinstance(options, Options):
        raise ArgumentError(f"options: found {type(options).__name__}, expected polyc.Options")
    _demand_known(overrides, "options")
    base = options or in_force()
    return replace(base, **overrides) if overrides else base


def _demand_known(settings: Mapping[str, Any], where: str) -> None:
    for name in settings:
        if name not in _PARSERS:
            known = ", ".join(sorted(_PARSERS))
            raise ArgumentError(f"{where}: unknown option {name!r}; known: {known}")


@contextmanager
def config(**settings: Any) -> Iterator[None]:
    """Options for everything compiled or called inside the `with` block (and its context).

    >>> import polyc
    >>> with polyc.config(threads=1):
    ...     pass
    """
    _demand_known(settings, "config")
    merged = {**_CONFIG.get(), **settings}
    Options(**merged)
    token = _CONFIG.set(merged)
    try:
        yield
    finally:
        _CONFIG.reset(token)


@dataclass(frozen=True, slots=True)
class Places:
    """Files and folders the environment names, read once per use."""

    cache_dir: str | None  # POLYC_CACHE_DIR
    dump: str | None  # POLYC_DUMP: each stage's text goes there, numbered
    log: str | None  # POLYC_LOG: a level name for logging.getLogger("polyc")


def places() -> Places:
    """What POLYC_CACHE_DIR, POLYC_DUMP and POLYC_LOG say now."""
    env = os.environ
    return Places(env.get("POLYC_CACHE_DIR"), env.get("POLYC_DUMP"), env.get("POLYC_LOG"))


_AFFINITY = getattr(os, "sched_getaffinity", None)


@lru_cache(8)
def _first_number(raw: Any) -> int:
    first = str(os.environ.decodevalue(raw)).split(",")[0].strip()
    return int(first) if first.isdigit() else 0


def counts_processors() -> bool:
    """Whether nothing but the CPUs of this process says how many threads to use by default."""
    return _OMP not in _RAW and quota.processors() is None


def default_threads() -> int:
    """OMP_NUM_THREADS (its first number) where it is set, else the CPUs this process may use: its
    affinity mask, and the quota of its container."""
    raw = _RAW.get(_OMP)
    if raw is not None and (first := _first_number(raw)):
        return first
    mine = len(_AFFINITY(0)) if _AFFINITY is not None else os.cpu_count() or 1
    allowed = quota.processors()
    return mine if allowed is None else min(mine, allowed)
