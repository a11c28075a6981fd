"""Tokens and tags as JSONL: `bio` and `bioes`, one object per sentence.

Source of BIOES: Ratinov and Roth 2009, who call it BILOU; S is an entity of one token, E the last of several.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import BinaryIO

import orjson

from annotate.release.bio import bio_tags, tokens_of
from annotate.release.formats.writer import Part, Sample, Writer, annotator_of

__all__ = ["BIO", "BIOES", "bioes", "write_bio", "write_bioes"]


def write_bio(samples: Iterable[Sample], out: BinaryIO) -> None:
    """Write tokens with BIO tags; `offsets` has [start, end] of each token in `text`."""
    _write(samples, out, list)


def write_bioes(samples: Iterable[Sample], out: BinaryIO) -> None:
    """Write tokens with BIOES tags; `offsets` has [start, end] of each token in `text`."""
    _write(samples, out, bioes)


def bioes(tags: Sequence[str]) -> list[str]:
    """Turn well-formed BIO tags into BIOES."""
    found = []
    for tag, after in zip(tags, chain(tags[1:], ("O",)), strict=False):
        prefix, dash, label = tag.partition("-")
        ends = bool(dash) and not after.startswith("I-")
        found.append({"B": "S", "I": "E"}[prefix] + dash + label if ends else tag)
    return found


_LACKS = frozenset({Part.STANCES, Part.TOPIC})
BIO = Writer(write_bio, lacks=_LACKS, on_tokens=True)
BIOES = Writer(write_bioes, lacks=_LACKS, on_tokens=True)


def _write(samples: Iterable[Sample], out: BinaryIO, scheme: Callable[[list[str]], list[str]]) -> None:
    for record, tokens in samples:
        row = {
            "id": record.id,
            "article_id": record.article_id,
            "annotator": annotator_of(record),
            "tokens": tokens_of(record.text, tokens),
            "tags": scheme(bio_tags(tokens, record.entities)),
            "text": record.text,
            "offsets": [[start, end] for start, end in tokens],
        }
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
