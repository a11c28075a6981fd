"""What is lost and what is there twice after a push or a pull that went wrong, on a Label Studio of its own.

    PYTHONPATH=. python benchmarks/faults.py [--only WORDS] [--write PAGE]

Every fault is done to a real push or pull of 60 sentences in batches of 10, through a proxy on loopback where the
network is to fail; then the command runs once more, undisturbed, and the server is compared with what should be there.
`--write` puts the table between the marks of a page of the documentation.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from annotate.studio import server
from tests.faults import SCENARIOS, Rig, Scenario

BEGIN, END = "<!-- faults -->\n", "<!-- end of faults -->\n"


def main() -> int:
    """Run the scenarios; the exit code is 1 when anything was lost or doubled, or a fault did not happen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="scenarios whose row has these words")
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    options = parser.parse_args()
    chosen = [one for one in SCENARIOS if options.only in f"{one.command}: {one.name}"]
    with tempfile.TemporaryDirectory(prefix="annotate-faults-") as name:
        folder = Path(name)
        started = server.up(folder / "studio")
        try:
            rig = Rig(started.server.url, server.api_key(folder / "studio"), folder, folder / "studio")
            rows = [measure(rig, one) for one in chosen]
        finally:
            server.down(folder / "studio")
    if options.write:
        page = options.write.read_text("utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        options.write.write_text(before + BEGIN + table(rows) + END + after, "utf-8")
    return int(any(lost or doubled or not struck for _, struck, lost, doubled in rows))


def measure(rig: Rig, scenario: Scenario) -> tuple[Scenario, int, int, int]:
    """One row: the scenario, how often the fault struck, and what was lost and doubled over all repetitions."""
    began = time.perf_counter()
    outcomes = [scenario.run(rig, number) for number in range(scenario.repetitions)]
    struck, lost, doubled = (sum(getattr(o, name) for o in outcomes) for name in ("struck", "lost", "duplicated"))
    print(
        f"{scenario.command:5} {scenario.name:60} {struck:2} of {len(outcomes):2} struck, {lost} lost, {doubled} twice"
        f"  ({time.perf_counter() - began:.0f} s)",
        flush=True,
    )
    rig.clear()
    return scenario, struck, lost, doubled


def table(rows: Sequence[tuple[Scenario, int, int, int]]) -> str:
    """The rows as Markdown."""
    lines = ["| command | what goes wrong | times | lost | twice |", "|---|---|---|---|---|"]
    lines += [
        f"| {scenario.command} | {scenario.name} | {struck} | {lost} | {doubled} |"
        for scenario, struck, lost, doubled in rows
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
