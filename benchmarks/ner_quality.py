"""How good proposed entities are: the default engine, with and without its parts, and the rules, on gold.

    python benchmarks/ner_quality.py [FILE … | FOLDER …] [--json FILE]

The corpora that ship are always measured. Files are CoNLL, gold records, or a text that `benchmarks/marks` has the
entities of; a folder holds `NAME-train.conll.gz` and `NAME-dev.conll`. Without arguments the folders are read that
ANNOTATE_NER_DATA names.

Columns: strict F1 by type, precision, recall and F1 of all, the expected calibration error, and the actions that a
person needs from the pre-labels, as a share of those from nothing.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ner_sets import Set, data_folders, engines, read_sets

from annotate.labels import DEFAULT
from annotate.prelabel.protocol import EntityBackend
from annotate.quality.corrections import corrections, total
from annotate.quality.scores import ALL, Score, calibration, counted


@dataclass(frozen=True, slots=True)
class Figures:
    """What one engine came to on one set; `error` is the expected calibration error."""

    strict: dict[str, Score]
    error: float | None
    work: float


def main() -> int:
    """Print the table; exit 1 when the default engine misses a target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="*", type=Path)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    rivals = engines()
    print(", ".join(f"{engine.engine.name} {engine.engine.version}" for engine in dict.fromkeys(rivals.values())))
    heads = [*DEFAULT.entity_names, "P", "R", "F1", "ECE", "work"]
    print(f"{'set':28}{'names':>7}  {'engine':20}" + "".join(head.rjust(7) for head in heads))
    written: dict[str, object] = {}
    missed: list[str] = []
    for one in read_sets(data_folders(options.data)):
        found = {name: measured(one, engine) for name, engine in rivals.items()}
        for number, (name, figures) in enumerate(found.items()):
            gold = f"{figures.strict[ALL].gold:,}"
            title = f"{one.name:28}{gold:>7}" if number == 0 else " " * 35
            print(f"{title}  {name:20}" + "".join(cell.rjust(7) for cell in cells(figures)))
        missed += misses(one, found["crf"])
        written[one.name] = {name: asdict(figures) for name, figures in found.items()}
    print(*missed or ["every target is reached"], sep="\n")
    if options.json:
        options.json.write_text(json.dumps(written, indent=1, ensure_ascii=False), "utf-8")
    return int(bool(missed))


def measured(one: Set, engine: EntityBackend) -> Figures:
    """Label the set's sentences article by article, and compare."""
    pairs = [
        (replace(gold, entities=entities, stances=()), replace(gold, stances=()))
        for article in one.articles
        for gold, entities in zip(article, engine.entities([each.sentence() for each in article]), strict=True)
    ]
    counts = counted([(was.entities, gold.entities) for was, gold in pairs], DEFAULT.entity_names)
    left = total(corrections(was, gold) for was, gold in pairs).actions
    alone = total(corrections(replace(gold, entities=()), gold) for _, gold in pairs).actions
    fit = calibration(counts.judged)
    return Figures(dict(counts.strict), fit.error if fit else None, left / alone if alone else 0.0)


def cells(figures: Figures) -> list[str]:
    """One row of the table."""
    everything = figures.strict[ALL]
    shares = [figures.strict[name].f1 for name in DEFAULT.entity_names]
    shares += [everything.precision, everything.recall, everything.f1]
    error = "–" if figures.error is None else f"{figures.error:.3f}"
    return [*(f"{100 * share:.1f}" for share in shares), error, f"{figures.work:.0%}"]


def misses(one: Set, figures: Figures) -> list[str]:
    """Describe each target of the set that the figures fall short of."""
    short = [
        f"{one.name}: F1 of {label} is {100 * figures.strict[label].f1:.2f}, wanted {least}"
        for label, least in one.least_f1.items()
        if round(100 * figures.strict[label].f1, 2) < least
    ]
    if figures.error is not None and figures.error > one.most_error:
        short.append(f"{one.name}: calibration error is {figures.error:.3f}, at most {one.most_error} wanted")
    if figures.work > one.most_work:
        short.append(f"{one.name}: {figures.work:.0%} of the work is left, at most {one.most_work:.0%} wanted")
    return short


if __name__ == "__main__":
    sys.exit(main())
