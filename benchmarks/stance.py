"""How well and how fast stances are found, given the entities of the gold: the engines beside the majority.

    python benchmarks/stance.py [GOLD.jsonl …] [--news FOLDER [--held]] [--rounds N] [--json FILE]

Without arguments the parts `dev` and `test` of datasets/hindi-stance are read. With `--news` only real news sentences
are: those of `marks/stance_news*.jsonl` whose texts stand in FOLDER. Nobody develops with their part `held`, so it has
to be asked for.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from statistics import median

from stance_news import MARKS, news

from annotate.check import records
from annotate.errors import UsageError
from annotate.labels import DEFAULT
from annotate.prelabel import entity_backend, prelabel_with, stance_backend
from annotate.quality.evaluate import StanceScores, evaluate_records
from annotate.records import Engine, Entity, Gold, Sentence, Stance

CORPUS = Path(__file__).parent.parent / "datasets" / "hindi-stance"
ENGINES = ("neutral", "rules", "classifier")


class Neutral:
    """Says NEUTRAL of everybody, which is the majority."""

    engine = Engine(name="neutral", version="1")

    def stances(self, article: Sequence[Sentence], entities: Sequence[tuple[Entity, ...]]) -> list[tuple[Stance, ...]]:
        """Propose nothing."""
        return [() for _ in zip(article, entities, strict=True)]


def main() -> int:
    """Print quality for each file, then speed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="*", type=Path)
    parser.add_argument("--news", type=Path, metavar="FOLDER", help="score real news sentences found in this folder")
    parser.add_argument("--held", action="store_true", help="with --news: the part that nobody develops with")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    figures: dict[str, object] = {}
    if options.held and not options.news:
        parser.error("--held needs --news")
    if options.news:
        part = "held" if options.held else "dev"
        for marks in MARKS:
            try:
                gold, absent = news(options.news, part, marks)
            except UsageError as error:
                parser.error(str(error))
            name = f"{marks.stem}, part {part}"
            figures[name] = quality(gold, f"{name}, {absent} not found", marks)
    else:
        for path in options.gold or [CORPUS / "dev.jsonl", CORPUS / "test.jsonl"]:
            figures[path.name] = quality(list(records(path, Gold)), path.name, path)
        figures["speed"] = speed(options.rounds)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return 0


def engine(name: str) -> object:
    """An engine by name, the majority among them."""
    return Neutral() if name == "neutral" else stance_backend(name, DEFAULT)


def quality(gold: Sequence[Gold], name: str, source: Path) -> dict[str, object]:
    """Scores of each engine on one set, printed as a table; the hash of its file stands above."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    print(f"{name}: {len(gold)} sentences, {sum(len(one.entities) for one in gold)} entities, sha256 {digest}")
    print(
        f"{'':12}{'precision':>10}{'recall':>8}{'F1':>7}{'held F1':>9}"
        f"{'holders right':>15}{'macro F1':>10}{'accuracy':>10}"
    )
    figures: dict[str, object] = {}
    for way in ENGINES:
        found = prelabel_with(gold, entity_backend("given", DEFAULT), engine(way))
        scores = evaluate_records(list(zip(found, gold, strict=True))).stances
        figures[way] = row(scores)
        print(
            f"{way:12}{scores.targets.precision:10.1%}{scores.targets.recall:8.1%}{scores.targets.f1:7.1%}"
            f"{scores.with_holder.f1:9.1%}{scores.holders_right:15.1%}{scores.macro_f1:10.1%}{scores.accuracy:10.1%}"
        )
    return figures


def row(scores: StanceScores) -> dict[str, float]:
    """The figures of a table's row."""
    return {
        "precision": scores.targets.precision,
        "recall": scores.targets.recall,
        "f1": scores.targets.f1,
        "f1_with_holder": scores.with_holder.f1,
        "holders_right": scores.holders_right,
        "macro_f1": scores.macro_f1,
        "accuracy": scores.accuracy,
    }


def speed(rounds: int) -> dict[str, object]:
    """Sentences a second of each engine and of whole pre-labelling, taken in turns; median and spread of the rounds."""
    gold = [one for part in ("train", "dev", "test") for one in records(CORPUS / f"{part}.jsonl", Gold)]
    articles = [list(group) for _, group in groupby(gold, key=attrgetter("article_id"))]
    ways: dict[str, Callable[[], object]] = {
        name: lambda name=name: [
            engine(name).stances(article, [one.entities for one in article]) for article in articles
        ]
        for name in ENGINES[1:]
    }
    for backend in ("rules", "crf"):
        find, judge = entity_backend(backend, DEFAULT), stance_backend("classifier", DEFAULT)
        ways[f"{backend} entities + classifier"] = lambda find=find, judge=judge: drain(
            prelabel_with(gold, find, judge)
        )
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            if number:  # the first round reads the data files
                times[name].append(time.perf_counter() - started)
    figures: dict[str, object] = {}
    print(f"{len(gold)} sentences of {len(articles)} articles, one process, {rounds} rounds")
    for name, taken in times.items():
        rates = sorted(len(gold) / one for one in taken)
        figures[name] = {"sentences_per_second": round(median(rates)), "low": round(rates[0]), "high": round(rates[-1])}
        print(f"{name:28}{median(rates):9,.0f} sentences/s ({rates[0]:,.0f}–{rates[-1]:,.0f})")
    return figures


def drain(found: Iterable[object]) -> None:
    """Go through to the end."""
    for _ in found:
        pass


if __name__ == "__main__":
    raise SystemExit(main())
