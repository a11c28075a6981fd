"""A new workspace says what the defaults are, and nothing that is there is touched."""

import tomllib

import pytest
from hypothesis import example, given

from annotate.errors import UsageError
from annotate.labels import DEFAULT
from annotate.start import start
from annotate.workspace import CONFIG, Release, Studio, Workspace
from tests.strategies import texts


def test_a_workspace_of_defaults(tmp_path):
    """What is written holds every default in so many words, and reads back as those defaults."""
    summary = start(tmp_path / "चुनाव", "Election news")
    root = tmp_path / "चुनाव"
    here = Workspace.load(root)
    assert here == Workspace(root=root, studio=Studio(project="Election news"), release=Release(name="election-news"))
    assert here.labels == DEFAULT
    config = tomllib.loads((root / CONFIG).read_text("utf-8"))
    assert set(config) == {"lang", "backend", "stance", "threshold", "studio", "release", "labels"}
    assert [label["name"] for label in config["labels"]["entities"]] == DEFAULT.entity_names
    assert (set(summary.made), summary.kept) == ({root / CONFIG, root / "guideline.md", root / ".gitignore"}, ())
    assert (root / "articles").is_dir()
    assert (root / "work").is_dir()


def test_the_guideline_teaches_the_labels(tmp_path):
    """The guideline is Hindi and speaks of every default label."""
    start(tmp_path)
    guideline = Workspace.load(tmp_path).guideline
    assert [name for name in (*DEFAULT.entity_names, *DEFAULT.stance_names) if name not in guideline] == []
    assert sum("\u0900" <= sign <= "\u097f" for sign in guideline) > 500


def test_secrets_stay_out_of_git(tmp_path):
    """Label Studio's folder and the ledger are ignored by git, copies that a migration keeps too."""
    start(tmp_path)
    assert (tmp_path / ".gitignore").read_text().splitlines() == ["studio/", "work/**/*.sqlite3*"]


def test_twice_changes_nothing(tmp_path):
    """A second start keeps every file as it is, also one that was changed by hand."""
    start(tmp_path, "first")
    (tmp_path / "guideline.md").write_text("mine")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    summary = start(tmp_path, "second")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert (summary.made, set(summary.kept)) == ((), set(before))


@given(name=texts(max_size=6))
@example(name='a "b" \\c')
@example(name="'''")
@example(name="é\n[labels]")
@example(name="क्\u200dष")
@example(name="  ")
@example(name="x" * 120)
@example(name="a" + " " * 60)
@example(name="2026")
def test_any_name_will_do(tmp_path_factory, name):
    """Whatever a campaign is called, its configuration can be read, and the title fits Label Studio."""
    root = tmp_path_factory.mktemp("named") / "w"
    start(root, name)
    here = Workspace.load(root)
    assert 3 <= len(here.studio.project) <= 50
    assert not here.studio.project.isdecimal()
    assert here.release.name.replace("-", "").isalnum()
    assert here.release.name.isascii()


def test_the_folder_gives_the_name(tmp_path, monkeypatch):
    """Without a name the folder's own is taken, also for the current folder."""
    (tmp_path / "chunav").mkdir()
    monkeypatch.chdir(tmp_path / "chunav")
    start(Workspace(root=tmp_path / "chunav").root.relative_to(tmp_path / "chunav"))
    assert Workspace.load(tmp_path / "chunav").studio.project == "chunav"


def test_no_place(tmp_path):
    """A folder that cannot be made is wrong usage."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="file is no folder"):
        start(tmp_path / "file")
    (tmp_path / "taken" / "articles").parent.mkdir()
    (tmp_path / "taken" / "articles").touch()
    with pytest.raises(UsageError, match="articles"):
        start(tmp_path / "taken")
