"""Sentences and tokens of Indic and English text. Offsets are code points; the text is never altered."""

from annotate.split.articles import sentences
from annotate.split.engine import Segment, segment, split
from annotate.split.rules import languages
from annotate.split.tokens import tokenize
from annotate.split.versions import SPLITTER_VERSION, TOKENIZER_VERSION

__all__ = [
    "SPLITTER_VERSION",
    "TOKENIZER_VERSION",
    "Segment",
    "languages",
    "segment",
    "sentences",
    "split",
    "tokenize",
]
