"""How far annotators agree, on figures worked out by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.errors import DataError
from annotate.quality.agreement import agreement, entity_f1, kappa, newest
from annotate.records import Annotation, Entity, Stance

MODI, CONGRESS, DELHI = Entity.at(0, 4, "PER"), Entity.at(8, 16, "ORG"), Entity.at(8, 16, "LOC")
AGAINST = Stance(target=CONGRESS.id, label="AGAINST", holder=MODI.id)
SAID = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("ABC")), min_size=1)


def annotation(annotator="asha", article="n-1", number=1, at="2026-01-01T10:00:00Z", **other):
    """An annotation of a sentence with a person and a party, with what differs."""
    return Annotation(
        id=f"{article}:0-30",
        article_id=article,
        lang="hi",
        index=0,
        start=0,
        end=30,
        text="मोदी ने कांग्रेस की आलोचना की।",
        **{"entities": (MODI, CONGRESS), "stances": (AGAINST,), "annotator": annotator, "annotation_id": number}
        | {"task_id": 7, "created_at": "2026-01-01T09:00:00Z", "updated_at": at}
        | other,
    )


@pytest.fixture
def measure(tmp_path):
    """Measure the agreement in a file of annotations; ids are given in order."""

    def measure(*made):
        path = tmp_path / "annotations.jsonl"
        numbered = (replace(record, annotation_id=number) for number, record in enumerate(made, 1))
        path.write_bytes(b"".join(record.to_json() + b"\n" for record in numbered))
        return agreement(path)

    return measure


@pytest.mark.parametrize(
    ("first", "second", "both", "expected"),
    [
        pytest.param(2, 2, 2, 1.0, id="all"),
        pytest.param(3, 1, 1, 0.5, id="some"),
        pytest.param(2, 2, 0, 0.0, id="none-shared"),
        pytest.param(0, 2, 0, 0.0, id="one-marked-nothing"),
        pytest.param(0, 0, 0, None, id="nothing-to-agree-on"),
    ],
)
def test_entity_f1(first, second, both, expected):
    """F1 is the harmonic mean of the shares that both have of each."""
    assert entity_f1(first, second, both) == expected


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        pytest.param([*["AA"] * 20, *["AB"] * 5, *["BA"] * 10, *["BB"] * 15], 0.4, id="textbook"),
        pytest.param(["AA", "BB"], 1.0, id="full"),
        pytest.param(["AB", "BA"], -1.0, id="opposite"),
        pytest.param(["AA", "AB", "BA", "BB"], 0.0, id="chance"),
        pytest.param(["AA", "AA"], None, id="one-class"),
        pytest.param(["AB", "AB"], 0.0, id="one-class-each"),
        pytest.param([], None, id="empty"),
    ],
)
def test_kappa(pairs, expected):
    """Kappa is the observed agreement beyond that of chance; undefined where chance agrees fully."""
    found = kappa([tuple(pair) for pair in pairs])
    assert found == (None if expected is None else pytest.approx(expected))


@given(SAID)
def test_kappa_takes_no_side(pairs):
    """Kappa is the same both ways round, at most 1, and 1 only where all agree."""
    found = kappa(pairs)
    assert found == kappa([(b, a) for a, b in pairs])
    if found is not None:
        assert found <= 1
        assert (found == 1) == all(a == b for a, b in pairs)


def test_a_pair(measure):
    """Entities of the same span and type agree; stance is compared where both marked the entity."""
    (pair,) = measure(
        annotation("asha"),
        annotation("balram", entities=(MODI, DELHI), stances=()),
        annotation("asha", "n-2"),
        annotation("balram", "n-2", stances=()),
        annotation("asha", "n-3"),
    ).pairs
    assert (pair.first, pair.second, pair.sentences) == ("asha", "balram", 2)
    assert (pair.first_entities, pair.second_entities, pair.both_entities, pair.entity_f1) == (4, 4, 3, 0.75)
    # MODI neutral to both, twice; CONGRESS against and neutral: observed 2/3, by chance 2/3.
    assert (pair.stances, pair.same_stances, pair.stance_kappa) == (3, 2, pytest.approx(0))


def test_counts(measure):
    """Sentences are counted, and those that two or more submitted."""
    found = measure(annotation("asha"), annotation("balram"), annotation("c"), annotation("asha", "n-2"))
    assert (found.sentences, found.shared) == (2, 1)
    assert [(pair.first, pair.second) for pair in found.pairs] == [("asha", "balram"), ("asha", "c"), ("balram", "c")]


def test_absent_is_neutral(measure):
    """A stance that nobody wrote down is NEUTRAL."""
    neutral = (AGAINST, Stance(target=MODI.id, label="NEUTRAL"))
    (pair,) = measure(annotation("asha"), annotation("balram", stances=neutral)).pairs
    assert (pair.same_stances, pair.stance_kappa) == (2, 1.0)


def test_nobody_shares(measure):
    """Without a shared sentence there is no pair; skipped ones are not shared."""
    found = measure(annotation("asha"), annotation("balram", outcome="skipped", entities=(), stances=()))
    assert (found.pairs, found.sentences, found.shared) == ((), 1, 0)


def test_newest():
    """The newest version of each annotator counts; of one moment, that of the greater id."""
    first = annotation(number=1)
    late = annotation(number=2, at="2026-01-01T16:00:00+05:30")  # 10:30 UTC
    later = annotation(number=3, at="2026-01-01T10:30:00Z")
    other = annotation("balram", number=4)
    assert newest([later, first, other, late]) == [later, other]


def test_broken(tmp_path):
    """Broken annotations are faults, not a lower agreement."""
    path = tmp_path / "annotations.jsonl"
    path.write_bytes(b"{}\n")
    with pytest.raises(DataError):
        agreement(path)
