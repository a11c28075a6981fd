"""The step `publish`, to a folder."""

import shutil
from importlib import import_module

import pytest

from annotate.errors import DataError, UsageError
from annotate.release import publish
from annotate.release.manifest import Credit, Manifest
from tests.releases import build


@pytest.fixture
def unverified(monkeypatch):
    """Let `build` leave out loading afresh; `publish` does it here."""
    monkeypatch.setattr(import_module("annotate.release.build"), "verify", Manifest.read)


@pytest.fixture
def releases(unverified, article, write, tmp_path):
    """Two versions of a small dataset."""
    out = tmp_path / "releases"
    for number, text in enumerate(["[मोदी|PER] आए।", "[मोदी|PER] गए।"]):
        build(write(article("a1", text), f"{number}.jsonl"), out, f"1.{number}")
    return out


def state(folder):
    """What stands in a folder, hidden files too."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()
    }


def test_publish_again_and_anew(releases, tmp_path):
    """A release is copied, left alone when it stands there, and replaced by the next version."""
    to = tmp_path / "public" / "hindi-news"
    first = publish(releases / "1.0", to)
    assert (False, None, str(to), ("ner", "stance", "spans"), 3) == (
        first.unchanged,
        first.replaced,
        first.address,
        first.configs,
        first.rows,
    )
    before = state(to)
    assert publish(releases / "1.0", to).unchanged
    assert before == state(to)
    second = publish(releases / "1.1", to)
    assert (second.unchanged, second.replaced, second.version) == (False, "1.0", "1.1")
    assert "# hindi-news 1.1" in (to / "README.md").read_text("utf-8")
    assert [path.name for path in to.parent.iterdir()] == ["hindi-news"]


def test_foreign_folders_are_left_alone(releases, tmp_path):
    """A folder with other files, another dataset or other content under the version is refused as it is."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="no release"):
        publish(releases / "1.0", other)
    assert list(state(other)) == ["letter.txt"]
    with pytest.raises(UsageError, match="no release"):
        publish(releases / "1.0", other / "letter.txt")


def test_version_with_other_content_is_refused(article, write, releases, tmp_path):
    """What is published as a version stays what it is, and so does the dataset's name."""
    to = tmp_path / "public"
    publish(releases / "1.0", to)
    same = build(write(article("a2", "[मोदी|PER] आए।"), "same.jsonl"), tmp_path / "b", "1.0").path
    with pytest.raises(UsageError, match="with other content"):
        publish(same, to)
    renamed = build(write(article("a2", "[मोदी|PER] आए।"), "same.jsonl"), tmp_path / "c", "1.0", name="other").path
    with pytest.raises(UsageError, match="holds the dataset 'hindi-news'"):
        publish(renamed, to)


def test_another_card_of_the_same_content(article, write, releases, tmp_path):
    """With other authors the content is the same: what stands there stays, and the summaries name what is otherwise."""
    to = tmp_path / "public"
    publish(releases / "1.0", to)
    before = state(to)
    assert publish(releases / "1.0", to).kept == ()
    gold, credit = write(article("a1", "[मोदी|PER] आए।"), "0.jsonl"), Credit(authors=("The Institute",))
    again = publish(build(gold, tmp_path / "b", "1.0", credit=credit).path, to)
    assert (again.unchanged, again.kept) == (True, ("README.md", "croissant.json", "manifest.json"))
    assert before == state(to)
    built = build(gold, releases, "1.0", credit=credit)
    assert (built.unchanged, built.warnings[-1].partition(":")[0]) == (True, ", ".join(again.kept))


def test_broken_release_is_not_published(releases, tmp_path):
    """A release that does not hold what its manifest says never reaches the folder."""
    (releases / "1.0" / "ner" / "test.parquet").write_bytes(b"")
    to = tmp_path / "public"
    with pytest.raises(DataError):
        publish(releases / "1.0", to)
    assert not to.exists()
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".public")]


def test_stray_file_is_named_where_it_lies(releases, tmp_path):
    """What does not belong into a release is named in the release, not in a copy that is gone."""
    stray = releases / "1.0" / "notes.txt"
    stray.touch()
    with pytest.raises(DataError) as caught:
        publish(releases / "1.0", tmp_path / "public")
    assert [fault.file for fault in caught.value.faults] == [str(stray)]


@pytest.mark.parametrize("to", ["1.0/public", "1.0/deep/public", "."])
def test_neither_inside_the_other(releases, to):
    """A release is not published into itself, nor over a folder that it lies in; nothing is made."""
    before = sorted(releases.rglob("*"))
    with pytest.raises(UsageError, match=" lies inside "):
        publish(releases / "1.0", releases / to)
    assert sorted(releases.rglob("*")) == before


def test_empty_folder_is_taken(releases, tmp_path):
    """A folder that is there but empty takes the release."""
    to = tmp_path / "public"
    to.mkdir()
    assert publish(releases / "1.0", to).replaced is None
    assert (to / "README.md").is_file()


def test_killed_between_the_renames(releases, tmp_path):
    """When a run died with the earlier release set aside, the next one goes on from it."""
    to = tmp_path / "public"
    shutil.copytree(releases / "1.0", tmp_path / ".public.earlier")
    assert publish(releases / "1.1", to).replaced == "1.0"
    assert not (tmp_path / ".public.earlier").exists()


def test_missing_release(tmp_path):
    """A release that is not there is named."""
    with pytest.raises(UsageError, match="nowhere"):
        publish(tmp_path / "nowhere", tmp_path / "public")
