"""The operators of the suites as ONNX graphs.

A graph is a list of nodes (operator, inputs, attributes). An input is the number of an argument, a
negative number for the result of a node counted from the last one, or an array that is constant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Node = tuple[str, tuple[Any, ...], dict[str, Any]]


def node(operator: str, *inputs: Any, **attributes: Any) -> Node:
    return operator, inputs, attributes


def constant(x: float) -> Any:
    return np.asarray(x, np.float32)


def integers(*x: int) -> Any:
    return np.asarray(x, np.int64)


def attention() -> Sequence[Node]:
    return [
        node("Transpose", 1, perm=[0, 2, 1]),
        node("MatMul", 0, -1),
        node("Mul", -1, constant(0.125)),
        node("Softmax", -1, axis=-1),
        node("MatMul", -1, 2),
    ]


def depthwise() -> Sequence[Node]:
    return [node("Unsqueeze", 1, integers(1)), node("Conv", 0, -1, group=-1)]


GRAPHS: Mapping[str, Callable[[], Sequence[Node]]] = {
    "conv2d": lambda: [node("Conv", 0, 1)],
    "conv2d_padded": lambda: [node("Conv", 0, 1, pads=[1, 1, 1, 1])],
    "conv2d_stride2": lambda: [node("Conv", 0, 1, strides=[2, 2])],
    "conv_bias_relu": lambda: [node("Conv", 0, 1, 2), node("Relu", -1)],
    "conv1d": lambda: [node("Conv", 0, 1)],
    "depthwise": depthwise,
    "triad": lambda: [node("Mul", 1, constant(3)), node("Add", 0, -1)],
    "transpose": lambda: [node("Transpose", 0, perm=[1, 0])],
    "gather_rows": lambda: [node("Gather", 0, 1)],
    "largest": lambda: [node("ArgMax", 0, axis=1, keepdims=0), node("Cast", -1, to=6)],
    "softmax": lambda: [node("Softmax", 0, axis=-1)],
    "layernorm": lambda: [node("LayerNormalization", 0, 1, 2, axis=-1, epsilon=1e-5)],
    "dense_gelu": lambda: [node("Gemm", 0, 1, 2), node("Gelu", -1, approximate="tanh")],
    "chain": lambda: [
        *(node("Mul", 0, 1), node("Add", -1, 2), node("Sigmoid", -1), node("Mul", -1, 0))
    ],
    "perceptron": lambda: [
        *(node("Gemm", 0, 1, 2, transB=1), node("Relu", -1)),
        *(node("Gemm", -1, 3, 4, transB=1), node("Relu", -1)),
    ],
    "attention": attention,
    "pb_3mm": lambda: [node("MatMul", 0, 1), node("MatMul", 2, 3), node("MatMul", -2, -1)],
    "pb_2mm": lambda: [node("MatMul", 0, 1), node("Gemm", -1, 2, 3, alpha=1.5, beta=1.2)],
    "swiglu": lambda: [
        node("Gemm", 0, 1, transB=1),
        node("Gemm", 0, 2, transB=1),
        node("Sigmoid", -1),
        node("Mul", -2, -1),
        node("Mul", -1, -4),
    ],
    "max_pool": lambda: [node("MaxPool", 0, kernel_shape=[2, 2], strides=[2, 2])],
    "batch_norm_relu": lambda: [
        *(node("BatchNormalization", 0, 3, 4, 1, 2, epsilon=1e-5), node("Relu", -1))
    ],
    "global_mean": lambda: [node("ReduceMean", 0, integers(2, 3), keepdims=0)],
}
