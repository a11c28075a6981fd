"""Rates of corrections, in total and by label, engine version and annotator; and the commands that print them."""

import csv
import io
from dataclasses import fields, replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from annotate.cli import quality
from annotate.quality.corrections import Corrections, corrections, total
from annotate.quality.report import as_csv, by_label, compare, corrections_report
from annotate.records import Annotation, Engine, Entity, Labeled, Prelabeled, Stance
from tests.strategies import entities, prelabeleds, stances

MODI, CONGRESS, DELHI = Entity.at(0, 4, "PER"), Entity.at(8, 16, "ORG"), Entity.at(8, 16, "LOC")
AGAINST = Stance(target=CONGRESS.id, label="AGAINST", holder=MODI.id)
RULES = Engine(name="rules", version="1")


def place(article):
    return {
        "id": f"{article}:0-30",
        "article_id": article,
        "lang": "hi",
        "index": 0,
        "start": 0,
        "end": 30,
        "text": "मोदी ने कांग्रेस की आलोचना की।",
    }


def prelabeled(article="n-1", engine=RULES, mentions=(MODI, DELHI), said=()):
    return Prelabeled(**place(article), entities=mentions, stances=said, engine=engine)


def annotation(article="n-1", annotator="asha", number=1, mentions=(MODI, CONGRESS), said=(AGAINST,), **other):
    moments = {"created_at": "2026-01-01T09:00:00Z", "updated_at": "2026-01-01T10:00:00Z"}
    return Annotation(
        **place(article), entities=mentions, stances=said, annotator=annotator, annotation_id=number, task_id=7,
        **moments | other,
    )  # fmt: skip


@pytest.fixture
def files(tmp_path):
    """Write pre-labels and annotations, whose ids are given in order."""

    def files(before, after):
        numbered = [replace(record, annotation_id=number) for number, record in enumerate(after, 1)]
        paths = tmp_path / "prelabeled.jsonl", tmp_path / "annotations.jsonl"
        for path, records in zip(paths, (before, numbered), strict=True):
            path.write_bytes(b"".join(record.to_json() + b"\n" for record in records))
        return paths

    return files


@st.composite
def two_labellings(draw):
    """One sentence as an engine and as a person labelled it."""
    before = draw(prelabeleds())
    kept = draw(st.lists(st.sampled_from(before.entities), unique=True)) if before.entities else []
    new = {entity.id: entity for entity in [*kept, *draw(entities(before.text))]}
    after = tuple(new.values())
    return before, replace(before, entities=after, stances=draw(stances(before.text, after)))


@settings(deadline=None)
@given(two_labellings())
def test_labels_add_up(drawn):
    """The corrections of a sentence by label add up to those of the sentence."""
    before, after = drawn
    assert total(by_label(before, after).values()) == corrections(before, after)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param((MODI,), (MODI,), {"PER": Corrections(kept=1)}, id="kept"),
        pytest.param((DELHI,), (CONGRESS,), {"LOC": Corrections(retyped=1)}, id="retyped-under-the-proposed"),
        pytest.param((), (CONGRESS,), {"ORG": Corrections(added=1)}, id="added"),
        pytest.param((DELHI,), (), {"LOC": Corrections(removed=1)}, id="removed"),
        pytest.param((MODI,), (Entity.at(0, 7, "PER"),), {"PER": Corrections(respanned=1)}, id="respanned"),
    ],
)
def test_by_label(before, after, expected):
    """A correction counts under the label that was proposed, what was added under its own."""
    sentence = place("n-1")
    assert by_label(Labeled(**sentence, entities=before), Labeled(**sentence, entities=after)) == expected


def test_report(files):
    """Corrections are counted in total and by label, engine version and annotator."""
    newer = Engine(name="rules", version="2")
    report = corrections_report(
        *files(
            [prelabeled("n-1"), prelabeled("n-2", newer), prelabeled("n-3")],
            [
                annotation("n-1", "asha", engine=RULES),
                annotation("n-1", "balram", mentions=(MODI, DELHI), said=()),
                annotation("n-2", "asha", engine=newer),
            ],
        )
    )
    asha = Corrections(kept=1, retyped=1, stance=1, holder=1)
    balram = Corrections(kept=2)
    assert (report.total.sentences, report.total.counts) == (3, asha + asha + balram)
    assert [(row.name, row.sentences, row.counts) for row in report.annotators] == [
        ("asha", 2, asha + asha),
        ("balram", 1, balram),
    ]
    assert [(row.name, row.counts) for row in report.engines] == [("rules/1", asha + balram), ("rules/2", asha)]
    assert [(row.name, row.counts) for row in report.labels] == [
        ("LOC", Corrections(kept=1, retyped=2, stance=2, holder=2)),
        ("PER", Corrections(kept=3)),
    ]
    assert (report.not_submitted, report.without_prelabels, report.other_engine) == (0, 0, 0)


def test_the_guide(files):
    """docs/quality.md shows the tables of such files."""
    page = (Path(__file__).parents[2] / "docs" / "quality.md").read_text("utf-8")
    newer = Engine(name="rules", version="2")
    before, after = files(
        [prelabeled("n-1"), prelabeled("n-2", newer)],
        [annotation("n-1"), annotation("n-1", "balram", mentions=(MODI, DELHI), said=()), annotation("n-2")],
    )
    ran = CliRunner().invoke(quality.app, ["corrections", str(after), "--prelabels", str(before)])
    assert f"```text\n{ran.stdout}```" in page
    _, after = files(
        [],
        [
            annotation("n-1"),
            annotation("n-1", "balram", mentions=(MODI, DELHI), said=()),
            annotation("n-2"),
            annotation("n-2", "balram", said=()),
            annotation("n-3"),
        ],
    )
    assert f"```text\n{CliRunner().invoke(quality.app, ['agreement', str(after)]).stdout}```" in page


