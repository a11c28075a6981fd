"""Entities as BIO tags and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.errors import DataError, Reason
from annotate.records import Entity, Span
from annotate.release.bio import bio_tags, clashes, entities_of, off_border, tokens_of
from annotate.split import tokenize

TOKENS = [Span(0, 4), Span(5, 9), Span(9, 10), Span(11, 15)]


@st.composite
def tokens_of_a_text(draw):
    """Sorted, disjoint spans, some of them touching."""
    at, tokens = 0, []
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 6)), max_size=12)):
        tokens.append(Span(at + gap, at + gap + length))
        at = tokens[-1].end
    return tokens


@st.composite
def tagged(draw):
    """Tokens, and entities that cover whole runs of them, side by side or apart."""
    tokens = draw(tokens_of_a_text())
    entities, at = [], 0
    while at < len(tokens):
        length = draw(st.integers(0, 3))
        if length and at + length <= len(tokens):
            label = draw(st.sampled_from(["PER", "ORG", "LOC", "A-B"]))
            entities.append(Entity.at(tokens[at].start, tokens[at + length - 1].end, label))
        at += max(1, length)
    return tokens, entities


@pytest.mark.parametrize(
    ("entities", "expected"),
    [
        pytest.param([], ["O", "O", "O", "O"], id="none"),
        pytest.param([Entity.at(0, 9, "PER")], ["B-PER", "I-PER", "O", "O"], id="two-tokens"),
        pytest.param([Entity.at(5, 9, "LOC"), Entity.at(0, 4, "PER")], ["B-PER", "B-LOC", "O", "O"], id="any-order"),
        pytest.param([Entity.at(0, 4, "PER"), Entity.at(5, 9, "PER")], ["B-PER", "B-PER", "O", "O"], id="neighbours"),
        pytest.param([Entity.at(6, 8, "ORG")], ["O", "B-ORG", "O", "O"], id="inside-a-token"),
        pytest.param([Entity.at(3, 6, "ORG")], ["B-ORG", "I-ORG", "O", "O"], id="parts-of-two-tokens"),
        pytest.param([Entity.at(9, 10, "ORG")], ["O", "O", "B-ORG", "O"], id="touching-is-not-sharing"),
        pytest.param([Entity.at(4, 5, "ORG")], ["O", "O", "O", "O"], id="between-tokens"),
    ],
)
def test_tags(entities, expected):
    """The first token an entity touches is B-, the others are I-, what no entity touches is O."""
    assert expected == bio_tags(TOKENS, entities)


@settings(deadline=None)
@given(tagged())
def test_round_trip(drawn):
    """Entities on token borders come back from their tags as they were."""
    tokens, entities = drawn
    assert entities == entities_of(tokens, bio_tags(tokens, entities))


@settings(deadline=None)
@given(tagged())
def test_tags_round_trip(drawn):
    """Well-formed tags come back from the entities they stand for."""
    tokens, entities = drawn
    tags = bio_tags(tokens, entities)
    assert tags == bio_tags(tokens, entities_of(tokens, tags))


@settings(deadline=None)
@given(tokens_of_a_text(), st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=5))
def test_tags_or_clash(tokens, drawn):
    """Any spans either clash or give tags, and what the tags give back are the spans widened to tokens."""
    entities = [Entity.at(start, start + length, "PER") for start, length in drawn]
    if list(clashes(tokens, entities)):
        with pytest.raises(DataError):
            bio_tags(tokens, entities)
        return
    widened = {entity.id: whole for entity, whole in off_border(tokens, entities)}
    expected = sorted(widened.get(entity.id, Span(entity.start, entity.end)) or () for entity in entities)
    found = [Span(entity.start, entity.end) for entity in entities_of(tokens, bio_tags(tokens, entities))]
    assert [span for span in expected if span] == found


@pytest.mark.parametrize(
    "entities",
    [
        pytest.param([Entity.at(0, 9, "ORG"), Entity.at(0, 4, "LOC")], id="nested"),
        pytest.param([Entity.at(0, 9, "ORG"), Entity.at(5, 10, "LOC")], id="crossing"),
        pytest.param([Entity.at(0, 4, "ORG"), Entity.at(0, 4, "LOC")], id="same-place"),
        pytest.param([Entity.at(5, 7, "ORG"), Entity.at(7, 9, "LOC")], id="one-token"),
    ],
)
def test_overlap_is_refused(entities):
    """Entities that share a token are a fault, never a tag less."""
    with pytest.raises(DataError) as caught:
        bio_tags(TOKENS, entities)
    assert [fault.reason for fault in caught.value.faults] == [Reason.OVERLAP]


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param(["I-PER", "O", "O", "O"], id="starts-with-I"),
        pytest.param(["B-PER", "I-LOC", "O", "O"], id="label-changes"),
        pytest.param(["B-PER", "O", "I-PER", "O"], id="I-after-O"),
        pytest.param(["E-PER", "O", "O", "O"], id="another-scheme"),
        pytest.param(["B-", "O", "O", "O"], id="no-label"),
        pytest.param(["O", "O"], id="too-few"),
    ],
)
def test_broken_tags_are_refused(tags):
    """Tags that are not well-formed are a fault, not a guess."""
    with pytest.raises(DataError):
        entities_of(TOKENS, tags)


def test_hindi_tokens_keep_the_danda_apart():
    """A name before a danda or inside quotes is on token borders in the project's own tokens."""
    text = "‘चुनाव आयोग’ ने कहा, मोदी।"
    tokens = tokenize(text, "hi")
    entities = [Entity.at(1, 11, "ORG"), Entity.at(text.index("मोदी"), text.index("मोदी") + 4, "PER")]
    tagged_tokens = zip(tokens_of(text, tokens), bio_tags(tokens, entities), strict=True)
    assert [pair for pair in tagged_tokens if pair[1] != "O"] == [
        ("चुनाव", "B-ORG"),
        ("आयोग", "I-ORG"),
        ("मोदी", "B-PER"),
    ]
    assert not list(off_border(tokens, entities))
