"""Pre-labels are scored against gold: every number of these tables is worked out by hand."""

import orjson
import pytest
from typer.testing import CliRunner

from annotate.cli.evaluate import evaluate as command
from annotate.errors import DataError, Reason
from annotate.labels import DEFAULT
from annotate.quality.evaluate import evaluate, evaluate_records
from annotate.quality.scores import calibration, counted
from annotate.records import Engine, Entity, Gold, Labeled, Prelabeled, Resolution, Stance, TopicStance

TEXT = "मोदी ने कांग्रेस और राहुल गांधी की आलोचना की।"
MODI, CONGRESS, RAHUL = Entity.at(0, 4, "PER"), Entity.at(8, 16, "ORG"), Entity.at(20, 31, "PER")
GANDHI, RAHUL_AS_LOC = Entity.at(26, 31, "PER"), Entity.at(20, 31, "LOC")
FIRST_NAME, CRITICISM_AS_ORG = Entity.at(20, 25, "PER"), Entity.at(35, 41, "ORG")
GOLD = (MODI, CONGRESS, RAHUL)


def fields(entities, stances=(), name="n"):
    """The fields of a labelled sentence."""
    return {
        "id": f"{name}:0-45",
        "article_id": name,
        "lang": "hi",
        "index": 0,
        "start": 0,
        "end": 45,
        "text": TEXT,
        "entities": tuple(entities),
        "stances": tuple(Stance(target=t, label=s, holder=h) for t, s, h in stances),
    }


def prf(scores, label):
    """Gold, proposed and right ones of a row."""
    return (scores[label].gold, scores[label].predicted, scores[label].correct)


@pytest.mark.parametrize(
    ("proposed", "strict", "relaxed"),
    [
        pytest.param(GOLD, (2, 2, 2), (2, 2, 2), id="all"),
        pytest.param((), (2, 0, 0), (2, 0, 0), id="nothing"),
        pytest.param((MODI, CONGRESS, GANDHI), (2, 2, 1), (2, 2, 2), id="shorter"),
        pytest.param((MODI, RAHUL_AS_LOC), (2, 1, 1), (2, 1, 1), id="other-type"),
        pytest.param((MODI, FIRST_NAME, GANDHI), (2, 3, 1), (2, 3, 2), id="cut-in-two"),
        pytest.param((MODI, RAHUL, CRITICISM_AS_ORG), (2, 2, 2), (2, 2, 2), id="spurious-of-another-type"),
    ],
)
def test_spans_of_people(proposed, strict, relaxed):
    """Strict wants the same span; relaxed wants a shared code point, and finds each gold entity once."""
    found = counted([(proposed, GOLD)], DEFAULT.entity_names)
    assert prf(found.strict, "PER") == strict
    assert prf(found.relaxed, "PER") == relaxed


def test_shares():
    """Of 3 gold and 2 proposed entities 1 is right: P 1/2, R 1/3, F1 2/5."""
    found = counted([((MODI, GANDHI), GOLD)], DEFAULT.entity_names)
    score = found.strict["all"]
    assert (score.precision, score.recall, score.f1) == (1 / 2, 1 / 3, 2 / 5)


def test_confusion():
    """Rows are gold, columns proposed; what met nothing stands in the row or column `none`."""
    found = counted([((MODI, RAHUL_AS_LOC, CRITICISM_AS_ORG), GOLD)], DEFAULT.entity_names)
    filled = {(row, column): n for row, counts in found.confusion.items() for column, n in counts.items() if n}
    assert filled == {("PER", "PER"): 1, ("PER", "LOC"): 1, ("ORG", "none"): 1, ("none", "ORG"): 1}


def test_calibration():
    """Two finds at 0.95, one right, and two at 0.25, none right: (2 × 0.45 + 2 × 0.25) / 4."""
    found = calibration([(0.95, True), (0.95, False), (0.25, False), (0.25, False)])
    assert found.error == pytest.approx(0.35)
    assert [(one.low, one.count, one.right) for one in found.bins] == [(0.2, 2, 0.0), (0.9, 2, 0.5)]
    assert calibration([]) is None


GOLD_STANCES = ((CONGRESS.id, "AGAINST", MODI.id), (RAHUL.id, "AGAINST", MODI.id), (MODI.id, "NEUTRAL", None))


