"""Where whole sentences stand toward a topic: resolved, compared and counted; without a topic nothing changes."""

from dataclasses import replace

import orjson
import pytest
from typer.testing import CliRunner

from annotate.check import records
from annotate.cli import quality
from annotate.labels import DEFAULT, Topic
from annotate.quality.agreement import agreement
from annotate.quality.corrections import Corrections
from annotate.quality.diff import diff
from annotate.quality.report import as_csv, corrections_report
from annotate.quality.resolve import resolve
from annotate.records import Annotation, Engine, Gold, Prelabeled, TopicStance

LAW = "नागरिकता कानून"
LABELS = replace(DEFAULT, topic=Topic(LAW))
RULES = Engine(name="rules", version="1")
TEXT = "छात्रों ने धरना दिया।"
CONFIG = f'[labels.topic]\ntext = "{LAW}"\n'


def said(label):
    return TopicStance(topic=LAW, label=label) if label else None


def place(article):
    return {
        "id": f"{article}:0-{len(TEXT)}", "article_id": article, "lang": "hi", "index": 0,
        "start": 0, "end": len(TEXT), "text": TEXT,
    }  # fmt: skip


def prelabeled(label, article="n-1"):
    return Prelabeled(**place(article), topic_stance=said(label), engine=RULES)


def annotation(annotator, label, article="n-1"):
    return Annotation(
        **place(article), topic_stance=said(label), annotator=annotator, annotation_id=0, task_id=7, engine=RULES,
        created_at="2026-01-01T09:00:00Z", updated_at="2026-01-01T10:00:00Z",
    )  # fmt: skip


@pytest.fixture
def write(tmp_path):
    """Writes records into a file; annotations get ids in order."""

    def write(name, made):
        path = tmp_path / f"{name}.jsonl"
        numbered = (replace(r, annotation_id=n) if isinstance(r, Annotation) else r for n, r in enumerate(made, 1))
        path.write_bytes(b"".join(record.to_json() + b"\n" for record in numbered))
        return path

    return write


@pytest.mark.parametrize(
    ("labels", "gold"),
    [
        pytest.param(["AGAINST"], "AGAINST", id="one"),
        pytest.param(["NEUTRAL", "NEUTRAL"], "NEUTRAL", id="both-the-same"),
        pytest.param(["FAVOR", None], "FAVOR", id="one-was-not-asked"),
        pytest.param([None, None], None, id="nobody-was-asked"),
        pytest.param(["FAVOR", "AGAINST"], "differ", id="both-differ"),
        pytest.param(["FAVOR", "NEUTRAL", None], "differ", id="neutral-is-an-answer"),
    ],
)
def test_resolving(write, tmp_path, labels, gold):
    """Gold says what those say who were asked; what they left differently is listed, each with what they said."""
    people = dict(zip(("asha", "balram", "chitra"), labels, strict=False))
    made = write("annotations", [annotation(person, label) for person, label in people.items()])
    summary = resolve(made, tmp_path / "gold.jsonl", labels=LABELS)
    written = list(records(tmp_path / "gold.jsonl", Gold, LABELS))
    if gold != "differ":
        assert [record.topic_stance for record in written] == [said(gold)]
        return
    assert written == []
    (one,) = summary.disagreements
    assert one.said == {p: [f"{label} toward the topic {LAW}"] if label else [] for p, label in people.items()}


def test_agreement(write):
    """Kappa is that of sentences where both were asked, worked out by hand."""
    pairs = [("FAVOR", "FAVOR"), ("AGAINST", "AGAINST"), ("NEUTRAL", "AGAINST"), ("FAVOR", "FAVOR"), ("FAVOR", None)]
    made = [
        annotation(person, label, f"n-{number}")
        for number, pair in enumerate(pairs)
        for person, label in zip(("asha", "balram"), pair, strict=True)
    ]
    (one,) = agreement(write("annotations", made), labels=LABELS).topics
    assert (one.topic, one.first, one.second, one.sentences, one.same) == (LAW, "asha", "balram", 4, 3)
    # observed 3/4; by chance 2/4 · 2/4 (FAVOR) and 1/4 · 2/4 (AGAINST), 3/8 together
    assert one.kappa == pytest.approx((3 / 4 - 3 / 8) / (1 - 3 / 8))


