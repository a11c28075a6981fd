"""How fast releases are written, records are checked and near-duplicates found: ratios within one run.

    python benchmarks/release_speed.py [--sentences N] [--json FILE]

Made-up sentences of 20 tokens with 2 entities, 20 to an article. The tables are timed from checked records and their
tokens to Parquet files. `Dataset.from_list` is timed twice: from the same records and tokens, with the rows made one by
one as a script would, and from rows that are there already. Memory is the peak of each process over what it had once
its libraries were imported. `--sentences 1000000 --rounds 1` takes a quarter of an hour, 6 GB of memory and 6 GB of
disk.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from annotate.collecting import collect_seldom
from annotate.labels import DEFAULT
from annotate.records import Entity, Gold, Resolution, Span, Stance, sentence_id
from annotate.release import build
from annotate.release.content import ContentHash
from annotate.release.duplicates import Fingerprints, near_duplicates
from annotate.release.features import CONFIGS, arrow_schema, features
from annotate.release.sheet import Sheet
from annotate.release.spool import Spool, write
from annotate.schema import Schema, load
from annotate.split.columns import token_columns

WORDS = [a + b + c for a in "कगचजतदपबमस" for b in "ािीुूेो" for c in ("न", "ल", "र", "म", "ट", "स")]
PER_ARTICLE = 20
PART = 2_000  # sentences of a batch, as many as `build` takes
GOLD = "gold.jsonl"

Figures = dict[str, Any]
Row = dict[str, Any]


def main() -> int:
    """Run every part, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    collect_seldom()  # as the command does
    if options.part:
        print(json.dumps(PARTS[options.part](options.sentences, options.folder)))
        return 0
    with tempfile.TemporaryDirectory() as place:
        figures = measured(options.sentences, options.rounds, Path(place))
    tables, checked, alike, built = (figures[name] for name in ("tables", "check", "duplicates", "build"))
    least, most = tables["spread"]
    print(f"{options.sentences} sentences")
    print(
        f"tables: {tables['ratio']:.2f} ({least:.2f}–{most:.2f}) times as fast as Dataset.from_list(…).to_parquet from"
        f" the same records, {tables['over_rows']:.2f} times as fast as from rows made before,"
        f" {tables['memory']:.3f} of its memory; the content {'is the same' if tables['same'] else 'DIFFERS'}"
    )
    print(f"build, all of it: {built['s']:.1f} s, {built['mb']:.0f} MB, {built['memory']:.3f} of from_list's memory")
    verdicts = f"{checked['same']} of {checked['records']} verdicts the same"
    print(f"check: {checked['ratio']:.0f} times as fast as jsonschema, {verdicts}")
    print(f"near-duplicates: {alike['s']:.1f} s for {alike['articles']} articles, {alike['found']} pairs")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return 0 if tables["same"] else 1


def measured(sentences: int, rounds: int, folder: Path) -> dict[str, Any]:
    """All figures; the two ways of writing take turns."""
    _apart("prepare", sentences, folder)
    took: dict[str, list[Figures]] = {"ours": [], "from_list": []}
    for _ in range(rounds):
        for part, found in took.items():
            found.append(_apart(part, sentences, folder))
    pairs = list(zip(took["ours"], took["from_list"], strict=True))
    ratios = [(theirs["s"] + theirs["rows_s"]) / ours["s"] for ours, theirs in pairs]
    memory = {part: median(it["mb"] for it in found) for part, found in took.items()}
    contents = {tuple(it[config] for config in CONFIGS) for found in took.values() for it in found}
    built = _apart("whole", sentences, folder)
    return {
        "sentences": sentences,
        "tables": {
            "ratio": median(ratios),
            "spread": [min(ratios), max(ratios)],
            "over_rows": median(theirs["s"] / ours["s"] for ours, theirs in pairs),
            "memory": memory["ours"] / memory["from_list"],
            "same": len(contents) == 1,
            "runs": took,
        },
        "build": {**built, "memory": built["mb"] / memory["from_list"]},
        "check": _apart("check", min(sentences, 10_000), folder),
        "duplicates": _apart("duplicates", sentences, folder),
    }


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


def prepare(count: int, folder: Path) -> Figures:
    """Write the gold once."""
    with (folder / GOLD).open("wb") as file:
        file.writelines(record.to_json() + b"\n" for record in gold(count))
    return {}


def ours(_: int, folder: Path) -> Figures:
    """The tables of a release from checked records and their tokens, as `build` writes them: as a stream."""
    import pandas  # noqa: F401 - pyarrow does with its first array; setup is not timed
    import pyarrow.parquet  # noqa: F401

    before, took = _peak_mb(), 0.0
    splits: dict[str, str] = {}
    with (
        (folder / GOLD).open("rb") as file,
        tempfile.TemporaryDirectory() as place,
        Spool(Path(place), DEFAULT) as spool,
    ):
        while lines := list(islice(file, PART)):
            records = [orjson.loads(line) for line in lines]
            tokens = token_columns([it["text"] for it in records])
            splits.update((it["article_id"], "train") for it in records)
            began = time.perf_counter()
            spool.add(Sheet(records, tokens, DEFAULT))
            took += time.perf_counter() - began
        began = time.perf_counter()
        tables = list(write(spool, splits, Path(place)))
        took += time.perf_counter() - began
        return {"s": took, "mb": _peak_mb() - before, **{table.config: table.content for table in tables}}