@pytest.mark.parametrize(
    ("stances", "targets", "with_holder", "macro_f1"),
    [
        pytest.param(GOLD_STANCES, (2, 2, 2), (2, 2, 2), 1.0, id="all"),
        pytest.param((), (2, 0, 0), (2, 0, 0), (0 + 2 / 4) / 2, id="nothing"),
        pytest.param(((CONGRESS.id, "AGAINST", None),), (2, 1, 1), (2, 1, 0), (2 / 3 + 2 / 3) / 2, id="no-holder"),
        pytest.param(((CONGRESS.id, "FAVOR", MODI.id),), (2, 1, 0), (2, 1, 0), (0 + 2 / 3) / 2, id="wrong"),
    ],
)
def test_stances(stances, targets, with_holder, macro_f1):
    """NEUTRAL is no find, but one of the classes that each gold entity has; macro F1 is over those that occur."""
    pair = Labeled(**fields(GOLD, stances)), Labeled(**fields(GOLD, GOLD_STANCES))
    found = evaluate_records([pair]).stances
    assert prf({"": found.targets}, "") == targets
    assert prf({"": found.with_holder}, "") == with_holder
    assert found.macro_f1 == pytest.approx(macro_f1)


def test_a_stance_needs_its_entity():
    """A stance toward a wrongly cut entity is wrong, and the gold entity was said to be NEUTRAL."""
    proposed = Labeled(**fields((MODI, CONGRESS, GANDHI), ((GANDHI.id, "AGAINST", MODI.id),)))
    found = evaluate_records([(proposed, Labeled(**fields(GOLD, GOLD_STANCES)))]).stances
    assert prf({"": found.targets}, "") == (2, 1, 0)
    assert prf(found.by_label, "NEUTRAL") == (1, 3, 1)


def test_the_majority_stands_beside():
    """Saying NEUTRAL of all three: one is right, and of the two labels that occur NEUTRAL alone has an F1, 2 / 4."""
    pair = Labeled(**fields(GOLD, GOLD_STANCES)), Labeled(**fields(GOLD, GOLD_STANCES))
    found = evaluate_records([pair]).stances
    assert (found.baseline_accuracy, found.baseline_macro_f1) == pytest.approx((1 / 3, (0 + 2 / 4) / 2))
    assert found.accuracy == 1.0


@pytest.mark.parametrize(
    ("said", "share"),
    [
        pytest.param(GOLD_STANCES, 1.0, id="all"),
        pytest.param(((CONGRESS.id, "AGAINST", None), (RAHUL.id, "AGAINST", MODI.id)), 0.5, id="one-missing"),
        pytest.param(((CONGRESS.id, "AGAINST", MODI.id), (CONGRESS.id, "AGAINST", RAHUL.id)), 0.0, id="one-too-many"),
        pytest.param(((CONGRESS.id, "FAVOR", MODI.id),), 0.0, id="no-right-target"),
    ],
)
def test_holders_of_right_targets(said, share):
    """Of the targets that are right those count whose holders are just those of the gold."""
    pair = Labeled(**fields(GOLD, said)), Labeled(**fields(GOLD, GOLD_STANCES))
    assert evaluate_records([pair]).stances.holders_right == share


def test_the_work_left():
    """One to re-span and one to add against three to add; with stances and holders on top."""
    proposed = Labeled(**fields((MODI, GANDHI)))
    cost = evaluate_records([(proposed, Labeled(**fields(GOLD, GOLD_STANCES)))]).cost
    assert (cost.entity_actions, cost.entity_actions_from_nothing) == (2, 3)
    assert (cost.corrections.respanned, cost.corrections.added) == (1, 1)
    assert (cost.actions, cost.actions_from_nothing) == (6, 7)


LAW = "नागरिकता कानून"


def about(proposed, gold, topic=LAW):
    """Two labellings of a sentence that say where it stands toward a topic, each perhaps nothing."""
    said = TopicStance(topic=topic, label=proposed) if proposed else None
    true = TopicStance(topic=LAW, label=gold) if gold else None
    return Labeled(**fields(()), topic_stance=said), Labeled(**fields(()), topic_stance=true)


