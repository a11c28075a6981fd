"""Reads a folder of a dataset as `datasets` knows it: a release, an export, or anybody's `tokens` and `ner_tags`.

Parquet files are read as they are, and what `save_to_disk` wrote by `datasets`. A file with the columns of our `spans`
has everything; one with tokens and tags has entities. Where there are both, the one with everything is read.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from annotate.errors import DataError, Fault, Reason, UsageError
from annotate.records import Entity, Span, Stance
from annotate.release.features import as_list_notation
from annotate.release.formats.read_conll import joined, prefixed, tagged
from annotate.release.formats.reader import Draft, Job, draft, place

__all__ = ["read_dataset"]

_SENTENCE = ("id", "article_id", "lang", "index", "start", "end", "kind")
_SPANS = frozenset({"text", "entities", "stances", *_SENTENCE})
_NER = frozenset({"tokens", "ner_tags"})
_SAVED = ("dataset_dict.json", "state.json")


class _Table(NamedTuple):
    """Rows of one split; `names` are those of the classes of `ner_tags`."""

    file: str
    columns: frozenset[str]
    names: Sequence[str]
    rows: Iterator[Mapping[str, Any]]


def read_dataset(job: Job) -> Iterator[Draft | Fault]:
    """Yield a record per row, or a fault per row that cannot be read; the line of a fault is its row, from 1.

    Raises:
        UsageError: the folder holds no table of ours, and none with tokens and tags.
        DataError: a file and the card name the classes of the tags differently.
    """
    if not job.source.is_dir():
        raise UsageError(f"{job.source}: a folder is needed, such as a release or what save_to_disk wrote")
    tables = [it for it in _tables(job.source) if it.columns >= _NER or it.columns >= _SPANS]
    if not tables:
        raise UsageError(f"{job.source}: no table below it has the columns tokens and ner_tags, or those of spans")
    whole = [table for table in tables if table.columns >= _SPANS]
    reader = _Rows(job)
    for table in whole or tables:
        for number, row in enumerate(table.rows, 1):
            at = (table.file, number)
            try:
                yield from [reader.spans(at, row)] if whole else reader.ner(at, row, table.names)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                yield Fault(*at, str(row.get("id") or ""), Reason.SCHEMA, f"cannot be read: {error!r}")


def _tables(folder: Path) -> Iterator[_Table]:
    if any((folder / name).is_file() for name in _SAVED):
        yield from _saved(folder)
        return
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    stated = _of_card(folder)
    for path in sorted(folder.rglob("*.parquet"), key=lambda path: (path.parent, _order(path.stem), path.name)):
        try:
            schema = pq.read_schema(path)
        except (OSError, ArrowException) as error:
            raise UsageError(f"{path}: {error}") from error
        names = _names(schema.metadata or {})
        if "ner_tags" in schema.names and stated:
            if not names and len(stated) == 1:
                names = stated[0]
            elif names and list(names) not in stated:  # `datasets` follows the card, and labels would swap unseen
                found = f"its classes are {', '.join(names)}, and README.md says {', '.join(stated[0])}"
                raise DataError([Fault(str(path), 0, "", Reason.MISMATCH, found)])
        yield _Table(str(path), frozenset(schema.names), names, _parquet(path))


def _of_card(folder: Path) -> list[list[str]]:
    """The classes of `ner_tags` that the card of a dataset states; several lists where its configs differ."""
    if not (folder / "README.md").is_file():
        return []
    from datasets.info import DatasetInfosDict
    from huggingface_hub import DatasetCard

    try:
        card = DatasetCard.load(folder / "README.md", ignore_metadata_errors=True)
        infos = DatasetInfosDict.from_dataset_card_data(card.data)
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{folder / 'README.md'}: {error}") from error
    columns = [as_list_notation(info.features.to_dict()) for info in infos.values() if info.features]
    lists = [tuple(names) for it in columns if (names := _of_feature(it.get("ner_tags")))]
    return [list(names) for names in dict.fromkeys(lists)]


def _order(split: str) -> int:
    """Splits in the order in which people think of them."""
    return next((n for n, name in enumerate(("train", "valid", "dev", "test")) if split.startswith(name)), 9)


def _parquet(path: Path) -> Iterator[Mapping[str, Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=1000):
            yield from batch.to_pylist()


def _saved(folder: Path) -> Iterator[_Table]:
    import datasets

    try:
        found = datasets.load_from_disk(str(folder))
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"{folder}: datasets cannot load it: {error}") from error
    for name, rows in found.items() if isinstance(found, datasets.DatasetDict) else [("", found)]:
        columns = as_list_notation(rows.features.to_dict())
        file = str(folder / name) if name else str(folder)
        yield _Table(file, frozenset(columns), _of_feature(columns.get("ner_tags")), iter(rows))


def _names(metadata: Mapping[bytes, bytes]) -> Sequence[str]:
    try:
        columns = orjson.loads(metadata[b"huggingface"])["info"]["features"]
        return _of_feature(as_list_notation(columns["ner_tags"]))
    except (KeyError, TypeError, ValueError):
        return ()


def _of_feature(feature: Any) -> Sequence[str]:
    inner = feature[0] if isinstance(feature, list) and feature else None
    return list(inner["names"]) if isinstance(inner, dict) and "names" in inner else ()


class _Rows:
    """Turns rows into records; it knows what came before."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._index: Counter[str] = Counter()  # sentences so far, by article
        self._tags: dict[str, list[str]] = {}  # of texts that stand nowhere

    def spans(self, at: tuple[str, int], row: Mapping[str, Any]) -> Draft:
        """A row of the config `spans`, or of an export as Parquet."""
        entities = [Entity.at(e["start"], e["end"], e["label"]) for e in row["entities"]]
        stances = [
            Stance(target=s["target"], label=s["label"], holder=s["holder"], cue=Span(*s["cue"]) if s["cue"] else None)
            for s in row["stances"]
        ]
        who = [row["annotator"]] if row.get("annotator") else []
        return draft(at, {field: row[field] for field in (*_SENTENCE, "text")}, entities, stances, who)

    def ner(self, at: tuple[str, int], row: Mapping[str, Any], names: Sequence[str]) -> Iterator[Draft | Fault]:
        """A row of tokens and tags."""
        name, tokens = str(row.get("id") or ""), list(row["tokens"])
        tags = [_tag(tag, names) for tag in row["ner_tags"]]
        if not tokens:
            self._job.lost["rows without tokens"] += 1
            return
        text, spans = joined(tokens)
        if row.get("text") is not None and row.get("offsets") is not None:
            text, spans = row["text"], [Span(*offset) for offset in row["offsets"]]
        if len(tags) != len(tokens):
            yield Fault(*at, name, Reason.WRONG_TAG, f"{len(tags)} tags for {len(tokens)} tokens")
        elif strange := sorted({given for tag, given in zip(tags, row["ner_tags"], strict=True) if tag is None}):
            found = f"classes {strange} of {len(names)}" if names else "the file does not name the classes of ner_tags"
            yield Fault(*at, name, Reason.UNKNOWN_LABEL, found)
        elif odd := [tag for tag in tags if not prefixed(str(tag))]:
            yield Fault(*at, name, Reason.WRONG_TAG, f"{odd[0]!r} is no tag in BIO or BIOES")
        elif [text[start:end] for start, end in spans] != tokens:
            yield Fault(*at, name, Reason.WRONG_TEXT, "text and offsets do not give the tokens")
        else:
            told = [str(tag) for tag in tags]
            sentence = self._placed(row, text)
            if sentence is None:
                sentence = {**place(text, self._job.lang), "text": text}
                if text in self._tags and self._tags[text] == told:  # told otherwise, it is a fault: two that differ
                    self._job.lost["repeated sentences"] += 1
                    return
                self._tags[text] = told
            yield draft(at, sentence, list(tagged(spans, told)))

    def _placed(self, row: Mapping[str, Any], text: str) -> dict[str, Any] | None:
        """The sentence of a row whose id says where it stands."""
        article, name = row.get("article_id"), row.get("id")
        if not isinstance(article, str) or not isinstance(name, str) or not name.startswith(f"{article}:"):
            return None
        start, dash, end = name.removeprefix(f"{article}:").partition("-")
        if not (dash and start.isdecimal() and end.isdecimal()):
            return None
        index = self._index[article]
        self._index[article] += 1
        where = {"id": name, "article_id": article, "index": index, "start": int(start), "end": int(end)}
        return {**where, "lang": self._job.lang, "text": text}


def _tag(tag: Any, names: Sequence[str]) -> str | None:
    """The name of a tag, None where nothing gives one."""
    if isinstance(tag, str):
        return tag
    return names[tag] if 0 <= tag < len(names) else None
