"""The gate for datasets that stand already: a release of ours, or anybody's NER dataset of Parquet files."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from annotate.errors import DataError, Fault, Reason, UsageError
from annotate.records import Span
from annotate.release.bio import entities_of
from annotate.release.duplicates import Fingerprints, near_duplicates
from annotate.release.features import as_list_notation
from annotate.release.gate import Check, leaks
from annotate.release.manifest import MANIFEST
from annotate.release.splits import SPLITS, parted
from annotate.release.verify import verify

__all__ = ["audit"]

_TAGS = "ner_tags"


def audit(folder: Path) -> Iterator[Fault]:
    """Yield everything that speaks against a dataset.

    Every Parquet file below the folder that has `tokens` and `ner_tags` is a split, named by its file up to the first
    `-`. Tags must be as many as tokens, of a known class and sound BIO; where there are `text` and `offsets`, these
    must give the tokens; an `id` stands once. No `article_id` and no near-duplicate may stand in two splits, and train
    must have every class. A release of ours is besides compared with its manifest, and its tags with its `spans`;
    checks that it says were waived are left out. The line of a fault is its row, from 1.

    Args:
        folder: the dataset.

    Raises:
        UsageError: no file below it has tokens and tags.
    """
    allowed: tuple[str, ...] = ()
    if (folder / MANIFEST).is_file():
        try:
            allowed = verify(folder).allowed
        except DataError as error:
            yield from error.faults
            return
    tables = list(_tables(folder))
    if not tables:
        raise UsageError(f"{folder}: holds no Parquet file with the columns tokens and {_TAGS}")
    texts: list[tuple[str, str]] = []
    places: dict[str, str] = {}  # article, or row without one -> split
    ids: dict[str, str] = {}
    train: Counter[str] = Counter()
    for table in tables:
        entities = _entities(folder, table.split) if Check.OFF_BORDER not in allowed else {}
        for number, row in enumerate(table.rows(), 1):
            name = str(row.get("id") or "")
            for reason, found in _wrong(row, table.names, entities.get(name)):
                yield Fault(str(table.path), number, name, reason, found)
            if name and (before := ids.setdefault(name, f"{table.path}:{number}")) != f"{table.path}:{number}":
                yield Fault(str(table.path), number, name, Reason.DUPLICATE_ID, f"stands at {before} already")
            article = str(row.get("article_id") or f"row {number} of {table.split}")
            if (home := places.setdefault(article, table.split)) != table.split and Check.LEAKAGE not in allowed:
                found = f"article {article} is in {home} and in {table.split}"
                yield Fault(str(table.path), number, name, Reason.LEAKAGE, found)
            texts.append((article, row.get("text") or " ".join(row["tokens"])))
            if table.split == SPLITS[0]:
                train.update(table.names[tag] for tag in row[_TAGS] if 0 <= tag < len(table.names))
    if Check.LEAKAGE not in allowed:
        yield from _alike(folder, texts, places)
    if Check.CLASS_MISSING not in allowed:
        yield from _missing(folder, tables, train)


class _Table(NamedTuple):
    path: Path
    split: str
    names: list[str]  # of the classes; empty when nothing says them
    columns: list[str]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Its rows, in order."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(columns=self.columns):
                yield from batch.to_pylist()


def _tables(folder: Path) -> Iterator[_Table]:
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    for path in sorted(folder.rglob("*.parquet")):
        try:
            schema = pq.read_schema(path)
        except (OSError, ArrowException) as error:
            raise DataError([Fault(str(path), 0, "", Reason.UNREADABLE, str(error))]) from error
        if {"tokens", _TAGS} <= set(schema.names):
            wanted = [name for name in ("id", "article_id", "text", "tokens", _TAGS, "offsets") if name in schema.names]
            yield _Table(path, path.stem.partition("-")[0], _class_names(schema.metadata or {}), wanted)


def _class_names(metadata: Mapping[bytes, bytes]) -> list[str]:
    """The names of the tags, from the metadata that `datasets` of any version writes into a Parquet file."""
    try:
        columns = orjson.loads(metadata[b"huggingface"])["info"]["features"]
        return list(as_list_notation(columns[_TAGS])[0]["names"])
    except (KeyError, TypeError, IndexError, ValueError):
        return []


def _wrong(row: Mapping[str, Any], names: list[str], expected: set[str] | None) -> Iterator[tuple[Reason, str]]:
    tokens, tags = row["tokens"], row[_TAGS]
    if len(tokens) != len(tags):
        yield Reason.WRONG_TAG, f"{len(tags)} tags for {len(tokens)} tokens"
        return
    if not names:
        yield Reason.UNKNOWN_LABEL, f"the file does not name the classes of {_TAGS}"
        return
    if strange := sorted({tag for tag in tags if not 0 <= tag < len(names)}):
        yield Reason.UNKNOWN_LABEL, f"classes {strange} of {len(names)}"
        return
    text, offsets = row.get("text"), row.get("offsets")
    spans = [Span(at, at + 1) for at in range(len(tokens))]
    if text is not None and offsets is not None:
        astray = len(offsets) != len(tokens)
        if astray or any(text[start:end] != token for (start, end), token in zip(offsets, tokens, strict=False)):
            yield Reason.WRONG_TEXT, "text and offsets do not give the tokens"
            return
        spans = [Span(*offset) for offset in offsets]
    try:
        found = {entity.id for entity in entities_of(spans, [names[tag] for tag in tags])}
    except DataError as error:
        yield from ((Reason.WRONG_TAG, fault.found) for fault in error.faults)
        return
    if expected is not None and found != expected:
        yield Reason.WRONG_TAG, f"tags and spans differ in {', '.join(sorted(found ^ expected))}"


def _missing(folder: Path, tables: list["_Table"], train: Counter[str]) -> Iterator[Fault]:
    if all(table.split != SPLITS[0] for table in tables):
        return
    for kind in dict.fromkeys(name.partition("-")[2] for table in tables for name in table.names if "-" in name):
        if not train[f"B-{kind}"]:
            yield Fault(str(folder), 0, "", Reason.CLASS_MISSING, f"train has no example of {kind}")


def _entities(folder: Path, split: str) -> dict[str, set[str]]:
    """Entity ids by sentence, of the config `spans` of a release of ours; of others nothing."""
    import pyarrow.parquet as pq

    path = folder / "spans" / f"{split}.parquet"
    if not (folder / MANIFEST).is_file() or not path.is_file():
        return {}
    rows = pq.read_table(path, columns=["id", "entities"]).to_pylist()
    return {row["id"]: {entity["id"] for entity in row["entities"]} for row in rows}


def _alike(folder: Path, texts: list[tuple[str, str]], places: Mapping[str, str]) -> Iterator[Fault]:
    prints = Fingerprints()
    for article, text in texts:
        prints.add(article, text)
    alike = near_duplicates(prints.candidates(), texts)
    told = {pair[:2] for pair in alike}
    pairs = [*alike, *(pair for pair in prints.sharing() if pair[:2] not in told)]
    yield from leaks(str(folder), parted(pairs, places), places)
