"""What is lost and what is there twice after a push or a pull that went wrong, on a Label Studio of its own.

    PYTHONPATH=. python benchmarks/faults.py [--only WORDS] [--write PAGE]

Every fault is done to a real push or pull of 60 sentences in batches of 10, through a proxy on loopback where the
network is to fail; then the command runs once more, undisturbed, and the server is compared with what should be there.
A kill that came when the command had ended already is done again at an earlier point, so that each one strikes.
`--write` puts the rows that were run into the table between the marks of a page of the documentation.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from annotate.studio import server
from tests.fault_table import Row, written
from tests.faults import SCENARIOS, Rig, Scenario


def main() -> int:
    """Run the scenarios; the exit code is 1 when anything was lost or doubled, or a fault did not happen each time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="scenarios whose row has these words")
    parser.add_argument("--write", type=Path, help="page whose rows are replaced")
    options = parser.parse_args()
    chosen = [one for one in SCENARIOS if options.only in f"{one.command}: {one.name}"]
    if not chosen:
        parser.error(f"no row has {options.only!r}")
    with tempfile.TemporaryDirectory(prefix="annotate-faults-") as name:
        folder = Path(name)
        started = server.up(folder / "studio")
        try:
            rig = Rig(started.server.url, server.api_key(folder / "studio"), folder, folder / "studio")
            rows = [measure(rig, one) for one in chosen]
        finally:
            server.down(folder / "studio")
    if options.write:
        options.write.write_text(written(options.write.read_text("utf-8"), rows), "utf-8")
    return int(not all(row.withstood for row in rows))


def measure(rig: Rig, scenario: Scenario) -> Row:
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
    return Row(scenario, struck, lost, doubled)


if __name__ == "__main__":
    sys.exit(main())
