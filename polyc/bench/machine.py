"""Where a run took place: processor, caches, system, versions."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import numpy as np

import polyc
from polyc.target import cpu_count, target


def machine() -> dict[str, Any]:
    """Plain data for the report and its JSON."""
    host = target()
    return {
        "processor": _model() or host.cpu,
        "target": host.cpu,
        "cpus": cpu_count(),
        "vector_bytes": host.vector_bytes,
        "caches": {"L1": host.l1_bytes, "L2": host.l2_bytes, "L3": host.l3_bytes},
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "polyc": polyc.__version__,
        "load": load(),
    }


def load() -> float | None:
    """Processes that wanted to run in the last minute, where the system says."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def cpus(threads: int) -> list[int]:
    """The processors that a contender with so many threads may use: the last ones of this process,
    because the system's own work tends to sit on the first."""
    own = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    return own[-threads:]


def _model() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    found = [x.partition(":")[2].strip() for x in text.splitlines() if x.startswith("model name")]
    return found[0] if found else ""