def test_corrections(write):
    """A proposed stance is kept, changed or taken away; one that was not proposed is added."""
    cases = [("FAVOR", "FAVOR"), ("FAVOR", "AGAINST"), ("NEUTRAL", None), (None, "NEUTRAL"), (None, None)]
    before = write("prelabeled", [prelabeled(was, f"n-{n}") for n, (was, _) in enumerate(cases)])
    after = write("annotations", [annotation("asha", now, f"n-{n}") for n, (_, now) in enumerate(cases)])
    report = corrections_report(before, after, labels=LABELS)
    (row,) = report.topics
    assert (row.name, row.sentences, row.counts) == (LAW, 4, Corrections(kept=1, retyped=1, removed=1, added=1))
    assert report.total.counts == Corrections()
    assert [line for line in as_csv(report).splitlines() if line.startswith("topic,")] == [
        f"topic,{LAW},4,3,3,1,1,0,1,1,0,0,0.3333,0.3333,0.0000,0.3333,0.3333,0.0000,0.0000"
    ]


def test_the_commands(write, tmp_path):
    """Agreement and corrections show the topic, in words and as JSON, and the log has a line for the sentence."""
    (tmp_path / "annotate.toml").write_text(CONFIG, "utf-8")
    before = write("prelabeled", [prelabeled("FAVOR")])
    after = write("annotations", [annotation("asha", "AGAINST"), annotation("balram", "FAVOR")])
    here = ["--workspace", str(tmp_path)]
    asked = [*here, str(after), "--prelabels", str(before)]
    log = tmp_path / "log.jsonl"

    def run(*arguments):
        ran = CliRunner().invoke(quality.app, [str(argument) for argument in arguments])
        assert ran.exit_code == 0, ran.output
        return ran.stdout

    assert f"topic {LAW}: asha – balram: 0 of 1 the same" in run("agreement", *here, after)
    assert orjson.loads(run("agreement", *here, after, "--json"))["topics"][0]["topic"] == LAW
    assert f"topic {LAW}" in run("corrections", *asked, "--log", log)
    assert orjson.loads(run("corrections", *asked, "--json"))["topics"][0]["counts"]["retyped"] == 1
    (line,) = [orjson.loads(line) for line in log.read_bytes().splitlines()]
    assert (line["action"], line["entity"], line["text"], line["before"], line["after"]) == (
        ("topic", None, TEXT, "FAVOR", "AGAINST")
    )


def test_without_a_topic_the_reports_are_as_before(write):
    """No report of a label set without a topic has a word about one."""
    plain = write("annotations", [annotation("asha", None), annotation("balram", None)])
    before = write("prelabeled", [prelabeled(None)])
    for command in (["agreement", plain], ["corrections", plain, "--prelabels", before]):
        for form in ([], ["--json"]):
            ran = CliRunner().invoke(quality.app, [str(word) for word in [*command, *form]])
            assert ran.exit_code == 0
            assert "topic" not in ran.stdout
    assert "topic" not in plain.read_text("utf-8") + before.read_text("utf-8")


def test_diff(write, tmp_path):
    """A sentence that stands elsewhere than before is relabelled."""
    files = []
    for label in ("FAVOR", "AGAINST"):
        source = write("annotations", [annotation("asha", label)])
        resolve(source, tmp_path / f"{label}.jsonl", labels=LABELS)
        files.append(tmp_path / f"{label}.jsonl")
    summary = diff(*files, labels=LABELS)
    assert (summary.relabelled, summary.unchanged) == (1, 0)
    (example,) = summary.examples["relabelled"]
    assert (example.before, example.after) == (f"FAVOR toward the topic {LAW}", f"AGAINST toward the topic {LAW}")
    assert diff(files[0], files[0], labels=LABELS).same
