"""CoNLL-2003: four columns, of which the last is the BIO tag; an empty line after each sentence.

Source: Tjong Kim Sang and De Meulder 2003. Part of speech and chunk are `_`, since gold has neither.
"""

from collections.abc import Iterable
from typing import BinaryIO

from annotate.release.formats.writer import Batch, Part, Writer

__all__ = ["CONLL2003", "write"]

_DOCSTART = "-DOCSTART- -X- -X- O\n\n"


def write(batches: Iterable[Batch], out: BinaryIO) -> None:
    """Write one token a line; `-DOCSTART-` stands wherever the article changes."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from annotate.release.texts import run_of

    article = None
    for batch in batches:
        tagged, tokens = batch.tagged, batch.tokens
        rests = [f" _ _ {tag}\n" for tag in batch.labels.bio_names]
        rests += [f"{rest}\n" for rest in rests]  # of the last token of a sentence
        opens = np.zeros(len(tokens.starts), np.int8)
        said = np.flatnonzero(np.diff(tokens.offsets))
        for at in said.tolist():
            if batch.records[at]["article_id"] != article:
                article = batch.records[at]["article_id"]
                opens[tokens.offsets[at]] = 1
        closes = np.zeros(len(tokens.starts), np.int64)
        closes[tokens.offsets[said + 1] - 1] = len(batch.labels.bio_names)
        lines = pc.binary_join_element_wise(
            pa.array(["", _DOCSTART]).take(pa.array(opens)),
            tagged.texts.pieces(tokens.starts, tokens.ends),
            pa.array(rests).take(pa.array(tagged.tags + closes)),
            "",
        )
        if len(lines):
            out.write(run_of(lines))


CONLL2003 = Writer(
    write_batches=write,
    lacks=frozenset({Part.STANCES, Part.TOPIC, Part.TOKENLESS, Part.ANNOTATORS}),
    on_tokens=True,
    in_columns=True,
)
