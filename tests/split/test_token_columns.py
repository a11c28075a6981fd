"""Tokens of many texts at once: the same as one text after the other."""

import random
import sys

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotate.errors import UsageError
from annotate.split import tokenize
from annotate.split.columns import token_columns
from tests.split.test_tokens import CASES

# What tokens are made of, and what joins, parts or hides them; most of it in Hindi news.
PIECES = [
    *("कम", "ी", "़", "्", "राष्ट्र", " ", "  ", "\n", "\r\n", "\xa0", "\u2003", "\u3000", "।", ".", ",", ":", "/", "-"),
    *("5", "७", "1,000", "13/09", "https://", "www.", "w.", "a.in", "@", "#", "_", "“", "₹", "™", "½", "é", "|"),
    *(
        "\u200c",
        "\u200d",
        "\u200b",
        "\ufeff",
        "\u2060",
        "\u0600",
        "\u0d4e",
        "👍",
        "🏽",
        "🇮",
        "🇳",
        "\ufe0f",
        "한",
        "\u1161",
    ),
    *("中", "あ", "٫", "یہ", "۔", "\x00", "\u0301", "\u0e33", "\U000e0061", "\U000e0000", "\U0001d165", "\ud800"),
]


def same(texts):
    """Each text has in the columns the tokens that it has by itself."""
    columns = token_columns(texts)
    assert [columns.of_text(number) for number in range(len(texts))] == [tokenize(text) for text in texts]
    assert columns.of.tolist() == [number for number, text in enumerate(texts) for _ in tokenize(text)]
    assert columns.offsets[-1] == len(columns.starts) == len(columns.ends)


@given(st.lists(st.lists(st.sampled_from(PIECES) | st.characters(), max_size=12).map("".join), max_size=6))
@example([])
@example(["", "", "क", "", "\u0301क", ""])
@example(["क", "\u093c"])
def test_as_one_by_one(texts):
    """Stray marks and signs that lean on a space included, and no text joins the next."""
    same(texts)


def test_cases():
    """All that a token can be, in one batch, and each beside a word and a stop."""
    texts = [text for text, _ in CASES.values()]
    same([*texts, *(f"गया {text}" for text in texts), *(f"{text}।" for text in texts)])


@pytest.mark.parametrize("frame", ["{}", "क{}", "{}क", "5{}7", "। {}।", "1 {}अ"])
def test_every_character(frame):
    """All code points that news is written in, and one of every 256 others, in all kinds of company."""
    chance = random.Random(1)
    codes = [*range(0x3100), *(chance.randrange(at, at + 0x100) for at in range(0x3100, sys.maxunicode, 0x100))]
    texts = [frame.format(chr(code)) for code in codes]
    columns = token_columns(texts)
    odd = [number for number, text in enumerate(texts) if columns.of_text(number) != tokenize(text)]
    assert [hex(codes[number]) for number in odd] == []


def test_places_count_through_all_texts():
    """Starts and ends go on where the text before ended; `borders` says where."""
    columns = token_columns(["वह गया", "", "कल"])
    assert columns.borders.tolist() == [0, 6, 6, 8]
    assert columns.offsets.tolist() == [0, 2, 2, 3]
    assert list(zip(columns.of.tolist(), columns.starts.tolist(), columns.ends.tolist(), strict=True)) == [
        (0, 0, 2),
        (0, 3, 6),
        (2, 6, 8),
    ]
    assert columns.starts.dtype == np.int64


def test_unknown_language():
    """An unknown language among those of the texts is refused, and the known ones are named."""
    with pytest.raises(UsageError, match=r"xx.*known.*hi"):
        token_columns(["वह"], ["hi", "xx"])
