"""What changed between two gold files or releases."""

from dataclasses import replace
from pathlib import Path

import orjson
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from annotate.cli import diff as command
from annotate.errors import DataError, UsageError
from annotate.quality.corrections import Corrections
from annotate.quality.diff import Example, diff
from annotate.records import Entity, Gold, Resolution, Stance, sentence_id
from annotate.schema import shipped
from tests.releases import build
from tests.strategies import golds

MODI, CONGRESS = Entity.at(0, 4, "PER"), Entity.at(8, 16, "ORG")
AGAINST = Stance(target=CONGRESS.id, label="AGAINST", holder=MODI.id)
CRITICISM = "मोदी ने कांग्रेस की आलोचना की।"


def gold(text, at=0, index=0, entities=(), stances=(), article="n-1"):
    """A gold sentence at an offset of an article."""
    end = at + len(text)
    return Gold(
        id=sentence_id(article, at, end),
        article_id=article,
        lang="hi",
        index=index,
        start=at,
        end=end,
        text=text,
        entities=entities,
        stances=stances,
        resolution=Resolution(method="single", annotators=("asha",)),
    )


def put(path, records):
    path.write_bytes(b"".join(record.to_json() + b"\n" for record in records))
    return path


@pytest.fixture
def compare(tmp_path):
    """Compare two lists of gold."""

    def compare(before, after, **options):
        return diff(put(tmp_path / "a.jsonl", before), put(tmp_path / "b.jsonl", after), **options)

    return compare


def counts(summary):
    names = ("added", "removed", "text_changed", "moved", "relabelled", "unchanged")
    return {name: getattr(summary, name) for name in names if getattr(summary, name)}


LABELLED = gold(CRITICISM, entities=(MODI, CONGRESS), stances=(AGAINST,))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([], [], {}, id="empty"),
        pytest.param([LABELLED], [LABELLED], {"unchanged": 1}, id="same"),
        pytest.param([], [LABELLED], {"added": 1}, id="added"),
        pytest.param([LABELLED], [], {"removed": 1}, id="removed"),
        pytest.param([gold("वे आए।")], [gold("वे गए।")], {"text_changed": 1}, id="text-of-one-length"),
        pytest.param([gold("वे आए।")], [gold("वे कल आए।")], {"text_changed": 1}, id="text-of-another-length"),
        pytest.param([gold("वे आए।")], [gold("वे आए।", at=9, index=1)], {"moved": 1}, id="moved"),
        pytest.param([gold("वे आए।")], [gold("वे आए।", article="n-2")], {"added": 1, "removed": 1}, id="other-article"),
        pytest.param([LABELLED], [gold(CRITICISM)], {"relabelled": 1}, id="entities-removed"),
        pytest.param(
            [LABELLED],
            [gold(CRITICISM, at=9, index=1, entities=(MODI, CONGRESS))],
            {"moved": 1, "relabelled": 1},
            id="moved-and-relabelled",
        ),
    ],
)
def test_sentences(before, after, expected, compare):
    """Each sentence is unchanged, added, removed, changed in text, moved or relabelled."""
    summary = compare(before, after)
    assert counts(summary) == expected
    assert (summary.sentences_before, summary.sentences_after) == (len(before), len(after))
    assert summary.same == (set(expected) <= {"unchanged"})


def test_labels(compare):
    """Changed entities and stances are counted, and the example says what each side alone says."""
    after = replace(LABELLED, entities=(MODI, Entity.at(8, 16, "LOC")), stances=())
    summary = compare([LABELLED], [after])
    assert summary.labels == Corrections(kept=1, retyped=1, stance=1, holder=1)
    assert summary.examples == {
        "relabelled": (
            Example(
                LABELLED.id,
                "कांग्रेस ORG 8-16, AGAINST toward कांग्रेस by मोदी",
                "कांग्रेस LOC 8-16",
            ),
        )
    }


def test_neutral_is_no_change(compare):
    """A neutral stance that is written out says what silence says; cues and annotators are no difference."""
    neutral = Stance(target=MODI.id, label="NEUTRAL")
    after = replace(LABELLED, stances=(AGAINST, neutral), resolution=Resolution(method="agreement"))
    assert compare([LABELLED], [after]).same


def test_twins(compare):
    """A text that stands twice in an article is paired twice."""
    before = [gold("वे आए।", at=0), gold("वे आए।", at=10, index=1)]
    after = [gold("वे आए।", at=20, index=2), gold("वे आए।", at=30, index=3)]
    assert counts(compare(before, after)) == {"moved": 2}


def test_examples(compare):
    """So many examples of each kind are named as asked for; counts do not depend on it."""
    after = [gold("वे आए।", article=f"n-{number}") for number in range(5)]
    assert [example.id for example in compare([], after, examples=2).examples["added"]] == ["n-0:0-6", "n-1:0-6"]
    summary = compare([], after, examples=0)
    assert (summary.added, summary.examples) == (5, {})


@settings(deadline=None)
@given(st.lists(golds(), max_size=4, unique_by=lambda record: record.id), st.data())
def test_all_sentences_are_accounted_for(tmp_path_factory, records, data):
    """Both ways round, the sentences of each side add up, and what came there went here."""
    folder = tmp_path_factory.mktemp("diff")
    kept = data.draw(st.lists(st.sampled_from(records), unique_by=lambda record: record.id) if records else st.just([]))
    a, b = put(folder / "a", records), put(folder / "b", kept)
    there, back = diff(a, b), diff(b, a)
    assert (there.removed, there.added) == (len(records) - len(kept), 0)
    assert (back.removed, back.added) == (0, len(records) - len(kept))
    assert there.unchanged == back.unchanged == len(kept)


def test_a_release_is_its_gold(tmp_path):
    """A release of the shipped corpus holds what its gold holds."""
    source = shipped("hindi-news") / "gold.jsonl"
    release = build(source, tmp_path, "1.0").path
    summary = diff(source, release)
    assert summary.same
    assert summary.unchanged == len(source.read_bytes().splitlines())
    assert diff(release, release).same


def test_what_cannot_be_read(tmp_path):
    """A folder that is no release, a missing file and broken gold are errors."""
    empty = put(tmp_path / "a.jsonl", [])
    (tmp_path / "folder").mkdir()
    for other in (tmp_path / "folder", tmp_path / "missing"):
        with pytest.raises(UsageError):
            diff(empty, other)
    (tmp_path / "broken").write_bytes(b"{}\n")
    with pytest.raises(DataError):
        diff(tmp_path / "broken", empty)


def test_the_command(tmp_path, monkeypatch):
    """The report goes to stdout, in the words of docs/quality.md or as JSON, and a difference is no failure."""
    app = typer.Typer(rich_markup_mode=None)
    app.command()(command.diff)
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "a.jsonl", [LABELLED])
    put(tmp_path / "b.jsonl", [gold(CRITICISM)])
    call = ["a.jsonl", "b.jsonl"]
    ran = CliRunner().invoke(app, call)
    assert (ran.exit_code, ran.stderr) == (0, "")
    page = (Path(__file__).parents[2] / "docs" / "quality.md").read_text("utf-8")
    assert f"```text\n{ran.stdout}```" in page
    found = orjson.loads(CliRunner().invoke(app, [*call, "--json"]).stdout)
    assert (found["relabelled"], found["labels"]["removed"]) == (1, 2)
