"""Boundaries between what readers see as characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.aksharas import is_boundary, snap

# Characters are set apart by |.
CASES = {
    "matras": "हि|न्दी",
    "conjunct": "क्षे|त्र",
    "triple-conjunct": "स्त्री",
    "nukta": "प|ढ़|ना",
    "decomposed-nukta-before-virama": "ज\u093c्या|दा",
    "zwj": "क्\u200dष",
    "zwnj": "क्\u200c|ष",
    "anusvara-visarga": "दुः|खं",
    "bengali": "বা|ং|লা".replace("|ং", "ং"),
    "gurmukhi-conjunct": "ਪ੍ਰੀ|ਤ",
    "kannada-conjunct": "ಕ್ಷೇ|ತ್ರ",
    "malayalam-conjunct": "ക്ഷേ|ത്രം",
    "tamil-pulli": "க்|ஷ",
    "odia": "ଓ|ଡ଼ି|ଶା",
    "latin-accent": "e\u0301|t",
    "crlf": "a|\r\n|b",
    "skin-tone": "👍🏽|👍",
    "family": "👨\u200d👩\u200d👧|a",
    "heart": "❤\ufe0f\u200d🔥|a",
    "flags": "🇮🇳|🇳🇵|a",
    "odd-flag": "🇮🇳|🇳",
    "hangul": "각|한|\u1100\u1161\u11a8",
    "arabic-number-sign": "\u06dd1|2",
    "control-and-mark": "\n|\u093c",
}


@pytest.mark.parametrize("marked", [pytest.param(text, id=name) for name, text in CASES.items()])
def test_boundaries(marked):
    """A text may be cut between two characters and at its ends, and nowhere else."""
    text = marked.replace("|", "")
    expected, at = [0], 0
    for part in marked.split("|"):
        at += len(part)
        expected.append(at)
    assert expected == [at for at in range(len(text) + 1) if is_boundary(text, at)]


@pytest.mark.parametrize("at", [-1, 3])
def test_outside(at):
    """There is no boundary outside the text."""
    assert not is_boundary("हि", at)


@given(st.text(max_size=30), st.integers(-3, 33))
def test_snap(text, at):
    """`snap` gives the nearest boundary before a place, the place itself if it is one."""
    snapped = snap(text, at)
    assert is_boundary(text, snapped)
    assert snapped <= max(at, 0)
    assert not any(is_boundary(text, between) for between in range(snapped + 1, min(at, len(text)) + 1))


@pytest.mark.parametrize("text", ["क" + "\u093c" * 100_000, "🇮" * 100_000, "क" + "\u094d" * 100_000 + "क"])
def test_long_runs_are_answered_locally(text):
    """A run longer than any writing is not cut, and not walked through."""
    assert not is_boundary(text, len(text) - 1)
