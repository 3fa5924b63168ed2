"""What polyc is compared with in the sweep: the ways of NumPy, opt_einsum and PyTorch.

PyTorch is in an environment of its own, so it runs in a process of its own, which is this file:

    /path/to/that/python benchmarks/sweep_peers.py
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

Array = Any
Call = Callable[[], Array]
CLOCKS = {"cpu": time.thread_time, "wall": time.perf_counter}


def operands(shapes: list[list[int]]) -> list[Array]:
    """Random float32 arrays, the same in every process."""
    rng = np.random.default_rng(0)
    return [rng.standard_normal(s, dtype=np.float32) for s in shapes]


def sample(f: Call, repeats: int, clock: str) -> float:
    """Seconds of a call, the mean of some."""
    now = CLOCKS[clock]
    start = now()
    for _ in range(repeats):
        f()
    return (now() - start) / repeats


def numpy_calls(text: str, window: dict[str, int] | None, given: list[Array]) -> dict[str, Call]:
    """NumPy's einsum along its best path, and opt_einsum's; products with windows of a view for a
    convolution."""
    x, y = given
    if window is None:
        import opt_einsum

        found = opt_einsum.contract_expression(text, x.shape, y.shape, optimize="optimal")
        return {
            "numpy": lambda: np.einsum(text, x, y, optimize=True),
            "opt_einsum": lambda: found(x, y),
        }
    return {"numpy": lambda: by_windows(x, y, window)}


def by_windows(x: Array, f: Array, window: dict[str, int]) -> Array:
    """A convolution as one matrix product a group, with every window of the image copied."""
    rank, p, d = x.ndim - 2, window["padding"], window["dilation"]
    x = np.pad(x, ((0, 0), (0, 0), *((p, p),) * rank)) if p else x
    reach = [d * (n - 1) + 1 for n in f.shape[2:]]
    axes = tuple(range(2, 2 + rank))
    view = np.lib.stride_tricks.sliding_window_view(x, reach, axis=axes)
    steps = (slice(None, None, window["stride"]),) * rank
    view = view[(slice(None), slice(None), *steps, *(slice(None, None, d),) * rank)]
    groups, parts = window["groups"], []
    images, filters = np.split(view, groups, axis=1), np.split(f, groups)
    for part, filter_ in zip(images, filters, strict=True):
        spatial = range(2 + rank, 2 + 2 * rank)
        made = np.tensordot(filter_, part, axes=([1, *axes], [1, *spatial]))
        parts.append(np.moveaxis(made, 0, 1))
    return np.concatenate(parts, axis=1) if groups > 1 else parts[0]


class Torch:
    """PyTorch in its process; one request and one answer at a time, as lines of JSON."""

    def __init__(self, python: str, threads: int) -> None:
        command = [python, __file__, str(threads)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        self.folder = tempfile.TemporaryDirectory()

    def __enter__(self) -> Torch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()
        self.folder.cleanup()

    def ask(self, **request: object) -> Any:
        """The answer to one request."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def result(self, text: str, window: dict[str, int] | None, shapes: object) -> Array:
        """The case made ready, and what it gives."""
        path = str(Path(self.folder.name) / "result.npy")
        self.ask(text=text, window=window, shapes=shapes, path=path)
        return np.load(path)

    def sample(self, repeats: int, clock: str) -> float:
        """Seconds of a call of the case that is ready."""
        return float(self.ask(repeats=repeats, clock=clock))


def _torch_call(text: str, window: dict[str, int] | None, given: list[Array]) -> Call:
    import torch

    x, y = map(torch.from_numpy, given)
    if window is None:
        return lambda: torch.einsum(text, x, y)
    conv = (torch.conv1d, torch.conv2d, torch.conv3d)[x.ndim - 3]
    return lambda: conv(x, y, **window)


def _serve(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    call: Call = lambda: None  # noqa: E731
    for line in sys.stdin:
        request = json.loads(line)
        if "path" in request:
            call = _torch_call(request["text"], request["window"], operands(request["shapes"]))
            np.save(request["path"], call().numpy())
            print("null", flush=True)
        else:
            print(sample(call, request["repeats"], request["clock"]), flush=True)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
