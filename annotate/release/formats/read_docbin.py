"""Reads spaCy's DocBin: what `export` wrote, or anybody's documents with entities.

What we wrote comes back from `user_data`. Any other Doc is an article; its sentences are those that it marks, or those
of our splitter where it marks none.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from annotate.errors import Fault, MissingExtra, Reason
from annotate.jsonl import name_of, open_in
from annotate.records import Article, Entity, Span, Stance, article_id, sentence_id
from annotate.release.formats.reader import Draft, Job, draft, topic_of
from annotate.split import sentences

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["read_docbin"]

_FIELDS = ("id", "article_id", "lang", "index", "start", "end", "kind")


def read_docbin(job: Job) -> Iterator[Draft | Fault]:
    """Yield a record per sentence; messages give the number of the Doc where they would give a line.

    Raises:
        MissingExtra: spaCy is not installed.
    """
    try:
        from spacy.tokens import DocBin
        from spacy.vocab import Vocab
    except ImportError as error:
        raise MissingExtra("spacy", "spacy") from error

    file = name_of(job.source)
    with open_in(job.source) as stream:
        raw = stream.read()
    try:
        docs = DocBin().from_bytes(raw)
        # What a damaged file makes zlib, msgpack and spaCy say has no common class.
        found = list(docs.get_docs(Vocab()))
    except Exception as error:  # noqa: BLE001
        yield Fault(file, 0, "", Reason.UNREADABLE, f"no DocBin: {type(error).__name__}: {error}")
        return
    for number, doc in enumerate(found, 1):
        row = doc.user_data.get("annotate")
        if isinstance(row, dict) and all(field in row for field in (*_FIELDS, "entities", "stances")):
            try:
                yield _ours(job, (file, number), doc, row)
            except (KeyError, TypeError, ValueError) as error:
                yield Fault(file, number, str(row["id"]), Reason.SCHEMA, f"not what annotate export writes: {error!r}")
        else:
            yield from _theirs(job, (file, number), doc)


def _ours(job: Job, at: tuple[str, int], doc: "Doc", row: dict[str, Any]) -> Draft:
    sentence = {field: row[field] for field in _FIELDS} | {"text": doc.text}
    stances = [
        Stance(
            target=said["target"],
            label=said["label"],
            holder=said["holder"],
            cue=Span(*said["cue"]) if said["cue"] else None,
        )
        for said in row["stances"]
    ]
    who = [row["annotator"]] if row.get("annotator") else []
    # Entities may have been corrected in spaCy, and have the last word.
    entities = [Entity.at(e.start_char, e.end_char, e.label_) for e in doc.ents]
    return draft(at, sentence, entities, stances, who, topic_stance=topic_of(job, row))


def _theirs(job: Job, at: tuple[str, int], doc: "Doc") -> Iterator[Draft]:
    job.lost["entities of span groups"] += sum(len(group) for group in doc.spans.values())
    job.lost["links of entities"] += sum(bool(entity.kb_id) for entity in doc.ents)
    places = list(_marked(doc, job.lang) if doc.has_annotation("SENT_START") else _split(doc.text, job.lang))
    homeless = list(doc.ents)
    for sentence in places:
        inside = [e for e in homeless if sentence["start"] <= e.start_char and e.end_char <= sentence["end"]]
        homeless = [e for e in homeless if e not in inside]
        start = sentence["start"]
        entities = [Entity.at(e.start_char - start, e.end_char - start, e.label_) for e in inside]
        yield draft(at, sentence, entities)
    job.lost["entities that are in no one sentence"] += len(homeless)


def _marked(doc: "Doc", lang: str) -> Iterator[dict[str, Any]]:
    """The sentences that a Doc marks, less white space around them."""
    article, index = article_id(doc.text), 0
    for marked in doc.sents:
        text = doc.text[marked.start_char : marked.end_char]
        start = marked.start_char + len(text) - len(text.lstrip())
        text = text.strip()
        if text:
            end = start + len(text)
            yield {
                "id": sentence_id(article, start, end),
                "article_id": article,
                "lang": lang,
                "index": index,
                "start": start,
                "end": end,
                "text": text,
            }
            index += 1


def _split(text: str, lang: str) -> Iterator[dict[str, Any]]:
    for sentence in sentences(Article(id=article_id(text), text=text, lang=lang)):
        yield {field: getattr(sentence, field) for field in sentence.__dataclass_fields__}
