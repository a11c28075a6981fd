"""How fast gold becomes CoNLL and CSV beside label_studio_sdk's converter: ratios within one run.

    python benchmarks/export_speed.py [--sentences N] [--rounds N] [--json FILE]

Made-up sentences of 20 tokens with 2 entities. We read them as gold, the converter as the tasks that `annotate export
-f label-studio` writes of the same gold: to both the input is a file, and writing it is not timed. Both work in one
process, which looks for garbage as seldom as the command line does.
"""

import argparse
import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from label_studio_sdk.converter.converter import Converter, Format

sys.path.insert(0, str(Path(__file__).parent))
from release_speed import gold

from annotate.collecting import collect_seldom
from annotate.labels import DEFAULT
from annotate.release.formats.export import export
from annotate.studio.interface import interface

FORMATS = {"conll2003": Format.CONLL2003, "csv": Format.CSV}


def main() -> int:
    """Time both on every format in turns, and check that both wrote all the sentences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    collect_seldom()
    logging.disable(logging.WARNING)  # the converter warns of every task without a relation
    figures = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = folder / "gold.jsonl"
        records.write_bytes(b"".join(record.to_json() + b"\n" for record in gold(options.sentences)))
        tasks = folder / "tasks.json"
        export(records, tasks, "label-studio")
        _numbered(tasks)
        converter = Converter(interface(DEFAULT), None, download_resources=False)
        for ours, theirs in FORMATS.items():
            took: list[tuple[float, float]] = []
            for _ in range(options.rounds):
                took.append(
                    (
                        _seconds(lambda ours=ours: export(records, folder / ours, ours)),
                        _seconds(
                            lambda theirs=theirs: converter.convert(tasks, folder / "theirs", theirs, is_dir=False)
                        ),
                    )
                )
            written = next((folder / "theirs").glob("*.conll" if ours == "conll2003" else "*.csv"))
            for path in (folder / ours, written):
                if path.read_text("utf-8").count("।") < options.sentences:
                    raise SystemExit(f"{path.name}: sentences are missing")
            ratios = [slow / fast for fast, slow in took]
            figures[ours] = {"ratio": median(ratios), "spread": [min(ratios), max(ratios)], "runs": took}
            print(
                f"{ours}: {median(ratios):.1f} ({min(ratios):.1f}–{max(ratios):.1f}) times as fast as the converter,"
                f" {median(fast for fast, _ in took):.2f} s for {options.sentences:,} sentences"
            )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return 0


def _numbered(path: Path) -> None:
    """Give tasks and annotations the ids that the server's own export of them would have."""
    tasks = json.loads(path.read_bytes())
    for number, task in enumerate(tasks, start=1):
        task["id"] = number
        for annotation in task["annotations"]:
            annotation["id"] = number
    path.write_text(json.dumps(tasks), "utf-8")


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
