"""What `polyc explain` prints of a kernel: its program, decisions, cost and proof."""

from __future__ import annotations

from polyc.kernel import Kernel


def summary(kernel: Kernel) -> str:
    """The parts one below the other, each under its title."""
    parts = {
        "Program": str(kernel.program).strip(),
        "Decisions": str(kernel.schedule.explain()),
        "Cost": _cost(kernel),
        "Certificate": _proof(kernel),
    }
    return "\n\n".join(f"{title}\n{'-' * len(title)}\n{text}" for title, text in parts.items())


def _cost(kernel: Kernel) -> str:
    free = [z.display for z in kernel.program.sizes]
    return f"needs a number for {', '.join(free)}" if free else str(kernel.cost)


def _proof(kernel: Kernel) -> str:
    """One line where everything holds, else every obligation that does not."""
    proof = kernel.certificate
    parts = {"dependences": proof.edges, "races": proof.races, "bounds": proof.bounds}
    held = ", ".join(f"{sum(p.ok for p in x)} of {len(x)} {name}" for name, x in parts.items())
    lines = [f"{'legal' if proof.ok else 'NOT LEGAL'}: {held} hold", *map(str, proof.failures)]
    return "\n".join(lines)
