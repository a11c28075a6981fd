"""Spelling variants of a word are looked up as one; different words stay different."""

import pytest
from hypothesis import given

from annotate.prelabel.fold import fold
from tests.strategies import texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("\u095bेलेंस्की", "ज\u093cेलेंस्की", id="nukta-composed-decomposed"),
        pytest.param("फ़्रांस", "फ्रांस", id="nukta-left-out"),
        pytest.param("हाँगकाँग", "हांगकांग", id="chandrabindu"),
        pytest.param("हिन्दी", "हिंदी", id="half-na"),
        pytest.param("मुम्बई", "मुंबई", id="half-ma"),
        pytest.param("मॉस्को", "मोस्को", id="english-o"),
        pytest.param("नयी", "नई", id="glide"),
        pytest.param("तुवालू", "तुवालु", id="final-vowel"),
        pytest.param("२०२४", "2024", id="digits"),
        pytest.param("BJP", "bjp", id="case"),
        pytest.param("न्यूयॉर्\u200dक", "न्यूयॉर्क", id="joiner"),
    ],
)
def test_variants_meet(one, other):
    """Two spellings of one word fold to the same form."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("की", "कि"), ("में", "मे"), ("जन", "जान"), ("अन्ना", "अना")])
def test_different_words_stay_different(one, other):
    """Folding does not run together what only looks alike."""
    assert fold(one) != fold(other)


@given(texts())
def test_a_folded_word_is_final(text):
    """Folding what is folded already changes nothing, so data files may hold either form."""
    assert fold(fold(text)) == fold(text)
