"""Where whole sentences stand toward a topic, in a release and in the formats of other tools."""

from dataclasses import replace

import orjson
import pytest

from annotate.check import records
from annotate.errors import DataError
from annotate.labels import DEFAULT, Topic
from annotate.quality.diff import diff
from annotate.records import Annotation, Engine, Gold, Prelabeled, TopicStance
from annotate.release.features import configs
from annotate.release.formats import WRITERS, export, import_gold
from annotate.release.gate import missing_classes
from annotate.release.manifest import Manifest
from annotate.release.sources import Sources
from annotate.release.verify import verify
from tests.releases import build

LAW = "नागरिकता कानून"
LABELS = replace(DEFAULT, topic=Topic(LAW, help="2019 का संशोधन"))
ALL_IN_TRAIN = {"fractions": (1, 0, 0), "labels": LABELS}


@pytest.fixture
def gold(article, write):
    """Three sentences, of which two are known to stand somewhere."""
    first, second, third = article("a1", "[मोदी|PER] ने कानून का बचाव किया।", "छात्रों ने धरना दिया।", "बारिश हुई।")
    first = replace(first, topic_stance=TopicStance(topic=LAW, label="FAVOR"))
    second = replace(second, topic_stance=TopicStance(topic=LAW, label="AGAINST"))
    return write([first, second, third])


def test_a_release_with_a_topic(gold, tmp_path):
    """The config `topic` has a row for each sentence that is known to stand somewhere; `spans` says it of all."""
    from datasets import load_dataset

    release = build(gold, tmp_path / "releases", "1.0", **ALL_IN_TRAIN).path
    topic = load_dataset(str(release), "topic", cache_dir=str(tmp_path / "cache"))["train"]
    names = topic.features["stance"].names
    assert [(row["text"], row["topic"], names[row["stance"]]) for row in topic] == [
        ("मोदी ने कानून का बचाव किया।", LAW, "FAVOR"),
        ("छात्रों ने धरना दिया।", LAW, "AGAINST"),
    ]
    spans = load_dataset(str(release), "spans", cache_dir=str(tmp_path / "cache"))["train"]
    assert [(row["topic"], row["topic_stance"]) for row in spans] == [(LAW, "FAVOR"), (LAW, "AGAINST"), (None, None)]
    manifest = Manifest.read(release)
    assert manifest.labels.topic == LABELS.topic
    assert manifest.configs == ["ner", "stance", "spans", "topic"]
    assert manifest.counts["train"].topics == {"FAVOR": 1, "AGAINST": 1, "NEUTRAL": 0}
    card = (release / "README.md").read_text("utf-8")
    assert f"are for or against: {LAW}." in card
    assert "### topic" in card
    assert diff(gold, release, labels=LABELS).same


def test_how_the_topic_was_annotated(gold, tmp_path):
    """Manifest and card say how many answered, how far two people agree, and what became of what was proposed."""
    engine = Engine(name="mine", version="3")
    first, second, third = records(gold, Gold, LABELS)
    answers = {first: ("FAVOR", "FAVOR"), second: ("AGAINST", "AGAINST"), third: ("NEUTRAL", None)}
    left, proposed = [], []
    for record, said in answers.items():
        place = {name: getattr(record, name) for name in record.sentence().__dataclass_fields__}
        favor = TopicStance(topic=LAW, label="FAVOR", score=0.5)
        proposed.append(Prelabeled(**place, entities=record.entities, topic_stance=favor, engine=engine))
        for person, label in zip("कख", said, strict=True):
            left.append(
                Annotation(
                    **place,
                    entities=record.entities,
                    topic_stance=TopicStance(topic=LAW, label=label) if label else None,
                    annotator=person,
                    annotation_id=len(left) + 1,
                    task_id=1,
                    created_at="2026-03-14T08:00:00Z",
                    updated_at="2026-03-14T08:00:00Z",
                    engine=engine,
                )
            )
    files = {}
    for name, made in (("annotations", left), ("prelabeled", proposed)):
        files[name] = tmp_path / f"{name}.jsonl"
        files[name].write_bytes(b"".join(record.to_json() + b"\n" for record in made))
    release = build(gold, tmp_path / "releases", "1.0", sources=Sources(**files), **ALL_IN_TRAIN).path
    done = Manifest.read(release).annotated
    assert done is not None
    assert done.topic is not None
    assert (done.topic.answers, done.topic.compared, done.topic.same, done.topic.kappa) == (5, 2, 2, 1.0)
    assert [done.topic.corrections[name] for name in ("proposed", "kept", "retyped", "removed")] == [6, 2, 3, 1]
    card = (release / "README.md").read_text("utf-8")
    assert "5 annotations say where the sentence as a whole stands toward the topic." in card
    assert "Of 2 pairs of such answers by two people, 2 are the same; Cohen's kappa 1.00." in card
    assert "| toward the topic | 6 | 2 (33%) | 3 (50%) | 0 (0%) | 1 (17%) | 0 |  |" in card
    verify(release)

    alone = Sources(prelabeled=files["prelabeled"])
    release = build(gold, tmp_path / "alone", "1.0", sources=alone, **ALL_IN_TRAIN).path
    prelabels = Manifest.read(release).prelabels
    assert prelabels is not None
    assert [prelabels.topic[name] for name in ("proposed", "kept", "retyped", "removed")] == [3, 1, 1, 1]
    assert "| toward the topic | 3 | 1 (33%) |" in (release / "README.md").read_text("utf-8")


