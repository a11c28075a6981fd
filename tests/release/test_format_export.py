"""Files of gold or annotations become files of other formats, or every fault is named and nothing is written."""

import io
import re
import sys
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner

from annotate.cli import export as command
from annotate.errors import DataError, Reason, UsageError
from annotate.records import Annotation, Entity
from annotate.release.formats import WRITERS, export

STANCE = ("[नरेश|PER] ने [एबीसी|ORG] का विरोध किया।", [("एबीसी", "AGAINST", "नरेश")])


def annotated(gold, who="asha", number=1, at="2026-01-01T10:00:00Z", outcome="submitted"):
    """The gold record as an annotator left it."""
    fields = {name: getattr(gold, name) for name in gold.__dataclass_fields__ if name != "resolution"}
    moments = {"created_at": "2026-01-01T09:00:00Z", "updated_at": at}
    return Annotation(**fields, annotator=who, annotation_id=number, task_id=7, outcome=outcome, **moments)


def ids(path):
    return [orjson.loads(line)["id"] for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize("name", [name for name, writer in WRITERS.items() if not writer.write_folder])
def test_the_shipped_corpus(name, corpus, tmp_path):
    """Every format takes the shipped corpus, and the same gold gives the same bytes."""
    first, second = tmp_path / "first", tmp_path / "second"
    summary = export(corpus, first, name)
    assert summary == export(corpus, second, name)
    assert first.read_bytes() == second.read_bytes() != b""
    assert (summary.kind, summary.sentences) == ("gold", len(corpus.read_bytes().splitlines()))


def test_left_out(article, write, tmp_path):
    """What a format has no place for is counted."""
    gold = write(article("a", STANCE, "वे गए।"))
    left_out = {name: export(gold, tmp_path / name, name).left_out for name in WRITERS}
    assert left_out == {
        "conll2003": {"stances": 1},
        "conllu": {},
        "bio": {"stances": 1},
        "bioes": {"stances": 1},
        "csv": {"sentences without entities": 1},
        "spans": {},
        "brat": {},
        "prodigy": {},
        "spacy": {},
        "label-studio": {},
        "parquet": {},
        "huggingface": {},
    }


def test_every_fault_is_named(article, write, tmp_path):
    """All faults come at once with file, line and id, and a file that was there stays as it was."""
    nested, sound, torn, foreign = article("a", "नरेश जोशी", "वे गए।", "नरेश जोशी", "वे आए।")
    nested = replace(nested, entities=(Entity.at(0, 9, "ORG"), Entity.at(0, 4, "PER")))
    torn = replace(torn, entities=(Entity.at(0, 1, "PER"),))
    foreign = replace(foreign, entities=(Entity.at(0, 2, "ANIMAL"),))
    gold, out = write([nested, sound, torn, foreign]), tmp_path / "out.conll"
    out.write_text("before")
    with pytest.raises(DataError) as caught:
        export(gold, out, "conll2003")
    assert [(fault.file, fault.line, fault.id, fault.reason) for fault in caught.value.faults] == [
        (str(gold), 1, nested.id, Reason.OVERLAP),
        (str(gold), 3, torn.id, Reason.OFF_TOKEN_BORDER),
        (str(gold), 4, foreign.id, Reason.UNKNOWN_LABEL),
    ]
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gold.jsonl", "out.conll"]


@pytest.mark.parametrize("name", ["conll2003", "huggingface"])
def test_a_language_without_tokens(article, write, tmp_path, name):
    """Is a fault of its line where tokens are needed."""
    first, second = article("a", "नरेश आए।", "वे गए।")
    gold = write([first, replace(second, lang="xx")])
    with pytest.raises(DataError) as caught:
        export(gold, tmp_path / "out", name)
    assert [(fault.line, fault.reason) for fault in caught.value.faults] == [(2, Reason.UNKNOWN_LANGUAGE)]
    assert export(gold, tmp_path / "spans", "spans").sentences == 2


def test_faults_stand_in_the_order_of_lines(article, write, tmp_path):
    """What breaks the contract and what the format cannot hold come mixed, line by line, over any number of lines."""
    records = article("a", *["नरेश जोशी आए।"] * 600)
    torn, foreign = (Entity.at(0, 1, "PER"),), (Entity.at(0, 4, "ANIMAL"),)
    for at in range(0, 600, 150):
        records[at] = replace(records[at], entities=foreign)
        records[at + 1] = replace(records[at + 1], entities=torn)
    with pytest.raises(DataError) as caught:
        export(write(records), tmp_path / "out", "bio")
    assert [(fault.line, fault.reason) for fault in caught.value.faults] == [
        (at + more, reason)
        for at in range(0, 600, 150)
        for more, reason in ((1, Reason.UNKNOWN_LABEL), (2, Reason.OFF_TOKEN_BORDER))
    ]


def test_only_what_was_submitted(article, write, tmp_path):
    """Of annotations, each annotator's newest version counts, and only if it was submitted."""
    first, second, third = article("a", STANCE, "वे गए।", "वे आए।")
    older = replace(annotated(first, number=1), entities=(), stances=())
    newer = annotated(first, number=2, at="2026-01-01T11:00:00Z")
    skipped = annotated(second, number=3, outcome="skipped")
    taken_back = annotated(third, number=4)
    source = write([newer, older, skipped, taken_back, annotated(third, number=5, outcome="skipped")], "work.jsonl")
    out = tmp_path / "out.jsonl"
    summary = export(source, out, "spans")
    assert (summary.kind, summary.sentences, summary.not_submitted, summary.superseded) == ("annotation", 1, 2, 2)
    (row,) = map(orjson.loads, out.read_bytes().splitlines())
    assert (row["annotator"], len(row["entities"])) == ("asha", 2)


def test_two_annotators(article, write, tmp_path):
    """A sentence of two annotators stands twice where they can be named, and is a fault where they cannot."""
    (gold,) = article("a", STANCE)
    source = write([annotated(gold, "asha", 1), annotated(gold, "balram", 2)])
    export(source, tmp_path / "out.jsonl", "bio")
    assert ids(tmp_path / "out.jsonl") == [gold.id, gold.id]
    with pytest.raises(DataError) as caught:
        export(source, tmp_path / "out.conll", "conll2003")
    (fault,) = caught.value.faults
    assert (fault.line, fault.id, fault.reason) == (2, gold.id, Reason.DUPLICATE_ID)
    assert "asha and balram" in fault.found


def test_stdin(article, tmp_path, monkeypatch):
    """Gold can come from stdin, and faults name it so."""
    (gold,) = article("a", STANCE)
    out = tmp_path / "out.jsonl"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gold.to_json() + b"\n")))
    export(Path("-"), out, "spans")
    assert ids(out) == [gold.id]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{\n")))
    with pytest.raises(DataError, match="<stdin>:1: broken-json"):
        export(Path("-"), out, "spans")


def test_an_empty_file(tmp_path):
    """No records give a file without sentences."""
    source, out = tmp_path / "gold.jsonl", tmp_path / "out.csv"
    source.write_bytes(b"")
    assert export(source, out, "csv").sentences == 0
    assert out.read_text("utf-8").startswith("sentence_id,")


def test_what_cannot_be_asked_for(article, write, tmp_path):
    """An unknown format, a missing file and the source as target are usage errors."""
    gold = write(article("a", STANCE))
    for source, out, name in (
        (gold, tmp_path / "o", "xml"),
        (tmp_path / "no", tmp_path / "o", "csv"),
        (gold, gold, "csv"),
    ):
        with pytest.raises(UsageError):
            export(source, out, name)


@pytest.fixture
def app():
    """The command by itself."""
    app = typer.Typer(rich_markup_mode=None)
    app.command()(command.export)
    return app


def test_the_command(app, article, write, tmp_path, monkeypatch):
    """Data goes to stdout or a file, the summary to stderr or, as JSON, to stdout."""
    monkeypatch.chdir(tmp_path)
    gold = str(write(article("a", STANCE)))
    ran = CliRunner().invoke(app, [gold, "--format", "conll2003"])
    assert (ran.exit_code, ran.stdout.startswith("-DOCSTART-")) == (0, True)
    assert "left out: 1 stances, conll2003 holds none" in ran.stderr
    ran = CliRunner().invoke(app, [gold, "--format", "csv", "-o", "out.csv", "--json"])
    assert orjson.loads(ran.stdout)["entities"] == 2


def test_the_command_names_the_formats(app):
    """The help and the refusal of an unknown format name each of them."""
    parameter = next(it for it in typer.main.get_command(app).params if it.name == "format")
    assert parameter.help == f"One of {', '.join(WRITERS)}."
    ran = CliRunner().invoke(app, ["gold.jsonl", "--format", "xml"])
    assert ran.exit_code == 2
    assert all(name in ran.stderr for name in WRITERS)


@pytest.mark.parametrize("name", ["conll2003", "conllu"])
def test_the_guide(name, corpus, tmp_path):
    """What docs/export.md shows of a format is what the shipped corpus gives."""
    page = (Path(__file__).parents[2] / "docs" / "export.md").read_text("utf-8")
    (shown,) = re.findall(rf"## {name}\n[^#]*?```text\n(.*?)```", page, re.DOTALL)
    export(corpus, tmp_path / "out", name)
    assert shown in (tmp_path / "out").read_text("utf-8")


def test_the_guide_shows_the_summary(app, corpus, tmp_path, monkeypatch):
    """The first example of docs/export.md prints what it says."""
    monkeypatch.chdir(tmp_path)
    page = (Path(__file__).parents[2] / "docs" / "export.md").read_text("utf-8")
    command_line, printed = re.search(r"```console\n\$ annotate export (.*?)\n(.*?)```", page, re.DOTALL).groups()
    ran = CliRunner().invoke(app, [str(corpus), *command_line.split()[1:]])
    assert (ran.exit_code, ran.stderr) == (0, printed)