def test_the_topic():
    """Of five known answers four were proposed and two are right; what gold does not know is not asked."""
    pairs = [("FAVOR", "FAVOR"), ("AGAINST", "FAVOR"), ("AGAINST", "AGAINST"), (None, "FAVOR"), ("FAVOR", "NEUTRAL")]
    topic = evaluate_records([about(*pair) for pair in (*pairs, ("FAVOR", None), (None, None))]).topic
    assert topic is not None
    assert (topic.sentences, topic.proposed, topic.actions) == (5, 4, 3)
    assert [prf(topic.by_label, name) for name in DEFAULT.stance_names] == [(3, 2, 1), (1, 2, 1), (1, 0, 0)]
    assert topic.accuracy == 2 / 5
    assert topic.macro_f1 == pytest.approx((2 / 5 + 2 / 3 + 0) / 3)
    # All FAVOR: 3 of 5 right, F1 6/8 of FAVOR and 0 of the two others.
    assert (topic.baseline, topic.baseline_accuracy, topic.baseline_macro_f1) == ("FAVOR", 3 / 5, 0.75 / 3)


def test_an_answer_about_another_topic_is_none():
    """It is a proposal for another question."""
    topic = evaluate_records([about("FAVOR", "FAVOR", topic="बजट")]).topic
    assert topic is not None
    assert (topic.proposed, topic.accuracy) == (0, 0.0)


def test_where_nobody_was_asked():
    """There is nothing to say of a topic."""
    assert evaluate_records([about("FAVOR", None)]).topic is None


def write(tmp_path, proposed, gold):
    """Files of pre-labels and gold."""
    engine, resolution = Engine(name="e", version="1"), Resolution(method="single", annotators=("a",))
    files = tmp_path / "prelabeled.jsonl", tmp_path / "gold.jsonl"
    files[0].write_bytes(b"".join(Prelabeled(**one, engine=engine).to_json() + b"\n" for one in proposed))
    files[1].write_bytes(b"".join(Gold(**one, resolution=resolution).to_json() + b"\n" for one in gold))
    return files


def test_files_meet_by_id(tmp_path):
    """Order does not matter, and a sentence that has no gold is passed over."""
    proposed = [fields(GOLD, name=name) for name in "cba"]
    found = evaluate(*write(tmp_path, proposed, [fields(GOLD, name="a"), fields(GOLD, name="b")]))
    assert (found.sentences, found.strict["all"].correct, found.macro_f1) == (2, 6, 1.0)
    assert found.calibration is None


def test_a_gold_sentence_without_pre_labels(tmp_path):
    """Every gold sentence that was not pre-labelled, or whose text differs there, is a fault."""
    other = {**fields((), name="b"), "text": TEXT[:-1] + "!"}
    files = write(tmp_path, [other], [fields(GOLD, name="a"), fields(GOLD, name="b")])
    with pytest.raises(DataError) as caught:
        evaluate(*files)
    assert [(fault.id, fault.reason) for fault in caught.value.faults] == [
        ("a:0-45", Reason.MISMATCH),
        ("b:0-45", Reason.WRONG_TEXT),
    ]


def test_the_command(tmp_path):
    """Tables in words, or everything as one JSON object."""
    import typer

    app = typer.Typer()
    app.command()(command)
    scored = [Entity.at(e.start, e.end, e.label, score=0.9) for e in (MODI, GANDHI)]
    files = list(map(str, write(tmp_path, [fields(scored)], [fields(GOLD, GOLD_STANCES)])))
    told = CliRunner().invoke(app, files)
    assert told.exit_code == 0
    for part in (
        "1 sentences",
        "entities, strict",
        "calibration error 0.400",
        "2 actions instead of 3 from nothing (67%)",
    ):
        assert part in told.stderr
    found = orjson.loads(CliRunner().invoke(app, [*files, "--json"]).stdout)
    assert found["strict"]["all"]["correct"] == 1
    assert found["cost"]["entity_actions"] == 2
    assert "topic" not in found


def test_the_command_with_a_topic(tmp_path):
    """Its table and the work it leaves stand beside those of entities and stances."""
    import typer

    app = typer.Typer()
    app.command()(command)
    (tmp_path / "annotate.toml").write_text(f'[labels.topic]\ntext = "{LAW}"\n', "utf-8")
    favor, against = (TopicStance(topic=LAW, label=label) for label in ("FAVOR", "AGAINST"))
    proposed = [{**fields((), name=name), "topic_stance": favor} for name in "ab"]
    gold = [{**fields((), name="a"), "topic_stance": favor}, {**fields((), name="b"), "topic_stance": against}]
    asked = [*map(str, write(tmp_path, proposed, gold)), "--workspace", str(tmp_path)]
    told = CliRunner().invoke(app, asked).stderr
    for part in ("2 of 2 sentences had a proposal", "accuracy 50.0%", "1 to give or to change instead of 2"):
        assert part in told
    assert (
        orjson.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)["topic"]["by_label"]["FAVOR"]["correct"] == 1
    )
