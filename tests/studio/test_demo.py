"""`annotate demo` on the shipped corpus, as `make demo` calls it."""

import json

import pytest

from annotate.records import Gold

pytestmark = pytest.mark.studio


def test_the_loop_closes(cli, tmp_path, corpus):
    """Every sentence goes to Label Studio and back; gold is the corpus's own where borders agree."""
    ran = cli("demo", tmp_path / "demo", "--json")
    assert ran.code == 0, ran.stderr
    summary = json.loads(ran.stdout)
    assert summary["articles"] == 24
    assert summary["submitted"] + summary["skipped"] == summary["sentences"]
    assert summary["gold"] == summary["submitted"] == sum(summary["splits"].values())
    assert set(summary["splits"]) == {"train", "validation", "test"}
    right = {line["id"]: line for line in map(json.loads, corpus.gold.read_text("utf-8").splitlines())}
    for line in (tmp_path / "demo" / "work" / "gold.jsonl").read_text("utf-8").splitlines():
        made = Gold.from_dict(json.loads(line))
        wanted = Gold.from_dict(right[made.id])
        assert [e.id for e in made.entities] == [e.id for e in wanted.entities]
        assert {(s.target, s.label, s.holder) for s in made.stances} == {
            (s.target, s.label, s.holder) for s in wanted.stances
        }


def test_a_folder_with_somebody_s_work_is_left_alone(cli, tmp_path):
    """The demo clears only what a demo made."""
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    ran = cli("demo", tmp_path)
    assert (ran.code, (tmp_path / "notes.txt").read_text("utf-8")) == (2, "mine")
    assert "is not empty" in ran.stderr
