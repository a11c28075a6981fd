"""What a person did to a pre-label is counted by comparing the two, each entity once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.quality.corrections import Corrections, changes, corrections, total
from annotate.records import Entity, Labeled, Stance
from tests.strategies import entities, prelabeleds, stances

TEXT = "मोदी ने कांग्रेस और राहुल गांधी की आलोचना की।"


def labelled(*mentions, stances=()):
    """The sentence with these entities, given as (start, end, label), and stances as (target, label, holder)."""
    found = tuple(Entity.at(*mention) for mention in mentions)
    return Labeled(
        id="n:0-45",
        article_id="n",
        lang="hi",
        index=0,
        start=0,
        end=45,
        text=TEXT,
        entities=found,
        stances=tuple(Stance(target=target, label=label, holder=holder) for target, label, holder in stances),
    )


MODI, CONGRESS, RAHUL = (0, 4, "PER"), (8, 16, "ORG"), (20, 31, "PER")
CRITICISM = ("e8-16-ORG", "AGAINST", "e0-4-PER")


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        pytest.param(labelled(), labelled(), Corrections(), id="nothing"),
        pytest.param(labelled(MODI, CONGRESS), labelled(CONGRESS, MODI), Corrections(kept=2), id="order"),
        pytest.param(labelled(MODI), labelled(), Corrections(removed=1), id="removed"),
        pytest.param(labelled(), labelled(MODI), Corrections(added=1), id="added"),
        pytest.param(labelled(MODI), labelled((0, 4, "ORG")), Corrections(retyped=1), id="retyped"),
        pytest.param(labelled((20, 25, "PER")), labelled(RAHUL), Corrections(respanned=1), id="widened"),
        pytest.param(labelled(RAHUL), labelled((26, 31, "LOC")), Corrections(respanned=1), id="other-span-and-type"),
        pytest.param(
            labelled((0, 16, "ORG")), labelled(MODI, CONGRESS), Corrections(respanned=1, added=1), id="cut-in-two"
        ),
        pytest.param(
            labelled(MODI, CONGRESS), labelled((0, 16, "ORG")), Corrections(respanned=1, removed=1), id="made-one"
        ),
        pytest.param(labelled(MODI), labelled((4, 7, "PER")), Corrections(removed=1, added=1), id="touching"),
        pytest.param(
            labelled((0, 16, "ORG"), MODI), labelled(MODI, (0, 16, "LOC")), Corrections(kept=1, retyped=1), id="nested"
        ),
        pytest.param(
            labelled(MODI, CONGRESS),
            labelled(MODI, CONGRESS, stances=[CRITICISM]),
            Corrections(kept=2, stance=1, holder=1),
            id="stance-with-holder",
        ),
        pytest.param(
            labelled(MODI, CONGRESS, stances=[CRITICISM]),
            labelled(MODI, CONGRESS, stances=[("e8-16-ORG", "FAVOR", "e0-4-PER")]),
            Corrections(kept=2, stance=1),
            id="other-stance",
        ),
        pytest.param(
            labelled(MODI, CONGRESS, RAHUL, stances=[CRITICISM]),
            labelled(MODI, CONGRESS, RAHUL, stances=[("e8-16-ORG", "AGAINST", "e20-31-PER")]),
            Corrections(kept=3, holder=1),
            id="other-holder",
        ),
        pytest.param(
            labelled(MODI),
            labelled(MODI, stances=[("e0-4-PER", "NEUTRAL", None)]),
            Corrections(kept=1),
            id="neutral-said",
        ),
        pytest.param(
            labelled(MODI, CONGRESS, stances=[CRITICISM]),
            labelled((0, 4, "ORG"), (8, 16, "LOC"), stances=[("e8-16-LOC", "AGAINST", "e0-4-ORG")]),
            Corrections(retyped=2),
            id="stance-follows-its-entities",
        ),
        pytest.param(
            labelled(MODI, CONGRESS, stances=[CRITICISM]),
            labelled(MODI),
            Corrections(kept=1, removed=1),
            id="stance-goes-too",
        ),
    ],
)
def test_counts(before, after, counts):
    """Entities are kept, retyped, re-spanned, removed or added; stances count by the entity they are about."""
    assert corrections(before, after) == counts


@given(prelabeleds())
def test_nothing_changed(record):
    """A record compared with itself has everything kept and nothing done."""
    assert corrections(record, record) == Corrections(kept=len(record.entities))
    assert corrections(record, record).actions == 0


@st.composite
def pairs(draw):
    """Two labellings of one sentence."""
    before = draw(prelabeleds())
    mentions = draw(entities(before.text))
    mixed = {
        e.id: e
        for e in (*mentions, *draw(st.lists(st.sampled_from(before.entities)) if before.entities else st.just([])))
    }
    after = tuple(sorted(mixed.values(), key=lambda e: (e.start, e.end, e.label)))
    return before, _relabelled(before, after, draw(stances(before.text, after)))


def _relabelled(record, mentions, taken):
    fields = {name: getattr(record, name) for name in record.sentence().__dataclass_fields__}
    return Labeled(**fields, entities=mentions, stances=taken)


@given(pairs())
def test_every_entity_is_accounted_for_once(pair):
    """Proposed entities are kept, retyped, re-spanned or removed; those that stand are that or added."""
    before, after = pair
    counts = corrections(before, after)
    assert counts.kept + counts.retyped + counts.respanned + counts.removed == len(before.entities)
    assert counts.kept + counts.retyped + counts.respanned + counts.added == len(after.entities)
    assert min(counts.kept, counts.retyped, counts.respanned, counts.removed, counts.added) >= 0
    assert counts.kept == len({e.id for e in before.entities} & {e.id for e in after.entities})
    assert max(counts.stance, counts.holder) <= len(after.entities)


@given(pairs())
def test_doing_and_undoing(pair):
    """Seen the other way round what was added is removed; as much is kept."""
    before, after = pair
    there, back = corrections(before, after), corrections(after, before)
    assert (there.kept, there.retyped) == (back.kept, back.retyped)


def test_total():
    """Totals are sums of each count, and of none are zero."""
    assert total([]) == Corrections()
    assert total([Corrections(kept=1, stance=2), Corrections(kept=2, added=3)]) == Corrections(
        kept=3, added=3, stance=2
    )
    assert total([Corrections(kept=5, retyped=1, holder=2), Corrections(removed=4)]).actions == 7


def test_every_change_is_named():
    """What was it before, what is it now; what was kept is no change."""
    before = labelled(MODI, (20, 25, "PER"), (35, 41, "LOC"), stances=[("e0-4-PER", "FAVOR", "e20-25-PER")])
    after = labelled((0, 4, "ORG"), CONGRESS, RAHUL, stances=[("e0-4-ORG", "AGAINST", "e8-16-ORG")])
    assert [(change.action, change.entity.id, change.before, change.after) for change in changes(before, after)] == [
        ("removed", "e35-41-LOC", "LOC आलोचना", None),
        ("retyped", "e0-4-ORG", "PER मोदी", "ORG मोदी"),
        ("stance", "e0-4-ORG", "FAVOR", "AGAINST"),
        ("holder", "e0-4-ORG", "e20-25-PER", "e8-16-ORG"),
        ("added", "e8-16-ORG", None, "ORG कांग्रेस"),
        ("respanned", "e20-31-PER", "PER राहुल", "PER राहुल गांधी"),
    ]
    assert list(changes(before, before)) == []