def test_a_topic_that_nobody_was_asked_about(article, write, tmp_path):
    """Then there is no config of it; and a label set without a topic has none in any case."""
    plain = write(article("a1", "[मोदी|PER] आए।"))
    assert "topic" not in build(plain, tmp_path / "with", "1.0", **ALL_IN_TRAIN).configs
    release = build(plain, tmp_path / "without", "1.0", fractions=(1, 0, 0)).path
    assert configs(DEFAULT) == ("ner", "stance", "spans")
    assert b"topic" not in (release / "manifest.json").read_bytes()
    assert "topic" not in (release / "README.md").read_text("utf-8")


def test_a_class_that_train_lacks():
    """Once the topic was asked about, every stance toward it needs an example."""
    rest = {f"entity {n}": 1 for n in DEFAULT.entity_names} | {f"stance {n}": 1 for n in DEFAULT.stance_names}
    assert list(missing_classes("gold", rest, LABELS)) == []
    (fault,) = missing_classes("gold", {**rest, "topic FAVOR": 2, "topic AGAINST": 1}, LABELS)
    assert "NEUTRAL toward the topic" in fault.found


def test_gold_of_another_topic_is_refused(gold, tmp_path):
    """A release is about the topic of its label set."""
    for labels in (DEFAULT, replace(DEFAULT, topic=Topic("बजट"))):
        with pytest.raises(DataError, match="topic"):
            build(gold, tmp_path / "releases", "1.0", labels=labels)


def test_formats_carry_it_or_say_that_they_do_not(gold, tmp_path):
    """What a format has no place for is counted; the others have it in their file."""
    carried = {"spans", "prodigy", "conllu", "label-studio", "spacy", "huggingface"}
    for name in WRITERS:
        summary = export(gold, tmp_path / name, name, labels=LABELS)
        assert summary.left_out.get("topic stances", 0) == (0 if name in carried else 2), name
        if name in ("spans", "prodigy", "conllu"):  # the others are compressed, or name it by a hash
            assert LAW.encode() in (tmp_path / name).read_bytes(), name


@pytest.mark.parametrize("name", ["prodigy", "label-studio", "spacy", "huggingface", "conllu"])
def test_it_comes_back(gold, tmp_path, name):
    """What was exported is imported with where each sentence stands."""
    export(gold, tmp_path / "out", name, labels=LABELS)
    import_gold(tmp_path / "out", tmp_path / "back.jsonl", name, labels=LABELS)
    back = [record.topic_stance for record in records(tmp_path / "back.jsonl", Gold, LABELS)]
    assert back == [record.topic_stance for record in records(gold, Gold, LABELS)]


def test_a_release_gives_it_back(gold, tmp_path):
    """Its config `spans` has where each sentence stands."""
    release = build(gold, tmp_path / "releases", "1.0", **ALL_IN_TRAIN).path
    import_gold(release, tmp_path / "back.jsonl", "huggingface", labels=LABELS)
    back = {record.id: record.topic_stance for record in records(tmp_path / "back.jsonl", Gold, LABELS)}
    assert back == {record.id: record.topic_stance for record in records(gold, Gold, LABELS)}


@pytest.mark.parametrize("name", ["prodigy", "spacy", "huggingface"])
def test_labels_without_a_topic_leave_it_out(gold, tmp_path, name):
    """Gold of such a label set has no place for it, which the summary says."""
    export(gold, tmp_path / "out", name, labels=LABELS)
    assert import_gold(tmp_path / "out", tmp_path / "back.jsonl", name).left_out == {"stances toward a topic": 2}


def test_a_doc_carries_it(gold, tmp_path):
    """With the rest of what spaCy has no attribute for."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    export(gold, tmp_path / "out", "spacy", labels=LABELS)
    docs = DocBin(store_user_data=True).from_bytes((tmp_path / "out").read_bytes()).get_docs(Vocab())
    assert [doc.user_data["annotate"].get("topic_stance") for doc in docs] == ["FAVOR", "AGAINST", None]


def test_a_comment_stays_on_its_line(gold, tmp_path):
    """CoNLL-U has it in comments of the sentence."""
    export(gold, tmp_path / "out", "conllu", labels=LABELS)
    lines = (tmp_path / "out").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("# topic")] == [
        *(f"# topic = {LAW}", "# topic_stance = FAVOR"),
        *(f"# topic = {LAW}", "# topic_stance = AGAINST"),
    ]


def test_spans_name_it_where_it_is_known(gold, tmp_path):
    """Rows of other sentences have no word about a topic, as before there were any."""
    export(gold, tmp_path / "out", "spans", labels=LABELS)
    rows = [orjson.loads(line) for line in (tmp_path / "out").read_bytes().splitlines()]
    assert [row.get("topic_stance") for row in rows] == ["FAVOR", "AGAINST", None]
    assert "topic" not in rows[2]
