"""How fast releases are written, records are checked and near-duplicates found: ratios within one run.

    python benchmarks/release_speed.py [--sentences N] [--json FILE]

Made-up sentences of 20 tokens with 2 entities, 20 to an article. Memory is what the tables take beyond the rows.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from annotate.labels import DEFAULT
from annotate.records import Entity, Gold, Resolution, Stance, sentence_id
from annotate.release.duplicates import Fingerprints, near_duplicates
from annotate.release.features import CONFIGS
from annotate.release.tables import Rows, Tables
from annotate.schema import Schema, load
from annotate.split import tokenize

WORDS = [a + b + c for a in "कगचजतदपबमस" for b in "ािीुूेो" for c in ("न", "ल", "र", "म", "ट", "स")]
PER_ARTICLE = 20


def main() -> int:
    """Run every part, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(PARTS[options.part](options.sentences)))
        return 0
    took: dict[str, list[dict[str, float]]] = {"ours": [], "from_list": []}
    for _ in range(options.rounds):
        for part, found in took.items():
            found.append(_apart(part, options.sentences))
    ratios = [theirs["s"] / ours["s"] for ours, theirs in zip(took["ours"], took["from_list"], strict=True)]
    memory = median(it["mb"] for it in took["ours"]) / median(it["mb"] for it in took["from_list"])
    checked = _apart("check", min(options.sentences, 10_000))
    alike = _apart("duplicates", options.sentences)
    figures = {
        "sentences": options.sentences,
        "tables": {"ratio": median(ratios), "spread": [min(ratios), max(ratios)], "memory": memory, "runs": took},
        "check": checked,
        "duplicates": alike,
    }
    print(f"{options.sentences} sentences")
    print(
        f"tables: {median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) times as fast as Dataset.from_list,"
        f" {memory:.3f} of its memory"
    )
    verdicts = f"{checked['same']:.0f} of {checked['records']:.0f} verdicts the same"
    print(f"check: {checked['ratio']:.0f} times as fast as jsonschema, {verdicts}")
    print(f"near-duplicates: {alike['s']:.1f} s for {alike['articles']:.0f} articles, {alike['found']:.0f} pairs")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return 0


def gold(count: int, seed: int = 1) -> Iterator[Gold]:
    """Yield made-up records; one article in a hundred repeats the one before with a word changed in each sentence."""
    chance = random.Random(seed)
    before: list[list[str]] = []
    for number in range(count // PER_ARTICLE):
        copied = number % 100 == 99
        sentences = [
            [*before[at][:9], chance.choice(WORDS), *before[at][10:]] if copied else chance.choices(WORDS, k=19)
            for at in range(PER_ARTICLE)
        ]
        before, start = sentences, 0
        for index, words in enumerate(sentences):
            text = " ".join(words) + "।"
            places = [sum(map(len, words[:at])) + at for at in sorted(chance.sample(range(19), 2))]
            entities = tuple(
                Entity.at(at, at + len(text[at:].split(" ")[0].rstrip("।")), chance.choice(DEFAULT.entity_names))
                for at in places
            )
            yield Gold(
                id=sentence_id(f"a{number}", start, start + len(text)),
                article_id=f"a{number}",
                lang="hi",
                index=index,
                start=start,
                end=start + len(text),
                text=text,
                entities=entities,
                stances=tuple(Stance(target=it.id, label=chance.choice(DEFAULT.stance_names)) for it in entities),
                resolution=Resolution(method="single", annotators=("a",)),
            )
            start += len(text) + 1


def ours(count: int) -> dict[str, float]:
    """The tables of a release, written as `build` does: a stream, so the rows are made and written in turns."""
    import pandas  # noqa: F401 - pyarrow does with its first array; setup is not timed
    import pyarrow.parquet  # noqa: F401

    before, took = _peak_mb(), 0.0
    rows = Rows(DEFAULT)
    records = gold(count)
    with tempfile.TemporaryDirectory() as folder, Tables(Path(folder), DEFAULT) as tables:
        while part := list(islice(records, 2_000)):
            made = [rows.of(record, tokenize(record.text, record.lang)) for record in part]
            began = time.perf_counter()
            for config in CONFIGS:
                writer = tables._writer(config, "train")
                for of_record in made:
                    for row in of_record[config]:
                        writer.add(row)
            took += time.perf_counter() - began
        began = time.perf_counter()
        for writer in tables._writers.values():
            writer._flush()
        took += time.perf_counter() - began
    return {"s": took, "mb": _peak_mb() - before}


def from_list(count: int) -> dict[str, float]:
    """The same rows by `Dataset.from_list(…).to_parquet`, which needs them all at once."""
    import datasets

    datasets.disable_progress_bars()
    before = _peak_mb()
    rows = Rows(DEFAULT)
    lists: dict[str, list[dict[str, object]]] = {config: [] for config in CONFIGS}
    for record in gold(count):
        for config, made in rows.of(record, tokenize(record.text, record.lang)).items():
            lists[config] += [row._asdict() for row in made]
    for row in lists["ner"]:
        row["offsets"] = [list(span) for span in row["offsets"]]
    took = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for config in CONFIGS:
            began = time.perf_counter()
            datasets.Dataset.from_list(lists[config]).to_parquet(f"{folder}/{config}.parquet")
            took += time.perf_counter() - began
    return {"s": took, "mb": _peak_mb() - before}


def check(count: int) -> dict[str, float]:
    """Verdicts on mutated records, ours and jsonschema's."""
    from jsonschema import Draft202012Validator

    chance = random.Random(2)
    records = [mutated(json.loads(record.to_json()), chance) for record in gold(count)]
    schema, theirs = Schema(Gold, DEFAULT), Draft202012Validator(load(Gold, DEFAULT))
    began = time.perf_counter()
    fits = [schema.fits(record) for record in records]
    fast = time.perf_counter() - began
    began = time.perf_counter()
    valid = [theirs.is_valid(record) for record in records]
    slow = time.perf_counter() - began
    same = sum(a == b for a, b in zip(fits, valid, strict=True))
    return {"ratio": slow / fast, "records": len(records), "same": same, "valid": sum(valid)}


def mutated(record: dict[str, object], chance: random.Random) -> dict[str, object]:
    """A record with, one time in two, something wrong or odd somewhere."""
    places: list[tuple[dict[str, object], str]] = [(record, key) for key in record]
    for name in ("entities", "stances"):
        places += [(item, key) for item in record[name] for key in item]  # type: ignore[attr-defined]
    if chance.random() < 0.5:
        place, key = chance.choice(places)
        odd = chance.choice([None, "", "x", -1, 0, 1.5, 7.0, True, [], {}, "PER", [1, 2], "delete", "extra"])
        if odd == "delete":
            del place[key]
        elif odd == "extra":
            place["extra"] = 1
        else:
            place[key] = odd
    return record


def duplicates(count: int) -> dict[str, float]:
    """Near-duplicate articles among all, sketches and exact check together; reading is not counted."""
    sentences = [(record.article_id, record.text) for record in gold(count)]
    began = time.perf_counter()
    prints = Fingerprints()
    for article, text in sentences:
        prints.add(article, text)
    found = [*near_duplicates(prints.candidates(), sentences), *prints.sharing()]
    return {"s": time.perf_counter() - began, "articles": count // PER_ARTICLE, "found": len(found)}


PARTS = {"ours": ours, "from_list": from_list, "check": check, "duplicates": duplicates}


def _apart(part: str, count: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--part", part, "--sentences", str(count)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
