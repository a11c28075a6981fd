"""Our scores are those of seqeval and nervaluate, on anything that all three can count and on real sentences."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nervaluate.evaluator import Evaluator
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from annotate.check import records
from annotate.labels import DEFAULT
from annotate.prelabel import prelabel
from annotate.quality.scores import ALL, counted
from annotate.records import Entity, Gold
from annotate.release.bio import bio_tags
from annotate.spans import overlaps
from annotate.split import tokenize

TYPES = DEFAULT.entity_names
WORDS = 12  # of a made-up sentence, each of one code point, so that tokens and offsets are the same


@st.composite
def labelled(draw):
    """Entities of a sentence, none of which share a word."""
    cuts = sorted(draw(st.sets(st.integers(0, WORDS), max_size=8)))
    return tuple(
        Entity.at(start, end, label)
        for start, end in pairwise(cuts)
        if (label := draw(st.sampled_from((*TYPES, None))))
    )


SENTENCES = st.lists(st.tuples(labelled(), labelled()), min_size=1, max_size=6)


def by_seqeval(tagged):
    """Precision, recall, F1 and number of gold ones by type, in strict mode; `tagged` are pairs of BIO tags."""
    predicted, gold = zip(*tagged, strict=True)
    report = classification_report(
        list(gold), list(predicted), mode="strict", scheme=IOB2, output_dict=True, zero_division=0
    )
    return {name: tuple(report[name][key] for key in ("precision", "recall", "f1-score", "support")) for name in report}


def by_nervaluate(sentences, scenario):
    """Precision, recall, F1, and how many are right, there and proposed, by type; its ends are inclusive."""
    sides = [
        [[{"label": e.label, "start": e.start, "end": e.end - 1} for e in sentence[side]] for sentence in sentences]
        for side in (1, 0)
    ]
    found = Evaluator(*sides, tags=list(TYPES), loader="dict").evaluate()["entities"]
    return {name: found[name][scenario] for name in found}


def shares(score):
    return score.precision, score.recall, score.f1


def agree_on_strict(sentences, tagged):
    """Our strict scores are both peers'; a type that neither side has is in no peer's table."""
    ours = counted(sentences, TYPES).strict
    seqeval, nervaluate = by_seqeval(tagged), by_nervaluate(sentences, "strict")
    for label in TYPES:
        if not ours[label].gold and not ours[label].predicted:
            assert label not in nervaluate
            continue
        assert seqeval[label] == pytest.approx((*shares(ours[label]), ours[label].gold))
        theirs = nervaluate[label]
        assert (theirs.possible, theirs.actual, theirs.correct) == (
            ours[label].gold,
            ours[label].predicted,
            ours[label].correct,
        )
        assert (theirs.precision, theirs.recall, theirs.f1) == pytest.approx(shares(ours[label]))
    if ours[ALL].gold or ours[ALL].predicted:
        assert seqeval["micro avg"] == pytest.approx((*shares(ours[ALL]), ours[ALL].gold))


def met_by_two(sentences):
    """Types of which an entity of one side shares code points with two of the other."""
    crowded = set()
    for sides in sentences:
        for one, other in (sides, sides[::-1]):
            for entity in one:
                if sum(entity.label == e.label and overlaps(entity, e) for e in other) > 1:
                    crowded.add(entity.label)
    return crowded


def agree_on_relaxed(sentences):
    """Our relaxed scores are nervaluate's `ent_type`, but where one entity meets two, which we pair off to the full."""
    ours, theirs = counted(sentences, TYPES).relaxed, by_nervaluate(sentences, "ent_type")
    crowded = met_by_two(sentences)
    for label, found in theirs.items():
        if label in crowded:
            assert found.correct <= ours[label].correct
        else:
            assert found.correct == ours[label].correct
            assert (found.precision, found.recall, found.f1) == pytest.approx(shares(ours[label]))


def tags(entities):
    return bio_tags([Entity.at(n, n + 1, "word") for n in range(WORDS)], entities)


@settings(max_examples=150, deadline=None)
@given(SENTENCES)
def test_strict_is_seqeval_and_nervaluate(sentences):
    """Precision, recall and F1 by type, and over all of them, for whatever entities there are."""
    assume(any(entities for sides in sentences for entities in sides))  # seqeval has no table of nothing
    agree_on_strict(sentences, [(tags(predicted), tags(gold)) for predicted, gold in sentences])


@settings(max_examples=150, deadline=None)
@given(SENTENCES)
def test_relaxed_is_nervaluate(sentences):
    """Precision, recall and F1 by type, for whatever entities there are."""
    agree_on_relaxed(sentences)


@settings(max_examples=100, deadline=None)
@given(SENTENCES)
def test_the_tables_add_up(sentences):
    """A confusion's rows and columns add up to what there is and what was proposed; strict is never above relaxed."""
    found = counted(sentences, TYPES)
    for side, total in ((1, lambda label: found.strict[label].gold), (0, lambda label: found.strict[label].predicted)):
        count = Counter(entity.label for sentence in sentences for entity in sentence[side])
        for label in TYPES:
            assert total(label) == count[label]
            row = found.confusion[label].values() if side else [found.confusion[row][label] for row in found.confusion]
            assert sum(row) == count[label]
    assert all(found.strict[label].correct <= found.relaxed[label].correct for label in (*TYPES, ALL))


def test_two_halves_of_a_name():
    """A name that was proposed in two halves is one right and one wrong, as nervaluate has it."""
    sentences = [((Entity.at(0, 2, "PER"), Entity.at(2, 4, "PER")), (Entity.at(0, 4, "PER"),))]
    ours, theirs = counted(sentences, TYPES).relaxed["PER"], by_nervaluate(sentences, "ent_type")["PER"]
    assert (ours.gold, ours.predicted, ours.correct) == (theirs.possible, theirs.actual, theirs.correct) == (1, 2, 1)


def test_where_we_pair_off_to_the_full():
    """nervaluate gives a find the nearest name and leaves the next find without; we find both names."""
    first, second = Entity.at(0, 2, "PER"), Entity.at(2, 8, "PER")
    sentences = [((Entity.at(1, 6, "PER"), Entity.at(6, 9, "PER")), (first, second))]
    assert by_nervaluate(sentences, "ent_type")["PER"].correct == 1
    assert counted(sentences, TYPES).relaxed["PER"].correct == 2


def test_on_the_corpus(corpus):
    """Pre-labels by rules of real sentences, whose tags stand on our tokens, get the same scores from all three."""
    gold = list(records(corpus.gold, Gold))
    sentences, tagged = [], []
    for said, true in zip(prelabel([one.sentence() for one in gold], "rules", "rules"), gold, strict=True):
        tokens = tokenize(true.text)
        sentences.append((said.entities, true.entities))
        tagged.append((bio_tags(tokens, said.entities), bio_tags(tokens, true.entities)))
    assert sum(len(true) for _, true in sentences) > 500
    agree_on_strict(sentences, tagged)
    agree_on_relaxed(sentences)
