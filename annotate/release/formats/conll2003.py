"""CoNLL-2003: four columns, of which the last is the BIO tag; an empty line after each sentence.

Source: Tjong Kim Sang and De Meulder 2003. Part of speech and chunk are `_`, since gold has neither.
"""

from collections.abc import Iterable
from typing import BinaryIO

from annotate.release.bio import bio_tags, tokens_of
from annotate.release.formats.writer import Part, Sample, Writer

__all__ = ["CONLL2003", "write"]


def write(samples: Iterable[Sample], out: BinaryIO) -> None:
    """Write one token a line; `-DOCSTART-` stands wherever the article changes."""
    article = None
    for record, tokens in samples:
        if not tokens:
            continue
        if record.article_id != article:
            article = record.article_id
            out.write(b"-DOCSTART- -X- -X- O\n\n")
        tagged = zip(tokens_of(record.text, tokens), bio_tags(tokens, record.entities), strict=True)
        out.write("".join(f"{token} _ _ {tag}\n" for token, tag in tagged).encode() + b"\n")


CONLL2003 = Writer(
    write, lacks=frozenset({Part.STANCES, Part.TOPIC, Part.TOKENLESS, Part.ANNOTATORS}), on_tokens=True, in_columns=True
)
