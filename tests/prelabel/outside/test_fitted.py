"""What an engine from elsewhere finds is brought to our labels and whole tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.aksharas import is_boundary
from annotate.labels import DEFAULT, EntityLabel, LabelSet
from annotate.prelabel.outside.fitted import Find, entities_of, ours
from tests.strategies import texts

TEXT = "श्री मोदी ने ‘भारत’ कहा।"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("PER", "PER", id="ours"),
        pytest.param("person", "PER", id="any-case"),
        pytest.param("GPE", "LOC", id="ontonotes"),
        pytest.param("NEO", "ORG", id="il-ner"),
        pytest.param("DATE", None, id="none-of-ours"),
    ],
)
def test_labels(name, expected):
    """Names of well-known schemes stand for ours."""
    assert ours(name, DEFAULT) == expected


def test_a_campaign_s_own_label_comes_first():
    """GPE is GPE where the campaign has it, and nothing where it has neither GPE nor LOC."""
    assert ours("GPE", LabelSet(entities=(EntityLabel("GPE"), EntityLabel("LOC")))) == "GPE"
    assert ours("GPE", LabelSet(entities=(EntityLabel("PER"),))) is None


@pytest.mark.parametrize(
    ("finds", "expected"),
    [
        pytest.param([Find(5, 9, "PER", 0.5)], ["मोदी"], id="whole"),
        pytest.param([Find(5, 7, "PER", 0.5)], ["मोदी"], id="cut-in-a-word"),
        pytest.param([Find(13, 19, "LOC", 0.5)], ["भारत"], id="quotes-outside"),
        pytest.param([Find(4, 10, "PER", 0.5)], ["मोदी"], id="white-space-outside"),
        pytest.param([Find(0, 9, "PER", 0.1), Find(5, 9, "ORG", 0.9)], ["श्री मोदी"], id="the-longer"),
        pytest.param([Find(5, 9, "ORG", 0.1), Find(5, 9, "PER", 0.9)], ["मोदी"], id="the-surer"),
        pytest.param([Find(14, 14, "LOC", 0.5), Find(90, 99, "LOC", 0.5), Find(9, 10, "LOC", 0.5)], [], id="nothing"),
        pytest.param([Find(5, 9, "DATE", 0.5)], [], id="no-label-of-ours"),
    ],
)
def test_spans(finds, expected):
    """A find grows to whole words and loses what is at its edges."""
    entities = entities_of(TEXT, "hi", finds, DEFAULT, "x")
    assert [TEXT[e.start : e.end] for e in entities] == expected


@given(text=texts(), finds=st.lists(st.tuples(st.integers(-3, 60), st.integers(-3, 60)), max_size=6))
def test_any_spans_of_any_text(text, finds):
    """Whatever an engine answers, entities are sorted, disjoint, inside the text, and cut no akshara."""
    found = entities_of(text, "hi", [Find(a, b, "PER", None) for a, b in finds], DEFAULT, "x")
    edges = [edge for e in found for edge in (e.start, e.end)]
    assert edges == sorted(edges)
    assert all(0 <= e.start < e.end <= len(text) for e in found)
    assert all(is_boundary(text, edge) for edge in edges)
