"""Dependences: their relations by kind, and all of them against a run of the text."""

from __future__ import annotations

import islpy as isl
import pytest

from polyc.scheduler.dependences import Edge, distance_text
from tests.programs import CORPUS
from tests.scheduler.brute import Key, Pairs, dependences, relation
from tests.scheduler.support import Case, case
from tests.scheduler.trees import TEXTS, program

SMALL: dict[str, dict[str, int]] = {
    "conv1d_full": {"X": 5, "F": 3},
    "conv2d_same": {"N": 1, "C": 2, "H": 3, "W": 3, "K": 1, "R": 3, "S": 1},
    "two_layer": {"B": 2, "I": 2, "H": 3, "O": 2},
    "maxpool": {"N": 1, "C": 1, "H": 4, "W": 5},
    "softmax": {"N": 3, "D": 4},
    "moments": {"N": 2, "K": 4},
    "causal_attention": {"H": 1, "T": 4, "D": 2},
    "embedding_bag": {"E": 3, "D": 2, "B": 2, "L": 2},
    "argmax_rows": {"M": 3, "N": 4},
    "concat_columns": {"M": 2, "A": 2, "B": 3},
    "linear_recurrence": {"T": 5, "D": 2},
    "lstm": {"T": 2, "B": 1, "I": 2, "H": 2},
    "jacobi2d": {"N": 4, "T": 2},
    "gemver": {"N": 3},
    "atax": {"M": 3, "N": 3},
    "gated_dilated_conv": {"B": 1, "C": 2, "D": 2, "T": 4, "dil": 2},
}
SHRUNK = {"scan": {"N": 6, "D": 2}, "heat": {"N": 6, "T": 3}, "dot": {"N": 5}}


def edge(c: Case, kind: str, source: str, sink: str, reduction: bool = False) -> Edge:
    wanted = (kind, source, sink, reduction)
    (found,) = (e for e in c.deps.edges if (e.kind, e.source, e.sink, e.reduction) == wanted)
    return found


def kinds(c: Case) -> list[tuple[str, str, str, bool]]:
    return [(e.kind, e.source, e.sink, e.reduction) for e in c.deps.edges]


# ---- all edges of small programs
def agree(c: Case) -> None:
    expected = dependences(c.program)
    found: dict[Key, Pairs] = {
        (e.kind, e.source, e.sink, e.tensor, e.reduction): relation(e.relation)
        for e in c.deps.edges
    }
    assert found.keys() == expected.keys()
    for key, pairs in expected.items():
        assert found[key] == pairs, key


@pytest.mark.parametrize("name", TEXTS)
def test_small_programs_agree_with_their_run(name: str) -> None:
    text, sizes = TEXTS[name]
    agree(case(text, {**sizes, **SHRUNK.get(name, {})}))


@pytest.mark.parametrize("name", SMALL)
def test_the_corpus_agrees_with_its_run(name: str) -> None:
    text = CORPUS[name]
    consts = {n: SMALL[name][n] for n in text.consts}
    agree(case(text.text, SMALL[name], consts=consts, entry=text.entry))


# ---- exact relations
def test_a_shifted_read_flows_from_the_shifted_write() -> None:
    flow = edge(program("shifted"), "flow", "S0", "S1")
    wanted = "{ S0[i] -> S1[j] : 0 <= j < 10 and j <= i <= j + 1 }"
    assert flow.relation.is_equal(isl.Map(wanted))


def test_relations_hold_for_all_sizes() -> None:
    c = case(TEXTS["shifted"][0])
    wanted = "[N] -> { S0[i] -> S1[j] : 0 <= j < N - 1 and j <= i <= j + 1 }"
    found = edge(c, "flow", "S0", "S1").relation
    assert found.intersect_params(c.program.context).is_equal(
        isl.Map(wanted).intersect_params(c.program.context)
    )


def test_a_value_overwritten_does_not_flow() -> None:
    c = program("reuse")
    assert ("flow", "S0", "S3", False) not in kinds(c)
    assert edge(c, "anti", "S1", "S2").relation.is_equal(
        isl.Map("{ S1[i] -> S2[7 - i] : 0 <= i <= 7 }")
    )
    assert edge(c, "output", "S0", "S2").relation.is_equal(
        isl.Map("{ S0[i] -> S2[i] : 0 <= i <= 7 }")
    )


def test_a_sum_is_tagged_and_its_readers_depend_on_every_term() -> None:
    c = program("centre")
    assert kinds(c) == [
        ("anti", "S1", "S1", True),
        ("flow", "S0", "S1", False),
        ("flow", "S0", "S2", False),
        ("flow", "S1", "S1", True),
        ("flow", "S1", "S2", False),
        ("output", "S0", "S1", False),
        ("output", "S1", "S1", True),
    ]
    wanted = "{ S1[i,j] -> S2[i,l] : 0 <= i < 6 and 0 <= j < 9 and 0 <= l < 9 }"
    assert edge(c, "flow", "S1", "S2").relation.is_equal(isl.Map(wanted))


def test_a_read_of_the_sum_itself_is_not_tagged() -> None:
    c = case(
        "def f(int(N) X) -> (int(N) S) { S(i) = X(i)\n S(i) += S(i-1) where i in 1:N }", {"N": 6}
    )
    assert edge(c, "flow", "S1", "S1").relation.is_equal(
        isl.Map("{ S1[i] -> S1[i+1] : 1 <= i < 5 }")
    )


def test_flow_through_a_for_block_goes_to_the_next_iteration() -> None:
    c = program("loop")
    assert edge(c, "flow", "S2", "S1").relation.is_equal(
        isl.Map("{ S2[t,i] -> S1[t+1,i] : 0 <= t < 3 and 0 <= i < 7 }")
    )
    assert edge(c, "anti", "S2", "S1").relation.is_equal(
        isl.Map(
            "{ S2[t,i] -> S1[u,j] : 0 <= t < u < 4 and 0 <= i < 7 and (j = i or j = 6 - i) }"
        ).intersect_domain(isl.Set("{ S2[t,i] : 0 <= i < 7 }"))
    )


def test_a_guard_restricts_what_is_read() -> None:
    c = case(
        """def f(int(N) X) -> (Y) {
          T(i) = X(i)
          Y(i) = i >= 2 ? T(i-2) : X(i) where i in 0:N
        }""",
        {"N": 6},
    )
    assert edge(c, "flow", "S0", "S1").relation.is_equal(
        isl.Map("{ S0[i] -> S1[i+2] : 0 <= i < 4 }")
    )


def test_a_gather_may_read_everything() -> None:
    flow = edge(program("gather"), "flow", "S0", "S1")
    assert flow.relation.is_equal(isl.Map("{ S0[j] -> S1[i] : 0 <= j < 5 and 0 <= i < 8 }"))


# ---- printing
def test_distances_are_printed() -> None:
    c = program("scan")
    assert distance_text(edge(c, "flow", "S1", "S1")) == "S1[i = 1, j = 0]"
    assert (
        distance_text(edge(c, "flow", "S0", "S1"))
        == "from S1[i = 1, j] -> S0[j' = j] : 0 <= j <= 8"
    )
    assert "    distance: S1[i = 1, j = 0]\n" in str(c.deps)


def test_distances_of_different_statements_count_what_they_share() -> None:
    deps = program("matmul")
    assert distance_text(edge(deps, "flow", "S0", "S1")) == "[i = 0, j = 0]"


def test_a_program_of_inputs_alone_has_no_edges() -> None:
    assert case("def f(int(N) X) -> (Y) { Y(i) = X(i) }").deps.edges == ()
