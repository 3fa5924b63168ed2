"""The demonstration: operators on a photograph and on handwritten digits, checked and timed.

Needs the extra `demo` (scikit-learn ships the data, pillow writes the picture).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any

import numpy as np
import threadpoolctl
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.table import Table
from sklearn.datasets import load_digits, load_sample_image

from polyc import api
from polyc.kernel import Kernel
from polyc.options import default_threads
from polyc.target import target

Array = NDArray[Any]

TOLERANCE = 2e-5  # of float32 results, against float64, as a fraction of the largest element
TURNS, TURN = 7, 0.06  # turns of timing for each contender, and seconds of one
REST = 0.2  # seconds before a turn: so long a BLAS may keep its threads spinning after a call


@dataclass(frozen=True, slots=True)
class Job:
    """An operator in polyc's language, and the same in NumPy for arrays of any precision."""

    name: str
    text: str
    inputs: tuple[Any, ...]
    numpy: Callable[..., Array]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Times in seconds: from the text to the first result, of later calls, of NumPy's.

    `error` is relative to the largest element of NumPy's float64 result.
    """

    compile: float
    run: float
    numpy: float
    error: float
    result: Array
    kernel: Kernel


# ---- the jobs
EDGES = """
def edges(uint8(H,W,3) P) -> (E) {
  G(y,x) = 0.299 * P(y,x,0) + 0.587 * P(y,x,1) + 0.114 * P(y,x,2)
  dx(y,x) = G(y,x+2) - G(y,x) + 2 * (G(y+1,x+2) - G(y+1,x)) + G(y+2,x+2) - G(y+2,x)
  dy(y,x) = G(y+2,x) - G(y,x) + 2 * (G(y+2,x+1) - G(y,x+1)) + G(y+2,x+2) - G(y,x+2)
  E(y,x) = sqrt(dx(y,x) * dx(y,x) + dy(y,x) * dy(y,x))
}"""


def edges(P: Array) -> Array:
    wide = np.float64 if P.dtype == np.float64 else np.float32
    G = P.astype(wide) @ np.array([0.299, 0.587, 0.114], wide)
    right, left = G[:, 2:], G[:, :-2]
    down, up = G[2:], G[:-2]
    dx = (right - left)[:-2] + 2 * (right - left)[1:-1] + (right - left)[2:]
    dy = (down - up)[:, :-2] + 2 * (down - up)[:, 1:-1] + (down - up)[:, 2:]
    return np.asarray(np.sqrt(dx * dx + dy * dy))


NEAREST = """
def nearest(float(N,D) X, float(M,D) T) -> (int32(N) index) {
  d2(n,m) += (X(n,d) - T(m,d)) * (X(n,d) - T(m,d))
  index(n) argmin= d2(n,m)
}"""


def nearest(X: Array, T: Array) -> Array:
    d2 = (X * X).sum(1)[:, None] - 2 * (X @ T.T) + (T * T).sum(1)
    return np.asarray(d2.argmin(1))


PRODUCT = "def product(float(M,K) A, float(K,N) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }"

CONVOLUTION = """
def convolution(float(C,H,W) I, float(K,C,R,S) F) -> (O) {
  O(k,h,w) += I(c,h+r,w+s) * F(k,c,r,s)
}"""


def convolution(I: Array, F: Array) -> Array:  # noqa: E741 - the image, as in the text
    windows = sliding_window_view(I, F.shape[2:], axis=(1, 2))
    return np.tensordot(F, windows, axes=((1, 2, 3), (0, 3, 4)))


SOFTMAX = """
def softmax(float(N,D) X) -> (Y) {
  m(n) max= X(n,d)
  e(n,d) = exp(X(n,d) - m(n))
  s(n) += e(n,d)
  Y(n,d) = e(n,d) / s(n)
}"""


def softmax(X: Array) -> Array:
    e = np.exp(X - X.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True))


ATTENTION = """
def attention(float(H,Q,D) q, float(H,T,D) k, float(H,T,D) v, float scale) -> (O) {
  S(h,i,j) += q(h,i,d) * k(h,j,d)
  m(h,i) max= S(h,i,j) * scale
  P(h,i,j) = exp(S(h,i,j) * scale - m(h,i))
  z(h,i) += P(h,i,j)
  O(h,i,d) += P(h,i,j) * v(h,j,d)
  O(h,i,d) = O(h,i,d) / z(h,i)
}"""


def attention(q: Array, k: Array, v: Array, scale: Any) -> Array:
    return softmax(q @ k.swapaxes(1, 2) * scale) @ v


@dataclass(frozen=True, slots=True)
class Digits:
    """Handwritten digits, 8 by 8 pixels of 0 to 16: some to learn from, some to recognise."""

    known: Array
    labels: Array
    asked: Array
    truth: Array


def digits() -> Digits:
    data, labels = load_digits(return_X_y=True)
    data = data.astype(np.float32)
    asked = np.arange(len(data)) % 3 == 0
    return Digits(data[~asked], labels[~asked], data[asked], labels[asked])


def jobs(photograph: Array, numbers: Digits) -> tuple[Job, ...]:
    rng = np.random.default_rng(0)

    def draw(*shape: int) -> Array:
        return rng.standard_normal(shape, np.float32)

    picture = np.ascontiguousarray(photograph.transpose(2, 0, 1), np.float32) / 255
    heads = (draw(8, 256, 64), draw(8, 256, 64), draw(8, 256, 64), np.float32(0.125))
    return (
        Job("edge filter, photograph", EDGES, (photograph,), edges),
        Job("nearest digits", NEAREST, (numbers.asked, numbers.known), nearest),
        Job("matrix product 512", PRODUCT, (draw(512, 512), draw(512, 512)), np.matmul),
        Job("convolution 5x5", CONVOLUTION, (picture, draw(16, 3, 5, 5)), convolution),
        Job("softmax 1024x1024", SOFTMAX, (draw(1024, 1024),), softmax),
        Job("attention 8x256x64", ATTENTION, heads, attention),
    )


# ---- running them
def measure(job: Job, threads: int) -> Outcome:
    """Compiles without the cache, checks against float64, and times the two by turns."""
    shapes = [np.shape(x) for x in job.inputs]
    with api.config(cache=False, threads=threads):
        start = perf_counter()
        operator = api.compile(job.text)
        extents = [t.shape for t in operator.inputs]
        pairs = (
            p
            for names, shape in zip(extents, shapes, strict=True)
            for p in zip(names, shape, strict=True)
        )
        sizes = {name: n for name, n in pairs if not name.isdigit()}
        kernel = operator.specialize(sizes)
        result = np.asarray(kernel(*job.inputs))
        compiled = perf_counter() - start
        out = np.empty_like(result)
        ours, theirs = interleaved(
            lambda: kernel(*job.inputs, out=out), lambda: job.numpy(*job.inputs)
        )
    wide = tuple(np.asarray(x).astype(np.float64) for x in job.inputs)
    error = relative_error(result, job.numpy(*wide))
    return Outcome(compiled, ours, theirs, error, result, kernel)


def interleaved(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[float, float]:
    """Median seconds of each, timed by turns so that both meet the same machine.

    A turn starts with a rest and a call that does not count: threads of the other contender may
    still be spinning, and its data fills the caches.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(TURNS):
        for call, seconds in zip((first, second), times, strict=True):
            sleep(REST)
            call()
            end = perf_counter() + TURN
            while (start := perf_counter()) < end:
                call()
                seconds.append(perf_counter() - start)
    return median(times[0]), median(times[1])


