"""Halos computed twice where that saves more than it costs.

Statements that read a neighbourhood of what others made (a blur after a blur, pooling after a
convolution) have no row in common, so that the temporary between them passes through memory. Cut
into tiles that compute the rows around them too (`recompute`), they have: the tile. As `packing`
does, this rewrites the program, and everything after it sees plain statements.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from polyc.frontend.program import Program
from polyc.options import Options
from polyc.scheduler.dependences import Dependences, analyse
from polyc.scheduler.facts import accesses, sized
from polyc.scheduler.figures import Figures
from polyc.scheduler.fusion import form_groups
from polyc.scheduler.overlapmodel import LITTLE, Choice, cheapest, fresh
from polyc.scheduler.pipelines import Candidate, candidates
from polyc.scheduler.recompute import recompute
from polyc.scheduler.tiling import counts_tiles
from polyc.scheduler.traffic import Cost, cost
from polyc.scheduler.tree import Decision
from polyc.target import Target

MOST_STAGES = 8  # temporaries of a pipeline, of which each may be the one to stay whole
WORTH = 0.95  # of the cycles: a smaller gain is within what the model knows


@dataclass(frozen=True, slots=True)
class Overlapped:
    """The program in tiles with its dependences, and a decision for every pipeline."""

    program: Program
    dependences: Dependences
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What every try reads."""

    program: Program
    typical: Program
    deps: Dependences
    users: dict[str, set[str]]  # tensor -> statements that touch it
    target: Target
    options: Options
    known: dict[tuple[str, ...], Cost]  # of statements apart, found so far


def overlap(program: Program, deps: Dependences, target: Target, options: Options) -> Overlapped:
    """The program with pipelines in overlapping tiles where that pays; the same where it does
    not, and where sums are split in parts, which are proved from the statements they had."""
    temporaries = [t for t in program.tensors if t.kind == "temporary"]
    if options.fusion == "none" or not temporaries or any(t.parts for t in temporaries):
        return Overlapped(program, deps, ())
    touched = {s.name: {a.tensor for a in accesses(s)} for s in program.statements}
    users = {t.name: {n for n, x in touched.items() if t.name in x} for t in program.tensors}
    facts = Facts(program, sized(program), deps, users, target, options, {(): Cost(0, 0)})
    found = [(c, _best(facts, c)) for c in candidates(program, tuple(touched))]
    wanted = [x for _, choices in found for x in choices]
    out, kept = _tiled(facts, wanted)
    decisions: list[Decision] = []
    for c, choices in found:
        decisions += [_taken(facts, x, x in kept) for x in choices] or [_refused(facts, c)]
    return Overlapped(*out, tuple(decisions))


def _tiled(facts: Facts, choices: list[Choice]) -> tuple[tuple[Program, Dependences], list[Choice]]:
    """The program with pipelines in tiles and its dependences, and those that came out with loops
    in common: the others are left as they were."""
    while choices:
        program = facts.program
        for x in choices:
            names = fresh(program)
            cuts = (replace(cut, counter=n) for cut, n in zip(x.cuts, names, strict=False))
            program = recompute(program, x.candidate.pipeline, tuple(cuts))
        deps = analyse(program)
        shared = [x for x in choices if _share(facts, program, deps, x)]
        if len(shared) == len(choices):
            return (program, deps), choices
        choices = shared
    return (facts.program, facts.deps), []


def _share(facts: Facts, tiled: Program, deps: Dependences, x: Choice) -> bool:
    """The stages do come out with loops over tiles in common."""
    names = x.candidate.names
    groups, _ = form_groups(tiled, names, deps.edges, facts.target, facts.options)
    figures = Figures.of(sized(tiled), names)
    return len(groups) == 1 and any(counts_tiles(figures, r, names) for r in groups[0].rows)


def _taken(facts: Facts, x: Choice, shared: bool) -> Decision:
    subject = "+".join(x.candidate.names)
    if not shared:
        return Decision("overlap", subject, "no", "its stages would not share the loop over tiles")
    return Decision("overlap", subject, _rows(x), _numbers(x, _apart(facts, x.candidate.names)))


def _refused(facts: Facts, c: Candidate) -> Decision:
    subject = "+".join(c.names)
    for x in _alone(facts, c):
        reason = f"tiles of {_rows(x)}: {_numbers(x, _apart(facts, c.names))}"
        return Decision("overlap", subject, "no", reason)
    reason = "one tile holds all rows, or sizes leave open which result has most"
    return Decision("overlap", subject, "no", reason)


def _rows(x: Choice) -> str:
    return " x ".join(str(cut.tile) for cut in x.cuts) + " rows"


def _numbers(x: Choice, apart: Cost) -> str:
    share = 100 * x.again / max(1, x.points)
    return (
        f"{x.again} points computed twice, {share:.0f} %; {x.cost.cycles} cycles together, "
        f"{apart.cycles} apart; {apart.bytes - x.cost.bytes} bytes saved, weighed by level"
    )


def _best(facts: Facts, c: Candidate) -> tuple[Choice, ...]:
    """The tiles of a candidate, or of parts of it where one of its temporaries stays whole."""
    apart, alone = _apart(facts, c.names), _alone(facts, c)
    if facts.options.fusion == "max":
        return alone
    best, least = alone, _together(facts, c.names, alone)
    if least.cycles > WORTH * apart.cycles:
        best, least = (), apart
    if best and best[0].share <= LITTLE:
        return best
    inner = sorted(c.pipeline.inner)
    for t in inner if 1 < len(inner) <= MOST_STAGES else []:
        parts = candidates(facts.program, c.names, frozenset({t}))
        choices = tuple(x for p in parts for x in _alone(facts, p))
        found = _together(facts, c.names, choices)
        if found.cycles < WORTH * least.cycles:
            best, least = choices, found
    return best


def _alone(facts: Facts, c: Candidate) -> tuple[Choice, ...]:
    """The cheapest tiles of a whole candidate, if any."""
    choice = cheapest(facts.program, facts.typical, c, facts.target)
    return () if choice is None else (choice,)


def _together(facts: Facts, names: tuple[str, ...], choices: tuple[Choice, ...]) -> Cost:
    """The statements with some of them in tiles and the rest as it is."""
    tiled = {n for x in choices for n in x.candidate.names}
    total = _apart(facts, tuple(n for n in names if n not in tiled))
    for x in choices:
        total += x.cost
    return total


def _apart(facts: Facts, names: tuple[str, ...]) -> Cost:
    """The named statements as they are fused without overlapping tiles."""
    if names in facts.known:
        return facts.known[names]
    total = Cost(0, 0)
    groups, _ = form_groups(facts.program, names, facts.deps.edges, facts.target, facts.options)
    for g in groups:
        private = frozenset(
            t.name
            for t in facts.program.tensors
            if t.kind == "temporary" and facts.users[t.name] <= set(g.names)
        )
        total += cost(facts.typical, g.names, g.rows, private, facts.target)
    facts.known[names] = total
    return total
