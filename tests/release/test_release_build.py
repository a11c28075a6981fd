"""The step `build` from end to end."""

import os
import subprocess
import sys
from collections import Counter
from importlib import import_module
from itertools import combinations

import orjson
import pytest

from annotate.errors import DataError, Reason, UsageError
from annotate.jsonl import STDIO, read
from annotate.labels import EntityLabel, LabelSet, StanceLabel
from annotate.release import latest, newest
from annotate.release.manifest import Manifest
from annotate.release.sources import Sources
from tests.releases import build

SENTENCES = "[मोदी|PER] [दिल्ली|LOC] में [भाजपा|ORG] से मिले।"


@pytest.fixture
def unverified(monkeypatch):
    """Leave out loading afresh, which other tests see to, where many releases are built."""
    monkeypatch.setattr(import_module("annotate.release.build"), "verify", Manifest.read)


@pytest.fixture
def gold(article, write):
    """Gold of 30 short, unlike articles."""
    return write(record for number in range(30) for record in article(f"a{number}", f"{SENTENCES} {number}"))


def contents(release):
    """Every file of a release with its bytes."""
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in release.rglob("*") if path.is_file()}


def test_shipped_corpus(released, corpus):
    """The shipped corpus fills all three splits; every sentence, entity and article is in the release once."""
    lines = [line.data for line in read(corpus)]
    assert released.configs == ("ner", "stance", "spans")
    assert list(released.counts) == ["train", "validation", "test"]
    assert len(lines) == sum(counts.sentences for counts in released.counts.values())
    entities = Counter(entity["label"] for line in lines for entity in line["entities"])
    assert entities == sum((Counter(counts.entities) for counts in released.counts.values()), Counter())
    # One row has the stance of all who hold it.
    said = {(line["id"], stance["target"]): stance["label"] for line in lines for stance in line["stances"]}
    stances = Counter(said.values())
    assert stances == sum((Counter(counts.stances) for counts in released.counts.values()), Counter())
    assert {line["article_id"] for line in lines} == set(Manifest.read(released.path).articles)
    assert (released.report.shared_articles, released.report.near_duplicate_pairs) == (0, 0)
    assert released.warnings == ()


def test_same_input_same_bytes(released, corpus, tmp_path):
    """Another process, with other hash seeds, writes the same bytes."""
    code = (
        "import sys; from pathlib import Path; from annotate.release import build;"
        "build(Path(sys.argv[1]), Path(sys.argv[2]), '1.0')"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, corpus, tmp_path], check=True, env=environment)
    assert contents(released.path) == contents(tmp_path / "1.0")


def test_standing_version_is_left_alone(released, corpus):
    """The same content again changes nothing and says so."""
    before = {path: path.stat().st_mtime_ns for path in released.path.rglob("*")}
    again = build(corpus, released.path.parent, "1.0")
    assert again.unchanged
    assert again.content == released.content
    assert before == {path: path.stat().st_mtime_ns for path in released.path.rglob("*")}
    assert [path.name for path in released.path.parent.iterdir()] == ["1.0"]


@pytest.mark.usefixtures("unverified")
def test_standing_version_is_not_overwritten(gold, article, write, tmp_path):
    """Other content under a version that exists is refused, and what stands there stays."""
    out = tmp_path / "releases"
    before = contents(build(gold, out, "1.0").path)
    other = write(article("a1", SENTENCES), "other.jsonl")
    with pytest.raises(UsageError, match="a version never changes"):
        build(other, out, "1.0")
    assert before == contents(out / "1.0")
    assert [path.name for path in out.iterdir()] == ["1.0"]


def test_damaged_standing_version_is_told(gold, tmp_path):
    """A release that someone changed by hand is not called unchanged."""
    release = build(gold, tmp_path / "releases", "1.0").path
    with (release / "README.md").open("a", encoding="utf-8") as card:
        card.write("edited\n")
    with pytest.raises(DataError, match=r"README\.md: mismatch"):
        build(gold, tmp_path / "releases", "1.0")


@pytest.mark.usefixtures("unverified")
def test_near_duplicates_stay_together(article, prose, write, tmp_path):
    """However the seed falls, an article and its rewrites are in one split."""
    records = []
    for number in range(12):
        text, other = prose(number), prose(100 + number)
        for version in range(3):
            records += article(f"a{number:02}-{version}", *text[:9], other[version])
    gold = write(records)
    for seed in ("1", "2", "3"):
        release = build(gold, tmp_path / seed, "1.0", seed=seed, fractions=(0.4, 0.3, 0.3))
        splits = Manifest.read(release.path).articles
        assert all(splits[a] == splits[b] for a, b in combinations(splits, 2) if a[:3] == b[:3])
        assert release.report.clusters == 12
        assert len(set(splits.values())) == 3


