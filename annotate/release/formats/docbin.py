"""spaCy's DocBin: one Doc per sentence, on our tokens, with entities as `ents` and stances in `user_data`.

A Doc has the sentence's text to the sign: white space that is more than one space, and signs that no one sees, are
tokens of their own, as spaCy's tokenizers make them. Source: https://spacy.io/api/docbin.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from annotate.errors import MissingExtra
from annotate.records import Span
from annotate.release.formats.spans import row_of
from annotate.release.formats.writer import Sample, Writer
from annotate.spans import text_of

__all__ = ["SPACY", "write"]


def write(samples: Iterable[Sample], out: BinaryIO) -> None:
    """Write the DocBin; `doc.user_data["annotate"]` is the sentence's row of the format `spans`, less its text.

    Raises:
        MissingExtra: spaCy is not installed.
    """
    try:
        from spacy.tokens import Doc, DocBin
        from spacy.vocab import Vocab
    except ImportError as error:
        raise MissingExtra("spacy", "spacy") from error

    vocab = Vocab()
    docs = DocBin(attrs=["ENT_IOB", "ENT_TYPE"], store_user_data=True)
    for record, tokens in samples:
        pieces = list(_pieces(record.text, tokens))
        doc = Doc(vocab, [word for word, _ in pieces], [space for _, space in pieces])
        doc.set_ents([doc.char_span(entity.start, entity.end, entity.label) for entity in record.entities])
        row = row_of(record)
        del row["text"]
        doc.user_data["annotate"] = row
        docs.add(doc)
    out.write(docs.to_bytes())


SPACY = Writer(write, on_tokens=True)


def _pieces(text: str, tokens: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """The tokens of a Doc, each with whether one space follows; what lies between ours and is more are others."""
    at = 0
    word = ""  # what waits for its space
    for token in (*tokens, Span(len(text), len(text))):
        gap = text[at : token.start]
        if word:
            spaced = gap.startswith(" ")
            yield word, spaced
            gap = gap[spaced:]
        if gap:
            yield gap, False
        word, at = text_of(text, token), token.end
