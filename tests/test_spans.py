"""Arithmetic on half-open spans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.records import Entity, Span
from annotate.spans import gaps, overlaps, text_of
from tests.strategies import spans, texts

some_spans = st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda at: Span(at[0], at[0] + at[1]))


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        pytest.param((0, 4), (4, 6), False, id="touching"),
        pytest.param((0, 4), (3, 6), True, id="one-code-point"),
        pytest.param((0, 9), (3, 6), True, id="inside"),
        pytest.param((0, 4), (0, 4), True, id="same"),
        pytest.param((0, 1), (5, 6), False, id="apart"),
    ],
)
def test_overlaps(a, b, shared):
    """Spans overlap when they share a code point; the order does not matter."""
    assert overlaps(Span(*a), Span(*b)) is overlaps(Span(*b), Span(*a)) is shared


@given(some_spans, some_spans)
def test_overlaps_counts_code_points(a, b):
    """Overlapping is having a code point in common."""
    assert overlaps(a, b) == bool(set(range(*a)) & set(range(*b)))


@pytest.mark.parametrize(
    ("taken", "length", "left"),
    [
        pytest.param([], 3, [(0, 3)], id="nothing-taken"),
        pytest.param([], 0, [], id="no-text"),
        pytest.param([(0, 3)], 3, [], id="all-taken"),
        pytest.param([(1, 2), (2, 4)], 6, [(0, 1), (4, 6)], id="touching"),
        pytest.param([(0, 1), (3, 4)], 4, [(1, 3)], id="between"),
    ],
)
def test_gaps(taken, length, left):
    """Gaps are what sorted, disjoint spans leave of a text."""
    assert list(gaps([Span(*span) for span in taken], length)) == left


@given(st.data(), texts(min_size=1).filter(bool))
def test_gaps_and_spans_are_the_text(data, text):
    """Spans and gaps together, in order, are the whole text and nothing twice."""
    taken: list[Span] = []
    for span in sorted(data.draw(st.lists(spans(text), max_size=4))):
        if not taken or span.start >= taken[-1].end:
            taken.append(span)
    pieces = sorted([*taken, *gaps(taken, len(text))])
    assert "".join(text_of(text, piece) for piece in pieces) == text


def test_text_of_anything_with_a_span():
    """Entities have a surface text as spans have."""
    assert text_of("श्री मोदी आए", Entity.at(5, 9, "PER")) == text_of("श्री मोदी आए", Span(5, 9)) == "मोदी"
