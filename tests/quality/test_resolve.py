"""Annotations of a sentence become gold when those who submitted agree; else they are listed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.check import faults, records
from annotate.errors import DataError, Reason, UsageError
from annotate.labels import EntityLabel, LabelSet, StanceLabel
from annotate.quality.resolve import Disagreement, agreed, resolve
from annotate.records import Annotation, Entity, Gold, Resolution, Span, Stance
from tests.strategies import annotations

TEXT = "मोदी ने कांग्रेस की आलोचना की।"
MODI, CONGRESS = Entity.at(0, 4, "PER"), Entity.at(8, 16, "ORG")
CRITICISM = Stance(target=CONGRESS.id, label="AGAINST", holder=MODI.id, cue=Span(20, 26))


def annotation(annotator="asha", number=1, article="n-1", at="2026-01-01T10:00:00Z", **other):
    """An annotation of the sentence in which both entities and the criticism stand, with what differs."""
    return Annotation(
        id=f"{article}:0-30",
        article_id=article,
        lang="hi",
        index=0,
        start=0,
        end=30,
        text=TEXT,
        **{"entities": (MODI, CONGRESS), "stances": (CRITICISM,), "annotator": annotator, "annotation_id": number}
        | {"task_id": 7, "created_at": "2026-01-01T09:00:00Z", "updated_at": at}
        | other,
    )


@pytest.fixture
def run(tmp_path):
    """Resolve annotations; gives the summary and the gold that was written."""

    def run(*made, **options):
        source, out = tmp_path / "annotations.jsonl", tmp_path / "gold.jsonl"
        source.write_bytes(b"".join(record.to_json() + b"\n" for record in made))
        summary = resolve(source, out, **options)
        return summary, list(records(out, Gold, *options.values()))

    return run


def test_one_person(run):
    """What one person submitted is gold as it was submitted, and gold says who it rests on."""
    summary, [gold] = run(annotation())
    assert gold.sentence() == annotation().sentence()
    assert gold.entities == (MODI, CONGRESS)
    assert gold.resolution == Resolution(method="single", annotators=("asha",))
    assert (summary.gold, summary.single, summary.agreement, summary.skipped, summary.disagreements) == (1, 1, 0, 0, ())


def test_agreement(run):
    """Several who say the same make gold, whose annotators are named in order."""
    summary, [gold] = run(annotation("chitra"), annotation("asha", 2), annotation("balram", 3))
    assert gold.resolution == Resolution(method="agreement", annotators=("asha", "balram", "chitra"))
    assert (summary.gold, summary.single, summary.agreement) == (1, 0, 1)


def test_disagreement(run):
    """What people left differently is left out and listed, with what only some of them said."""
    summary, gold = run(
        annotation("asha"),
        annotation("balram", 2, entities=(Entity.at(0, 4, "ORG"), CONGRESS), stances=()),
        annotation("chitra", 3, article="n-2"),
    )
    assert [record.id for record in gold] == ["n-2:0-30"]
    assert summary.disagreements == (
        Disagreement(
            "n-1:0-30",
            TEXT,
            {"asha": ["AGAINST toward e8-16-ORG by e0-4-PER", "e0-4-PER"], "balram": ["e0-4-ORG"]},
        ),
    )


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param({}, True, id="same"),
        pytest.param({"entities": (CONGRESS, MODI)}, True, id="order-of-entities"),
        pytest.param({"entities": (MODI,), "stances": ()}, False, id="entity-missing"),
        pytest.param({"entities": (replace(MODI, score=0.5, source="rules"), CONGRESS)}, True, id="score-and-source"),
        pytest.param({"stances": ()}, False, id="stance-missing"),
        pytest.param({"stances": (replace(CRITICISM, label="FAVOR"),)}, False, id="other-stance"),
        pytest.param({"stances": (replace(CRITICISM, holder=None),)}, False, id="no-holder"),
        pytest.param({"stances": (replace(CRITICISM, cue=None, score=0.4),)}, True, id="cue-and-score"),
        pytest.param({"stances": (CRITICISM, Stance(target=MODI.id, label="NEUTRAL"))}, True, id="neutral-said"),
        pytest.param({"lead_time": 3.5, "task_id": 9}, True, id="circumstances"),
    ],
)
def test_agreed(other, same):
    """People agree on entities, stances and holders; an unsaid stance is NEUTRAL, cues and scores do not matter."""
    assert agreed([annotation("asha"), annotation("balram", 2, **other)]) is same
    assert agreed([annotation("balram", 2, **other), annotation("asha")]) is same


def test_one_alone_agrees():
    """One person does not disagree with anybody."""
    assert agreed([annotation()])


def test_skipped(run):
    """A sentence that everybody skipped is counted and gives no gold; one who skipped does not outvote another."""
    summary, gold = run(
        annotation("asha", outcome="skipped", entities=(), stances=()),
        annotation("asha", 2, article="n-2", outcome="skipped", entities=(), stances=()),
        annotation("balram", 3, article="n-2"),
    )
    assert summary.skipped == 1
    assert [(record.id, record.resolution) for record in gold] == [
        ("n-2:0-30", Resolution(method="single", annotators=("balram",)))
    ]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        pytest.param((1, "2026-01-01T10:00:00Z"), (2, "2026-01-01T10:00:01Z"), id="seconds"),
        pytest.param((9, "2026-01-01T10:00:00Z"), (2, "2026-01-01T10:00:00.000001Z"), id="fraction-after-none"),
        pytest.param((9, "2026-01-01T10:00:00+05:30"), (2, "2026-01-01T05:00:00Z"), id="time-zones"),
        pytest.param((1, "2026-01-01T10:00:00Z"), (2, "2026-01-01T10:00:00Z"), id="same-moment"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_newest_version_counts(run, older, newer, turned):
    """Of several annotations of one person the one changed last counts, wherever it stands in the file."""
    made = [
        annotation("asha", older[0], at=older[1], entities=(MODI,), stances=()),
        annotation("asha", newer[0], at=newer[1]),
    ]
    summary, [gold] = run(*(reversed(made) if turned else made))
    assert gold.entities == (MODI, CONGRESS)
    assert (summary.single, summary.agreement) == (1, 0)


def test_a_later_skip_takes_back_what_was_submitted(run):
    """A person who skips a sentence after submitting it has no say in it any more."""
    summary, gold = run(
        annotation(), annotation("asha", 2, at="2026-01-02T10:00:00Z", outcome="skipped", entities=(), stances=())
    )
    assert (gold, summary.skipped) == ([], 1)


def test_every_entity_has_a_stance(run):
    """In gold each entity that bears a stance has one, NEUTRAL where nobody said another, in the order of entities."""
    _, [gold] = run(annotation())
    assert gold.stances == (Stance(target=MODI.id, label="NEUTRAL"), CRITICISM)


def test_entities_that_bear_no_stance(run):
    """A type toward which nobody takes a stance gets none."""
    labels = LabelSet(
        entities=(EntityLabel("PER"), EntityLabel("EVENT", stance=False)),
        stances=(StanceLabel("NEUTRAL"), StanceLabel("PRO")),
    )
    event = Entity.at(8, 16, "EVENT")
    _, [gold] = run(annotation(entities=(MODI, event), stances=()), labels=labels)
    assert gold.stances == (Stance(target=MODI.id, label="NEUTRAL"),)


def test_order_of_gold(run):
    """Gold stands in the order in which its sentences first occur."""
    _, gold = run(annotation(article="n-2"), annotation(number=2), annotation("balram", 3, article="n-2"))
    assert [record.id for record in gold] == ["n-2:0-30", "n-1:0-30"]


@given(data=st.data())
def test_gold_is_sound(tmp_path_factory, data):
    """Whatever people submit, gold keeps the contract and no sentence is lost from the count."""
    made = {(a.id, a.annotation_id): a for a in data.draw(st.lists(annotations(), max_size=4))}
    folder = tmp_path_factory.mktemp("resolve")
    source, out = folder / "a.jsonl", folder / "g.jsonl"
    source.write_bytes(b"".join(record.to_json() + b"\n" for record in made.values()))
    summary = resolve(source, out)
    assert list(faults(out, Gold)) == []
    gold = list(records(out, Gold))
    assert [{s.target for s in record.stances} for record in gold] == [
        {e.id for e in record.entities} for record in gold
    ]
    sentences = {a.id for a in made.values()}
    assert len(gold) + summary.skipped + len(summary.disagreements) == len(sentences)
    assert summary.gold == summary.single + summary.agreement == len(gold)


def test_broken_annotations(tmp_path):
    """With a fault in the file nothing is written, and every fault is told."""
    source, out = tmp_path / "a.jsonl", tmp_path / "gold.jsonl"
    source.write_bytes(b"{\n" + annotation(entities=(Entity.at(0, 99, "PER"),), stances=()).to_json() + b"\n")
    out.write_text("before")
    with pytest.raises(DataError) as caught:
        resolve(source, out)
    assert [(fault.line, fault.reason) for fault in caught.value.faults] == [
        (1, Reason.BROKEN_JSON),
        (2, Reason.OFFSET_OUT_OF_TEXT),
    ]
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "gold.jsonl"]


def test_the_source_is_not_written_over(tmp_path):
    """Reading and writing the same file is refused."""
    source = tmp_path / "a.jsonl"
    source.write_bytes(annotation().to_json() + b"\n")
    before = source.read_bytes()
    with pytest.raises(UsageError, match="written over"):
        resolve(source, source)
    assert source.read_bytes() == before
