"""How well and how fast names are found: strict F1 and work left per engine, and sentences a second beside spaCy.

    python benchmarks/entities.py [SET.conll … | FOLDER] [--rounds N] [--json FILE]

Quality is measured on the corpora that ship, by article, and on CoNLL sets that are named or lie in the folder that
ANNOTATE_NER_DATA names, sentence by sentence; sentences that stand word for word in a `*-train*` file beside them are
left out. Speed is measured on sentences of about 20 tokens of the shipped corpora, in turns, in one process each.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import Any

from annotate.check import records
from annotate.labels import DEFAULT
from annotate.prelabel import entity_backend
from annotate.prelabel.crf import CrfEntities
from annotate.prelabel.protocol import EntityBackend
from annotate.prelabel.step import prelabel_file
from annotate.prelabel.words import words_of
from annotate.quality.scores import ALL, calibration, counted
from annotate.records import Entity, Gold, Sentence, sentence_id
from annotate.split import tokenize
from annotate.train.examples import read_examples

CORPORA = Path(__file__).parent.parent / "datasets"
GOLD = {
    "hindi-news": CORPORA / "hindi-news" / "gold.jsonl",
    "hindi-stance test": CORPORA / "hindi-stance" / "test.jsonl",
}
TOKENS = range(15, 26)  # of the sentences that are timed: 20 on average
TIMED = 2000

Article = tuple[list[Sentence], list[tuple[Entity, ...]]]


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    folder = os.environ.get("ANNOTATE_NER_DATA")
    given = options.sets or ([Path(folder)] if folder else [])
    files = [file for path in given for file in (sorted(path.glob("*-dev.conll")) if path.is_dir() else [path])]
    sets = {name: by_article(path) for name, path in GOLD.items()} | {file.stem: by_sentence(file) for file in files}
    figures = {"quality": quality(sets), "speed": speed(options.rounds)}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False), "utf-8")
    return 0


def quality(sets: dict[str, list[Article]]) -> dict[str, Any]:
    """Strict F1 per type, calibration error, and the share of the work that is left, of each engine on each set."""
    engines: dict[str, EntityBackend] = {
        "rules": entity_backend("rules", DEFAULT),
        "crf": entity_backend("crf", DEFAULT),
        "crf, no article pass": CrfEntities(DEFAULT, article_pass=False),
        "crf, no rules": CrfEntities(DEFAULT, with_rules=False),
    }
    print(f"{'set':18} {'engine':22} {'PER':>5} {'ORG':>5} {'LOC':>5} {'all':>5}   ECE  work left")
    figures: dict[str, Any] = {}
    for name, articles in sets.items():
        for engine_name, engine in engines.items():
            pairs = [pair for told, gold in articles for pair in zip(engine.entities(told), gold, strict=True)]
            counts = counted(pairs, DEFAULT.entity_names)
            found = calibration(counts.judged)
            f1 = {label: 100 * counts.strict[label].f1 for label in (*DEFAULT.entity_names, ALL)}
            left = sum(work(*pair) for pair in pairs) / max(1, sum(len(gold) for _, gold in pairs))
            cells = " ".join(f"{value:5.1f}" for value in f1.values())
            print(f"{name[:18]:18} {engine_name:22} {cells}  {found.error if found else 0:.3f}  {100 * left:5.0f} %")
            figures.setdefault(name, {})[engine_name] = {**f1, "ece": found and found.error, "work left": left}
    return figures


def work(proposed: Sequence[Entity], gold: Sequence[Entity]) -> int:
    """How many entities have to be added, removed, retyped or re-spanned, where nothing proposed means one each."""
    from annotate.quality.scores import pairs

    met = pairs(proposed, gold)
    mended = sum((a.label != b.label) + ((a.start, a.end) != (b.start, b.end)) for a, b in met)
    return mended + len(proposed) + len(gold) - 2 * len(met)


def speed(rounds: int) -> dict[str, Any]:
    """Sentences a second: our engines with tokens and article pass, spaCy's smallest recognizer, and two processes."""
    articles = timed_articles()
    count = sum(map(len, articles))
    runs: dict[str, Callable[[], object]] = {name: ours(name, articles) for name in ("crf", "rules")}
    peer = spacy_run(articles)
    if peer is not None:
        runs["spacy"] = peer
    times: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(rounds):
        for name, run in runs.items():
            words_of.cache_clear()
            began = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - began)
    figures: dict[str, Any] = {}
    for name, taken in times.items():
        ratios = sorted(a / b for a, b in zip(taken, times["crf"], strict=True))
        print(
            f"{name:8} {count / median(taken):8.0f} sentences/s   takes {median(ratios):6.2f} times as long as crf"
            f" ({ratios[0]:.2f}-{ratios[-1]:.2f})"
        )
        figures[name] = {
            "per second": count / median(taken),
            "ratio": median(ratios),
            "spread": [ratios[0], ratios[-1]],
        }
    figures["jobs 2"] = two_jobs(articles)
    return figures


