"""`polyc info`: what polyc found on this machine."""

from __future__ import annotations

from importlib.metadata import version

import click

from polyc import __version__, cache, threads
from polyc.options import resolve
from polyc.target import KNOWN, cpu_count, target


@click.command()
def info() -> None:
    """Show versions, the processor, threads and the cache."""
    host = target()
    found = threads.find_openmp()
    rows = {
        "polyc": __version__,
        "numpy, islpy, llvmlite": ", ".join(map(version, ("numpy", "islpy", "llvmlite"))),
        "processor": f"{host.cpu} ({host.triple})",
        "vectors": f"{host.vector_registers} registers of {host.vector_bytes} bytes, "
        f"fused multiply-add: {'yes' if host.fma else 'no'}",
        "caches": f"L1 {host.l1_bytes >> 10} KiB, L2 {host.l2_bytes >> 10} KiB, "
        f"L3 {host.l3_bytes >> 10} KiB",
        "CPUs": cpu_count(),
        "targets": ", ".join(KNOWN),
        "threads": threads.count(resolve().threads),
        "OpenMP": found.path if found else "none: threads are started for each region",
        "cache": cache.folder() or "none",
    }
    for name, value in rows.items():
        click.echo(f"{name:<24}{value}")