@pytest.mark.usefixtures("unverified")
def test_earlier_release_is_kept_to(article, prose, write, tmp_path):
    """Articles keep their split from release to release; a newcomer that would bridge two is left out and named."""
    out = tmp_path / "releases"
    old = [record for number in range(30) for record in article(f"n{number:02}", *prose(number))]
    first = Manifest.read(build(write(old, "1.jsonl"), out, "1.0", fractions=(0.5, 0.2, 0.3)).path)
    in_train = next(name for name, split in first.articles.items() if split == "train")
    in_test = next(name for name, split in first.articles.items() if split == "test")
    halves = [prose(int(in_train[1:]))[0], prose(int(in_test[1:]))[0], *prose(77)]
    rewrite = prose(int(in_test[1:]))[:9]
    new = [*article("a-bridge", *halves), *article("a-copy", *rewrite), *article("a-new", *prose(99))]
    assert out / "1.0" == latest(out, "1.1")
    summary = build(write([*new, *old], "2.jsonl"), out, "1.1", fractions=(0.5, 0.2, 0.3), earlier=latest(out, "1.1"))
    second = Manifest.read(summary.path)
    assert first.articles == {name: split for name, split in second.articles.items() if name in first.articles}
    assert second.articles["a-copy"] == "test"
    assert summary.left_out == {"a-bridge": "near-duplicate of articles in test and train"}
    assert "article a-bridge is left out: near-duplicate of articles in test and train" in summary.warnings
    assert [(item.role, item.file) for item in second.inputs] == [("gold", "2.jsonl"), ("earlier", "1.0/manifest.json")]


@pytest.mark.usefixtures("unverified")
def test_articles_that_come_back(article, prose, write, tmp_path, unverified):
    """What a release between leaves out comes back to its split, so that nobody trains on what was once in test."""
    articles = [article(f"a{number:02}", *prose(number)) for number in range(24)]
    out = tmp_path / "releases"
    gold = {"1": articles, "2": articles[:8], "3": articles[:10], "4": articles}
    homes = {}
    for version, held in gold.items():
        path = write((record for records in held for record in records), f"{version}.jsonl")
        earlier = latest(out, version)
        built = build(path, out, version, fractions=(0.4, 0.3, 0.3), earlier=earlier, allow=["class-missing"])
        homes[version] = Manifest.read(built.path).articles
    assert [len(placed) for placed in homes.values()] == [24, 8, 10, 24]
    assert homes["4"] == homes["1"]
    assert homes["3"].items() <= homes["1"].items()


def test_leakage_of_an_earlier_release(article, prose, write, tmp_path):
    """Near-duplicates that an earlier release parted are refused; waived, they stay, and the card says so."""
    out = tmp_path / "releases"
    names = [f"n{number:02}" for number in range(20)]
    first = build(write([r for n in names for r in article(n, *prose(int(n[1:])))], "1.jsonl"), out, "1.0")
    splits = Manifest.read(first.path).articles
    a, b = next((a, b) for a, b in combinations(names, 2) if splits[a] != splits[b])
    gold = write([*article(a, *prose(1)), *article(b, *prose(1))], "2.jsonl")
    with pytest.raises(DataError) as caught:
        build(gold, out, "1.1", earlier=first.path)
    assert [fault.reason for fault in caught.value.faults] == [Reason.LEAKAGE]
    waived = build(gold, out, "1.1", earlier=first.path, allow=["leakage"])
    assert waived.report.near_duplicate_pairs == 1
    assert "The check `leakage` was waived" in (waived.path / "README.md").read_text("utf-8")


def test_empty_splits_are_left_out(article, write, tmp_path):
    """One article fills one split; the others and configs without a row are absent, with a warning, and it loads."""
    summary = build(write(article("a1", "कोई नाम नहीं।")), tmp_path / "releases", "1.0", fractions=(1, 0, 0))
    assert summary.configs == ("ner", "spans")
    assert list(summary.counts) == ["train"]
    assert list(summary.warnings) == [
        "validation has no article and is left out; more articles, other fractions or another seed fill it",
        "test has no article and is left out; more articles, other fractions or another seed fill it",
        "stance has no row in train",
    ]
    assert not (summary.path / "stance").exists()


@pytest.mark.usefixtures("unverified")
def test_snap_is_counted(article, write, tmp_path):
    """Snapped entities are counted in the summary and said in the card."""
    gold = write(article("a1", "[मोदी |PER]आए।"))
    with pytest.raises(DataError):
        build(gold, tmp_path / "releases", "1.0")
    summary = build(gold, tmp_path / "releases", "1.0", snap=True)
    assert summary.snapped == 1
    assert "widened to the borders of tokens: 1." in (summary.path / "README.md").read_text("utf-8")