def relative_error(found: Array, expected: Array) -> float:
    if found.shape != expected.shape:
        return float("inf")
    return float(np.abs(found - expected).max() / max(np.abs(expected).max(), 1e-30))


def write_stages(kernel: Kernel, folder: Path) -> None:
    """Each stage's text, numbered in the order of the pipeline."""
    folder.mkdir(parents=True, exist_ok=True)
    stages = {
        "1-program.txt": kernel.program,
        "2-dependences.txt": kernel.dependences,
        "3-schedule.yaml": kernel.schedule,
        "4-certificate.txt": kernel.certificate,
        "5-loops.txt": kernel.loops,
        "6-kernel.c": kernel.c,
        "6-kernel.ll": kernel.llvm,
        "7-kernel.s": kernel.asm,
    }
    for name, text in stages.items():
        (folder / name).write_text(f"{text}\n", encoding="utf-8")


def write_picture(edges: Array, path: Path) -> None:
    Image.fromarray(np.clip(edges, 0, 255).astype(np.uint8)).save(path)


def table(rows: list[tuple[Job, Outcome]], threads: int) -> Table:
    shown = Table(
        title=f"float32 on {target().cpu}, {threads} thread{'s' * (threads > 1)}, milliseconds",
        caption="compile: from the text to the first result; run, NumPy: medians of later calls",
    )
    shown.add_column("operator", no_wrap=True)
    for heading in ("compile", "run", "NumPy", "ratio", "error"):
        shown.add_column(heading, justify="right")
    for job, o in rows:
        times = (f"{1e3 * t:.2f}" for t in (o.compile, o.run, o.numpy))
        shown.add_row(job.name, *times, f"{o.numpy / o.run:.2f}x", f"{o.error:.1e}")
    return shown


def main(folder: str = "demo-output") -> int:
    """Runs everything, writes to `folder`; returns 0, or 1 where a result is wrong."""
    console, place, threads = Console(), Path(folder), default_threads()
    place.mkdir(parents=True, exist_ok=True)
    photograph, numbers = load_sample_image("china.jpg"), digits()
    rows: list[tuple[Job, Outcome]] = []
    api.compile("y[i] = x[i]")(np.ones(1))  # loads the compiler, which is no operator's cost
    with threadpoolctl.threadpool_limits(threads):
        for job in jobs(photograph, numbers):
            with console.status(job.name):
                rows.append((job, measure(job, threads)))
    console.print(table(rows, threads))

    found = {job.text: outcome for job, outcome in rows}
    write_picture(found[EDGES].result, place / "edges.png")
    write_stages(found[SOFTMAX].kernel, place / "stages")
    console.print(f"The photograph's edges are in {place / 'edges.png'}.")
    console.print(f"Every stage of softmax, from text to assembly, is in {place / 'stages'}.")

    ours, theirs = (
        float((numbers.labels[index] == numbers.truth).mean())
        for index in (found[NEAREST].result, nearest(numbers.asked, numbers.known))
    )
    console.print(f"Digits recognised: {ours:.2%} with polyc, {theirs:.2%} with NumPy.")

    wrong = [job.name for job, o in rows if not o.error <= TOLERANCE]
    if ours != theirs:
        wrong.append("accuracy")
    for name in wrong:
        console.print(f"[red]Wrong: {name}")
    return 1 if wrong else 0