def ours(name: str, articles: Sequence[Sequence[Sentence]]) -> Callable[[], object]:
    """A run of one of our engines over all articles."""
    engine = entity_backend(name, DEFAULT)
    return lambda: [engine.entities(article) for article in articles]


def spacy_run(articles: Sequence[Sequence[Sentence]]) -> Callable[[], object] | None:
    """A run of a blank multilingual pipeline with a trained recognizer; None without spaCy.

    It is shown a few hundred sentences: enough for its speed, not for its quality, which is not compared.
    """
    try:
        import spacy
        from spacy.training import Example
    except ImportError:
        print("spacy is not installed; it is left out")
        return None
    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("xx")
    recognizer = nlp.add_pipe("ner")
    for label in DEFAULT.entity_names:
        recognizer.add_label(label)
    examples = []
    for record in records(GOLD["hindi-news"], Gold, DEFAULT):
        doc = nlp.make_doc(record.text)
        spans = [(e.start, e.end, e.label) for e in record.entities if doc.char_span(e.start, e.end)]
        examples.append(Example.from_dict(doc, {"entities": spans}))
    optimizer = nlp.initialize(lambda: examples)
    nlp.update(examples, sgd=optimizer)
    texts = [sentence.text for article in articles for sentence in article]
    return lambda: [doc.ents for doc in nlp.pipe(texts)]


def two_jobs(articles: Sequence[Sequence[Sentence]]) -> float:
    """How many times as fast `annotate prelabel` is with two processes, on ten times the sentences."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "sentences.jsonl", Path(folder) / "out.jsonl"
        with source.open("wb") as stream:
            for copy in range(10):
                for article in articles:
                    stream.writelines(renamed(one, copy).to_json() + b"\n" for one in article)
        taken = []
        for jobs in (1, 2):
            began = time.perf_counter()
            prelabel_file(source, out, stance="rules", jobs=jobs)
            taken.append(time.perf_counter() - began)
    print(f"annotate prelabel --jobs 2: {taken[0] / taken[1]:.2f} times as fast as one process, start-up included")
    return taken[0] / taken[1]


def renamed(sentence: Sentence, copy: int) -> Sentence:
    """The same sentence in another article."""
    article = f"{sentence.article_id}-{copy}"
    return Sentence(
        id=sentence_id(article, sentence.start, sentence.end), article_id=article, lang=sentence.lang,
        index=sentence.index, start=sentence.start, end=sentence.end, text=sentence.text, kind=sentence.kind,
    )  # fmt: skip


def timed_articles() -> list[list[Sentence]]:
    """Sentences of 15 to 25 tokens of the shipped corpora, articles repeated until there are enough."""
    articles = []
    for told, _ in (article for path in GOLD.values() for article in by_article(path)):
        kept = [one for one in told if len(tokenize(one.text)) in TOKENS]
        if kept:
            articles.append(kept)
    copies = -(-TIMED // sum(map(len, articles)))
    return [[renamed(one, copy) for one in article] for copy in range(copies) for article in articles]


def by_article(path: Path) -> list[Article]:
    """The articles of a gold file: their bare sentences, and the entities of each."""
    articles = []
    for _, group in groupby(records(path, Gold, DEFAULT), key=attrgetter("article_id")):
        members = list(group)
        articles.append(([one.sentence() for one in members], [one.entities for one in members]))
    return articles


def by_sentence(path: Path) -> list[Article]:
    """The sentences of a CoNLL set, each an article of its own, less those of the training files beside it."""
    beside = path.parent.glob(f"{path.stem.removesuffix('-dev')}-train.conll*")
    seen = {example.text for file in beside for example in read_examples(file)}
    return [alone(number, e.text, e.entities) for number, e in enumerate(read_examples(path)) if e.text not in seen]


def alone(number: int, text: str, entities: Iterable[Entity]) -> Article:
    """One sentence as an article."""
    name, end = str(number), len(text)
    sentence = Sentence(id=sentence_id(name, 0, end), article_id=name, lang="hi", index=0, start=0, end=end, text=text)
    return [sentence], [tuple(entities)]


if __name__ == "__main__":
    sys.exit(main())
