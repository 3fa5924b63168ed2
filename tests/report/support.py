"""Kernels that the tests of reports look at, each compiled once."""

from __future__ import annotations

import functools
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import polyc
from polyc.report.data import Report
from tests.programs import CORPUS

SIZES = {
    "matmul": {"M": 512, "N": 512, "K": 512},
    "conv2d_same": {"N": 1, "C": 64, "H": 56, "W": 56, "K": 64, "R": 3, "S": 3},
    "softmax": {"N": 512, "D": 1000},
    "attention": {"B": 1, "H": 8, "Q": 256, "T": 256, "D": 64},
    "jacobi2d": {"N": 2000},
}


def kernel(name: str, sizes: dict[str, int] | None = None) -> polyc.Kernel:
    case = CORPUS[name]
    op = polyc.compile(case.text, entry=case.entry, consts=dict(case.consts))
    return op.specialize(sizes)


@functools.cache
def report(name: str) -> Report:
    """At the size of SIZES, for a fixed target and two threads."""
    with polyc.config(target="x86-64-v3", threads=2):
        return kernel(name, SIZES[name]).explain()


def pictures(page: str) -> Iterator[ET.Element]:
    """Every picture of a page; ParseError where one is no well-formed XML."""
    for part in page.split("<svg ")[1:]:
        yield ET.fromstring("<svg " + part.split("</svg>")[0] + "</svg>")