def from_list(_: int, folder: Path) -> Figures:
    """The same tables by `Dataset.from_list(…).to_parquet`, one after the other; making the rows is timed apart."""
    import datasets
    import pyarrow.parquet as pq

    datasets.disable_progress_bars()
    before, took, making = _peak_mb(), 0.0, 0.0
    with tempfile.TemporaryDirectory() as place:
        for config, rows_of in ROWS.items():
            rows: list[Row] = []
            with (folder / GOLD).open("rb") as file:
                while lines := list(islice(file, PART)):
                    records = [orjson.loads(line) for line in lines]
                    columns = token_columns([it["text"] for it in records])
                    tokens = [columns.of_text(at) for at in range(len(records))]
                    began = time.perf_counter()
                    for record, spans in zip(records, tokens, strict=True):
                        rows += rows_of(record, spans)
                    making += time.perf_counter() - began
            began = time.perf_counter()
            datasets.Dataset.from_list(rows).to_parquet(f"{place}/{config}.parquet")
            took += time.perf_counter() - began
            del rows
        found: Figures = {"s": took, "rows_s": making, "mb": _peak_mb() - before}
        for config in CONFIGS:
            content, schema = ContentHash(), arrow_schema(features(config, DEFAULT))
            for batch in pq.ParquetFile(f"{place}/{config}.parquet").iter_batches():
                content.add(batch.cast(schema))
            found[config] = content.hexdigest()
    return found


def ner_rows(record: Row, tokens: Sequence[Span]) -> list[Row]:
    """A sentence as tokens with their classes."""
    text, tags = record["text"], [0] * len(tokens)
    for entity in record["entities"]:
        inside = [at for at, (start, _) in enumerate(tokens) if entity["start"] <= start < entity["end"]]
        begins = 1 + 2 * DEFAULT.entity_names.index(entity["label"])
        for at in inside:
            tags[at] = begins if at == inside[0] else begins + 1
    return [
        {
            "id": record["id"],
            "article_id": record["article_id"],
            "tokens": [text[start:end] for start, end in tokens],
            "ner_tags": tags,
            "text": text,
            "offsets": [[start, end] for start, end in tokens],
        }
    ]


def stance_rows(record: Row, _: Sequence[Span]) -> list[Row]:
    """Each stance with its target; every made-up entity has one, without a holder or a cue."""
    text, entities = record["text"], {entity["id"]: entity for entity in record["entities"]}
    rows = []
    for stance in sorted(record["stances"], key=lambda it: entities[it["target"]]["start"]):
        target = entities[stance["target"]]
        start, end = target["start"], target["end"]
        rows.append(
            {
                "id": f"{record['id']}#{target['id']}",
                "article_id": record["article_id"],
                "text": text,
                "target": text[start:end],
                "target_start": start,
                "target_end": end,
                "target_label": target["label"],
                **dict.fromkeys(("holder", "holder_start", "holder_end", "cue_start", "cue_end")),
                "stance": DEFAULT.stance_names.index(stance["label"]),
            }
        )
    return rows


def spans_rows(record: Row, _: Sequence[Span]) -> list[Row]:
    """The record, without what a release leaves out."""
    columns = ("id", "article_id", "lang", "index", "start", "end", "kind", "text", "entities")
    return [
        {
            **{name: record[name] for name in columns},
            "stances": [{"holder": None, "cue": None, **stance} for stance in record["stances"]],
        }
    ]


ROWS = {"ner": ner_rows, "stance": stance_rows, "spans": spans_rows}


def whole(_: int, folder: Path) -> Figures:
    """All of `build`: reading, every check, near-duplicates, splits, tables, card, loading it again."""
    import pyarrow.parquet  # noqa: F401 - setup is not timed

    before = _peak_mb()
    with tempfile.TemporaryDirectory() as place:
        began = time.perf_counter()
        build(folder / GOLD, Path(place), "1")
        return {"s": time.perf_counter() - began, "mb": _peak_mb() - before}


def check(count: int, _: Path) -> Figures:
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


def duplicates(count: int, _: Path) -> Figures:
    """Near-duplicate articles among all, sketches and exact check together; reading is not counted."""
    sentences = [(record.article_id, record.text) for record in gold(count)]
    began = time.perf_counter()
    prints = Fingerprints()
    for article, text in sentences:
        prints.add(article, text)
    found = [*near_duplicates(prints.candidates(), sentences), *prints.sharing()]
    return {"s": time.perf_counter() - began, "articles": count // PER_ARTICLE, "found": len(found)}


PARTS = {
    "prepare": prepare,
    "ours": ours,
    "from_list": from_list,
    "whole": whole,
    "check": check,
    "duplicates": duplicates,
}


def _apart(part: str, count: int, folder: Path) -> Figures:
    command = [sys.executable, __file__, "--part", part, "--sentences", str(count), "--folder", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
