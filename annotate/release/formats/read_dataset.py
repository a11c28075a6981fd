"""Reads a folder of a dataset as `datasets` knows it: a release, an export, or anybody's `tokens` and `ner_tags`.

Parquet files are read as they are, and what `save_to_disk` wrote by `datasets`. A file with the columns of our `spans`
has everything; one with tokens and tags has entities. Where there are both, the one with everything is read.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotate.errors import DataError, Fault, Reason, UsageError
from annotate.records import Entity, Span, Stance
from annotate.release.dataset_files import NER, TAGS, dataset_tables, renamed, tag_name
from annotate.release.formats.read_conll import joined, prefixed, tagged
from annotate.release.formats.reader import Draft, Job, draft, place, topic_of

__all__ = ["read_dataset"]

_SENTENCE = ("id", "article_id", "lang", "index", "start", "end", "kind")
_SPANS = frozenset({"text", "entities", "stances", *_SENTENCE})


def read_dataset(job: Job) -> Iterator[Draft | Fault]:
    """Yield a record per row, or a fault per row that cannot be read; the line of a fault is its row, from 1.

    Raises:
        UsageError: the folder holds no table of ours, and none with tokens and tags.
        DataError: a file and the card name the classes of the tags differently.
    """
    if not job.source.is_dir():
        raise UsageError(f"{job.source}: a folder is needed, such as a release or what save_to_disk wrote")
    tables = [it for it in dataset_tables(job.source) if it.columns >= NER or it.columns >= _SPANS]
    if not tables:
        raise UsageError(f"{job.source}: no table below it has the columns tokens and ner_tags, or those of spans")
    whole = [table for table in tables if table.columns >= _SPANS]
    reader = _Rows(job)
    if faults := [fault for table in tables for fault in renamed(table)]:
        raise DataError(faults)
    for table in whole or tables:
        for number, row in enumerate(table.rows(), 1):
            at = (table.file, number)
            try:
                yield from [reader.spans(at, row)] if whole else reader.ner(at, row, table.names)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                yield Fault(*at, str(row.get("id") or ""), Reason.SCHEMA, f"cannot be read: {error!r}")


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
        sentence = {field: row[field] for field in (*_SENTENCE, "text")}
        return draft(at, sentence, entities, stances, who, topic_stance=topic_of(self._job, row))

    def ner(self, at: tuple[str, int], row: Mapping[str, Any], names: Sequence[str]) -> Iterator[Draft | Fault]:
        """A row of tokens and tags."""
        name, tokens = str(row.get("id") or ""), list(row["tokens"])
        tags = [tag_name(tag, names) for tag in row[TAGS]]
        if not tokens:
            self._job.lost["rows without tokens"] += 1
            return
        text, spans = joined(tokens)
        if row.get("text") is not None and row.get("offsets") is not None:
            text, spans = row["text"], [Span(*offset) for offset in row["offsets"]]
        if len(tags) != len(tokens):
            yield Fault(*at, name, Reason.WRONG_TAG, f"{len(tags)} tags for {len(tokens)} tokens")
        elif strange := sorted({given for tag, given in zip(tags, row[TAGS], strict=True) if tag is None}):
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
