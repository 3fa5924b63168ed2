"""ONNX Runtime on its CPU provider; every tensor is an input, so that nothing is packed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import onnx
import onnxruntime
from onnx import helper, numpy_helper

from polyc.bench.cases import Case
from polyc.bench.contenders import Built
from polyc.bench.contenders.with_numpy import keeping
from polyc.bench.expressions.onnx_graphs import GRAPHS, Node, node

Array = Any
_OPSET, _IR = 20, 9


class OnnxRuntime:
    def __init__(self, threads: int) -> None:
        self._threads = threads

    def versions(self) -> Mapping[str, str]:
        return {"onnxruntime": onnxruntime.__version__, "onnx": onnx.__version__}

    def build(self, case: Case, einsum: str | None, given: Sequence[Array]) -> Built | str:
        if case.run is not None and case.run in GRAPHS:
            nodes = GRAPHS[case.run]()
        elif einsum is not None:
            nodes = [node("Einsum", *range(len(given)), equation=einsum)]
        else:
            return "no graph was written for ONNX"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self._threads, 1
        options.log_severity_level = 3
        model = model_of(nodes, given).SerializeToString()
        session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
        feed = {f"x{k}": x for k, x in enumerate(given)}
        return keeping(lambda: session.run(None, feed))


def model_of(nodes: Sequence[Node], given: Sequence[Array]) -> Any:
    """The graph with the types and shapes of these inputs; its result is the last node's."""
    made: list[Any] = []
    constants: list[Any] = []
    for k, (operator, inputs, attributes) in enumerate(nodes):
        names = []
        for x in inputs:
            if isinstance(x, int):
                names.append(f"x{x}" if x >= 0 else f"y{k + x}")
            else:
                names.append(f"c{len(constants)}")
                constants.append(numpy_helper.from_array(x, names[-1]))
        if attributes.get("group") == -1:  # as many groups as channels
            attributes = {**attributes, "group": given[0].shape[1]}
        made.append(helper.make_node(operator, names, [f"y{k}"], **attributes))
    types = [helper.np_dtype_to_tensor_dtype(x.dtype) for x in given]
    arguments = [
        helper.make_tensor_value_info(f"x{k}", t, x.shape)
        for k, (t, x) in enumerate(zip(types, given, strict=True))
    ]
    last = helper.make_empty_tensor_value_info(f"y{len(nodes) - 1}")
    graph = helper.make_graph(made, "bench", arguments, [last], constants)
    opset = [helper.make_opsetid("", _OPSET)]
    return onnx.shape_inference.infer_shapes(
        helper.make_model(graph, opset_imports=opset, ir_version=_IR)
    )


def contender(threads: int) -> OnnxRuntime:
    return OnnxRuntime(threads)