def test_rates(files):
    """Rates are shares of what was proposed, or of what people left; there is none of nothing."""
    report = corrections_report(*files([prelabeled()], [annotation()]))
    assert (report.total.proposed, report.total.final) == (2, 2)
    assert report.total.rates == {
        "kept": 0.5,
        "retyped": 0.5,
        "respanned": 0,
        "removed": 0,
        "added": 0,
        "stance": 0.5,
        "holder": 0.5,
    }
    empty = corrections_report(*files([], []))
    assert set(empty.total.rates.values()) == {None}
    assert (empty.total.sentences, empty.labels) == (0, ())


def test_left_out(files):
    """What was skipped, has no pre-label or was made on another engine's pre-labels is counted, not compared."""
    report = corrections_report(
        *files(
            [prelabeled("n-1"), prelabeled("n-2")],
            [
                annotation("n-1", engine=Engine(name="rules", version="0")),
                annotation("n-2", outcome="skipped"),
                annotation("n-3"),
            ],
        )
    )
    assert (report.total.sentences, report.not_submitted, report.without_prelabels, report.other_engine) == (0, 1, 1, 1)


def test_csv(files):
    """CSV has a row for each group and name, with counts and rates."""
    report = corrections_report(*files([prelabeled()], [annotation()]))
    rows = list(csv.DictReader(io.StringIO(as_csv(report))))
    names = [("total", "all"), ("label", "LOC"), ("label", "PER"), ("engine", "rules/1"), ("annotator", "asha")]
    assert [(row["by"], row["name"]) for row in rows] == names
    assert {field.name for field in fields(Corrections)} <= set(rows[0])
    assert (rows[0]["kept"], rows[0]["kept_rate"], rows[1]["kept_rate"]) == ("1", "0.5000", "0.0000")


def test_the_command_corrections(files):
    """The table, CSV and JSON go to stdout."""
    before, after = files([prelabeled()], [annotation()])
    call = ["corrections", str(after), "--prelabels", str(before)]
    ran = CliRunner().invoke(quality.app, call)
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert [line.split()[-9:-6] for line in ran.stdout.splitlines()[1:3]] == [
        ["1", "2", "50.0%"],
        ["1", "1", "0.0%"],
    ]
    names = ["all", "label LOC", "label PER", "engine rules/1", "annotator asha"]
    assert [line[:14].rstrip() for line in ran.stdout.splitlines()[1:6]] == names
    assert CliRunner().invoke(quality.app, [*call, "--csv"]).stdout == as_csv(corrections_report(before, after))
    found = orjson.loads(CliRunner().invoke(quality.app, [*call, "--json"]).stdout)
    assert (found["total"]["rates"]["kept"], found["annotators"][0]["name"]) == (0.5, "asha")
    assert CliRunner().invoke(quality.app, [*call, "--json", "--csv"]).exit_code == 2


def test_the_command_agreement(files):
    """The table and JSON go to stdout; figures that are not defined are dashes or null."""
    _, after = files([], [annotation(annotator="asha"), annotation(annotator="balram", said=())])
    ran = CliRunner().invoke(quality.app, ["agreement", str(after)])
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[1].split() == ["asha", "–", "balram", "1", "1.000", "2", "1", "0.000"]
    (pair,) = orjson.loads(CliRunner().invoke(quality.app, ["agreement", str(after), "--json"]).stdout)["pairs"]
    assert (pair["first"], pair["entity_f1"], pair["stance_kappa"]) == ("asha", 1.0, 0.0)
    _, alone = files([], [annotation()])
    assert "no two people" in CliRunner().invoke(quality.app, ["agreement", str(alone)]).stdout


def test_the_version_that_was_seen_counts():
    """A sentence that had several pre-labels is compared with those of the version its annotator saw."""
    newer = Engine(name="rules", version="2")
    shown = [prelabeled(), prelabeled(engine=newer, mentions=(MODI, CONGRESS), said=(AGAINST,))]
    report = compare(shown, [annotation(engine=RULES), annotation(annotator="balram", number=2, engine=newer)])
    assert [(row.name, row.counts) for row in report.engines] == [
        ("rules/1", Corrections(kept=1, retyped=1, stance=1, holder=1)),
        ("rules/2", Corrections(kept=2)),
    ]
    assert (report.without_prelabels, report.other_engine) == (0, 0)


def test_the_log(files, tmp_path):
    """Every correction is a line, with who made it and on what."""
    before, after = files([prelabeled()], [annotation(engine=RULES)])
    log = tmp_path / "log.jsonl"
    ran = CliRunner().invoke(quality.app, ["corrections", str(after), "--prelabels", str(before), "--log", str(log)])
    assert ran.exit_code == 0
    lines = [orjson.loads(line) for line in log.read_bytes().splitlines()]
    assert [(line["action"], line["before"], line["after"]) for line in lines] == [
        ("retyped", "LOC कांग्रेस", "ORG कांग्रेस"),
        ("stance", "NEUTRAL", "AGAINST"),
        ("holder", None, "e0-4-PER"),
    ]
    assert {(line["id"], line["annotator"], line["engine"], line["text"]) for line in lines} == {
        ("n-1:0-30", "asha", "rules/1", "कांग्रेस")
    }