def test_own_labels(article, write, tmp_path):
    """Class ids follow the label set that is given, names that YAML would misread included."""
    labels = LabelSet(
        version="7",
        entities=(EntityLabel("NO"), EntityLabel("PARTY")),
        stances=(StanceLabel("NEUTRAL"), StanceLabel("yes")),
    )
    gold = write(article("a1", ("[मोदी|NO] [भाजपा|PARTY] में हैं।", [("भाजपा", "yes", "मोदी")])))
    manifest = Manifest.read(build(gold, tmp_path / "releases", "1.0", labels=labels, fractions=(1, 0, 0)).path)
    assert manifest.labels.bio_names == ["O", "B-NO", "I-NO", "B-PARTY", "I-PARTY"]
    assert manifest.counts["train"].stances == {"NEUTRAL": 1, "yes": 1}


@pytest.mark.usefixtures("unverified")
def test_stdin(gold, tmp_path, monkeypatch):
    """Gold from stdin gives the same rows as from a file."""
    from_file = build(gold, tmp_path / "file", "1.0")
    with gold.open("rb") as stream:
        monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": stream}))
        assert from_file.content == build(STDIO, tmp_path / "stdin", "1.0").content


@pytest.mark.usefixtures("unverified")
def test_manifest_names_inputs_and_versions(gold, tmp_path):
    """The manifest says what the release was made of and with, and reads back as it was written."""
    release = build(gold, tmp_path / "releases", "1.0", license="cc0-1.0", name="hn").path
    manifest = Manifest.read(release)
    data = orjson.loads((release / "manifest.json").read_bytes())
    assert {"annotate-kit", "schema", "splitter", "tokenizer", "duplicates", "pyarrow"} == set(data["tools"])
    assert [item["file"] for item in data["inputs"]] == ["gold.jsonl"]
    assert data["content"] == manifest.content
    assert (release / "manifest.json").read_bytes() == manifest.to_json()
    assert contents(release).keys() == {*data["files"], "manifest.json"}


@pytest.mark.parametrize(
    ("version", "message"),
    [
        pytest.param("../1", "letters, digits", id="leaves-the-folder"),
        pytest.param("", "letters, digits", id="empty"),
        pytest.param(".1", "letters, digits", id="hidden"),
    ],
)
def test_version_must_be_a_name(gold, tmp_path, version, message):
    """A version that is no good folder name is refused."""
    with pytest.raises(UsageError, match=message):
        build(gold, tmp_path / "releases", version)


@pytest.mark.parametrize("name", ["two words", "", "a--b", "x" * 97])
def test_name_must_be_one_of_the_hub(gold, tmp_path, name):
    """Wherever the name comes from, the Hub must be able to take it."""
    with pytest.raises(UsageError, match="at most 96, no"):
        build(gold, tmp_path, "1.0", name=name)


def test_a_guideline_that_is_not_there(gold, tmp_path):
    """Is told by its name, before anything is done."""
    with pytest.raises(UsageError, match=r"nowhere\.md: No such file"):
        build(gold, tmp_path, "1.0", sources=Sources(guideline=tmp_path / "nowhere.md"))


def test_nothing_to_release(write, tmp_path):
    """Gold without a record is refused."""
    with pytest.raises(UsageError, match="no gold record"):
        build(write([]), tmp_path / "releases", "1.0")


def test_missing_gold(tmp_path):
    """A gold file that is not there is named."""
    with pytest.raises(UsageError, match=r"nowhere\.jsonl"):
        build(tmp_path / "nowhere.jsonl", tmp_path / "releases", "1.0")


@pytest.mark.usefixtures("unverified")
def test_latest_goes_by_numbers(gold, tmp_path):
    """The release before 0.10 is 0.9; what is newer or no release does not count."""
    for version in ("0.2", "0.9", "0.10", "1.0rc1", "1.0"):
        build(gold, tmp_path / "releases", version)
    (tmp_path / "releases" / "0.9.5").mkdir()
    assert latest(tmp_path / "releases", "0.10").name == "0.9"
    assert latest(tmp_path / "releases", "0.11").name == "0.10"
    assert latest(tmp_path / "releases", "1.0").name == "1.0rc1"
    assert latest(tmp_path / "releases", "0.2") is None
    assert latest(tmp_path / "nowhere", "1.0") is None
    assert newest(tmp_path / "releases").name == "1.0"
    with pytest.raises(UsageError, match="holds no release"):
        newest(tmp_path / "nowhere")
