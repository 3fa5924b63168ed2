"""Edits of schedules, legal and illegal, over the programs of `trees`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import islpy as isl

from polyc.scheduler.tree import Schedule, Storage, Tree
from tests.scheduler.support import (
    LEAF,
    Case,
    by_hand,
    loop,
    nest,
    seq,
    tile_home,
    window,
)
from tests.scheduler.trees import (
    BOTH,
    CHAIN,
    FUSED,
    IN_LOOP,
    MATMUL,
    REUSE,
    SKEWED,
    SUMS,
    first,
    fused_tiles,
    i,
    j,
    k,
    parallel_pair,
    shared_t,
    t,
)


@dataclass(frozen=True, slots=True)
class Edit:
    """A schedule by hand. `refused`: a pattern of the failed proof; "" for a legal one."""

    name: str
    program: str
    make: Callable[[Case], Schedule]
    refused: str = ""
    runs: bool = True  # the loops can be built and run to confirm the verdict


def tree(
    name: str, text: str, t: Tree, refused: str = "", *storage: Storage, fast: bool = True
) -> Edit:
    return Edit(name, text, lambda c: by_hand(c, t, *storage, fast=fast), refused)


def unseen(e: Edit) -> Edit:
    """The loops happen to be right where the interpreter runs them one at a time, or do not run."""
    return replace(e, runs=False)


def yaml(name: str, text: str, t: Tree, old: str, new: str, refused: str, runs: bool) -> Edit:
    """The text of a schedule with one replacement."""

    def make(c: Case) -> Schedule:
        s = by_hand(c, t)
        assert old in str(s), str(s)
        edited = isl.Schedule.read_from_str(isl.DEFAULT_CONTEXT, str(s).replace(old, new))
        return replace(s, tree=edited)

    return Edit(name, text, make, refused, runs)


ILLEGAL = [
    # -- order
    tree("reversed recurrence", "scan", first("scan", nest("S1", -i, "j")), "runs backward"),
    tree("reversed time", "heat", first("heat", nest("S3", -t, "i")), "runs backward"),
    tree("reversed for block", "loop", first("loop", loop({"S1": -t, "S2": -t}, IN_LOOP)),
         "runs backward"),
    tree("consumer first", "chain", seq(("S1", nest("S1", "i")), ("S0", nest("S0", "i"))),
         "flow S0 -> S1"),
    tree("initialised last", "matmul",
         seq(("S1", nest("S1", "i", "j", "k")), ("S0", nest("S0", "i", "j"))), "S0 -> S1 on C"),
    tree("initialised by every term's row", "matmul",
         loop(BOTH, loop({"S0": j + 1, "S1": j}, seq(("S0", LEAF), ("S1", nest("S1", "k"))))),
         "S0 -> S1 on C"),
    tree("sum read half way", "centre",
         first("centre", loop({"S1": i, "S2": i}, loop({"S1": j, "S2": j},
               seq(("S1", LEAF), ("S2", LEAF))))), "flow S1 -> S2 on s"),
    tree("overwritten before it is read", "reuse", seq(*(REUSE[k] for k in (0, 2, 1, 3))),
         "anti S1 -> S2 on T"),
    tree("overwrites in the wrong order", "reuse", seq(*(REUSE[k] for k in (2, 0, 1, 3))),
         "output S0 -> S2 on T"),
    tree("fused without a shift", "shifted", FUSED, "flow S0 -> S1 on T"),
    tree("fused with too small tiles", "shifted", fused_tiles(4), "flow S0 -> S1 on T"),
    tree("one time for producer and consumer", "chain", loop(BOTH), "flow S0 -> S1 on T"),
    unseen(tree("one time for all of a recurrence", "scan", first("scan", nest("S1", "j")),
         "flow S1 -> S1 on S")),
    tree("space before time", "heat", first("heat", nest("S3", "i", "t")), "runs backward"),
    tree("tiles of a band that is not permutable", "heat",
         first("heat", loop({"S3": t}, loop({"S3": i}, nest("S3", "t", "i"), tile=8), tile=2)),
         "runs backward"),
    tree("skewed the wrong way", "heat",
         first("heat", loop({"S3": t}, loop({"S3": i - t}, nest("S3", "t", "i"), tile=8), tile=2)),
         "runs backward"),
    tree("reordered sum where order is kept", "dot", first("dot", nest("S1", -i)),
         "runs backward", fast=False),
    tree("lanes of a sum where order is kept", "dot",
         first("dot", loop({"S1": i}, mark="vector")), "crosses iterations", fast=False),
    # -- marks
    tree("threads carry a recurrence", "scan",
         first("scan", loop({"S1": i}, nest("S1", "j"), mark="parallel")), "crosses iterations"),
    unseen(tree("threads add to one element", "matmul",
         first("matmul", loop({"S1": k}, nest("S1", "i", "j"), mark="parallel")),
         "on C crosses iterations")),
    unseen(tree("threads share a row sum", "triangle",
         first("triangle", nest("S1", "i", "j", child=loop({"S1": k}, mark="parallel"))),
         "on C crosses iterations")),
    tree("threads of a for block", "loop", shared_t("parallel", IN_LOOP), "crosses iterations"),
    tree("threads along a wave", "heat",
         first("heat", loop({"S3": t + i}, nest("S3", "t"), mark="parallel")),
         "crosses iterations"),
    tree("lanes carry a recurrence", "scan",
         first("scan", nest("S1", "j", child=loop({"S1": i}, mark="vector"))),
         "crosses iterations"),
    tree("lanes along time", "heat",
         first("heat", nest("S3", t + i, child=loop({"S3": t}, mark="vector"))),
         "crosses iterations"),
    unseen(tree("unrolled recurrence", "scan",
         first("scan", nest("S1", "j", child=loop({"S1": i}, mark="unroll"))),
         "crosses iterations")),
    # An unrolled loop that is too long moves out of the loops around it.
    tree("unrolled neighbours", "heat",
         first("heat", nest("S3", "t", child=loop({"S3": i}, mark="unroll"))),
         "crosses iterations"),
    Edit("a mark above a sequence", "scan", lambda c: _marked_sequence(c), "stands above"),
    yaml("a mark nobody knows", "chain", seq(("S0", nest("S0", "i")),
         ("S1", loop({"S1": i}, mark="vector"))), "vector", "vectro", "known marks", False),
    # -- storage
    tree("window too small", "chain", fused_tiles(4), "window of dimension 0",
         tile_home("T", window(BOTH, 4, 3))),
    tree("window of another place", "chain", fused_tiles(4), "window of dimension 0",
         tile_home("T", window(BOTH, 4, 4, offset=1))),
    tree("window without the halo", "shifted", fused_tiles(4, shift=1), "window of dimension 0",
         tile_home("T", window({"S0": i - 1, "S1": i}, 4, 4))),
    tree("values of another tile", "shifted", fused_tiles(4, shift=1), "another tile",
         tile_home("T", window({"S0": i - 1, "S1": i}, 4, 5))),
    tree("folded before it is read", "chain", CHAIN, "another tile",
         tile_home("T", window(BOTH, 4, 4))),
    tree("folded over the dimension that is read backwards", "reuse", seq(*REUSE),
         "storage T", tile_home("T", window({f"S{n}": i for n in range(4)}, 4, 4))),
    tree("folded over time", "loop", shared_t("", IN_LOOP), "window of dimension 0",
         tile_home("B", window({"S1": t, "S2": t}, 1, 1))),
    tree("window of a gather", "gather", seq(("S0", nest("S0", "j")), ("S1", nest("S1", "i"))),
         "depends on data", tile_home("T", window({"S0": j, "S1": i}, 2, 2))),
    tree("a thread reads another loop's array", "chain", parallel_pair(4), "owner of T",
         tile_home("T", None)),
    unseen(tree("an array written before the threads start", "chain",
         seq(("S0", nest("S0", "i")), ("S1", loop({"S1": i}, mark="parallel"))), "owner of T",
         tile_home("T", None))),
    unseen(tree("threads share a window", "chain", fused_tiles(4, "parallel"), "threads share",
         Storage("T", "memory", (window(BOTH, 4, 4),)))),
    # -- instances and places
    yaml("a statement dropped", "chain", CHAIN, "S1[i] : 0 <= i <= 9", "S1[i] : 1 = 0",
         "not scheduled", True),
    yaml("the last instance dropped", "matmul", MATMUL, "0 <= k <= 6", "0 <= k <= 5",
         "not scheduled", True),
    yaml("one instance too many", "chain", CHAIN, "S0[i] : 0 <= i <= 9", "S0[i] : 0 <= i <= 10",
         "not in the program", True),
    tree("run twice", "matmul",
         seq(("S0", nest("S0", "i", "j")), *2 * [("S1", nest("S1", "i", "j", "k"))]),
         "several places"),
]  # fmt: skip


LEGAL = [
    tree("text", "chain", CHAIN),
    tree("fused", "chain", FUSED),
    tree("fused backwards", "chain", loop({"S0": -i, "S1": -i}, seq(("S0", LEAF), ("S1", LEAF)))),
    tree("tiles of three", "chain", fused_tiles(3)),
    tree("threads with an array each", "chain", fused_tiles(4, "parallel"), "",
         tile_home("T", window(BOTH, 4, 4))),
    tree("window with room to spare", "chain", fused_tiles(4, "parallel"), "",
         tile_home("T", window(BOTH, 4, 7, offset=-2))),
    tree("no marks", "chain", fused_tiles(4), "", tile_home("T", window(BOTH, 4, 4))),
    tree("threads one after another", "chain", parallel_pair(4)),
    tree("fused with a shift", "shifted",
         loop({"S0": i - 1, "S1": i}, seq(("S0", LEAF), ("S1", LEAF)))),
    *(tree(f"loops {''.join(order)}", "matmul", first("matmul", nest("S1", *order)))
      for order in ("ijk", "kij", "jki", "kji")),
    tree("reversed sum", "matmul", first("matmul", nest("S1", "i", "j", -k))),
    tree("three tiles", "matmul",
         first("matmul", loop({"S1": i}, loop({"S1": j}, loop({"S1": k},
               nest("S1", "k", "j", "i"), tile=3), tile=4), tile=2))),
    tree("lanes of sums", "dot", first("dot", loop({"S1": i}, mark="vector"))),
    tree("threads on rows", "matmul",
         first("matmul", loop({"S1": i}, nest("S1", "k", "j"), mark="parallel"))),
    tree("register tile", "matmul",
         first("matmul", nest("S1", "k", child=loop({"S1": i}, loop({"S1": j}, mark="vector"),
                                                    mark="unroll")))),
    tree("initialised where it is summed", "matmul",
         loop(BOTH, loop({"S0": j, "S1": j}, seq(("S0", LEAF), ("S1", nest("S1", "k")))),
              mark="parallel")),
    tree("coincident loop reversed", "scan", first("scan", nest("S1", -j, "i"))),
    tree("threads beside a recurrence", "scan",
         first("scan", loop({"S1": j}, nest("S1", "i"), mark="parallel"))),
    tree("lanes beside a recurrence", "scan",
         first("scan", nest("S1", "i", child=loop({"S1": j}, mark="vector")))),
    tree("skewed tiles", "heat",
         first("heat", loop({"S3": t}, loop(SKEWED, nest("S3", "t", i + t), tile=8), tile=2))),
    tree("threads across a wave", "heat",
         first("heat", loop({"S3": t + t + i}, loop({"S3": t}, mark="parallel")))),
    tree("lanes across space", "heat",
         first("heat", nest("S3", "t", child=loop({"S3": i}, mark="vector")))),
    tree("sums of rows fused with their use", "centre",
         loop({"S0": i, "S1": i, "S2": i}, seq(("S0", LEAF), ("S1", nest("S1", "j")),
              ("S2", nest("S2", "j"))), mark="parallel"), "",
         tile_home("s", window({"S0": i, "S1": i, "S2": i}, 1, 1))),
    tree("text of three", "centre", SUMS),
    tree("a for block with an array per step", "loop", shared_t("", IN_LOOP), "",
         tile_home("B", None)),
    tree("threads inside a for block", "loop",
         shared_t("", seq(("S1", loop({"S1": i}, mark="parallel")),
                          ("S2", loop({"S2": i}, mark="parallel"))))),
    tree("a gather from a whole array", "gather",
         seq(("S0", nest("S0", -j)), ("S1", loop({"S1": i}, mark="vector")))),
    tree("a triangle by columns", "triangle", first("triangle", nest("S1", "j", "k", "i"))),
    tree("reuse without its own loops", "reuse",
         seq(*REUSE[:2], ("S2 S3", loop({"S2": i, "S3": i}, seq(("S2", LEAF), ("S3", LEAF)))))),
]  # fmt: skip


def _marked_sequence(c: Case) -> Schedule:
    s = by_hand(c, first("scan", nest("S1", "i", "j")))
    node = s.tree.get_root().child(0).child(1).child(0)  # the loops of S1
    pair = node.insert_sequence(_halves(node.get_domain()))
    return replace(s, tree=pair.insert_mark(isl.Id("parallel")).get_schedule())


def _halves(points: isl.UnionSet) -> isl.UnionSetList:
    low = points.intersect(isl.UnionSet("{ S1[i, j] : j < 4 }"))
    return isl.UnionSetList.from_union_set(low).add(points.subtract(low))
