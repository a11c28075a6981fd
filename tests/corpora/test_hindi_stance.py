"""The stance corpus is what its sources give, keeps the contract, and has what its README says."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from annotate.check import faults
from annotate.jsonl import read
from annotate.quality.agreement import kappa
from annotate.records import Article, Gold

CORPUS = Path(__file__).resolve().parents[2] / "datasets" / "hindi-stance"
PARTS = ("train", "dev", "test")


@pytest.fixture(scope="module")
def gold() -> dict[str, list[Gold]]:
    """The gold sentences as they are committed, by part."""
    return {part: [Gold.from_dict(line.data) for line in read(CORPUS / f"{part}.jsonl")] for part in PARTS}


def test_files_are_what_the_sources_give(script):
    """`compile.py hindi-stance --check` finds nothing stale and nothing wrong."""
    assert script.main(["hindi-stance", "--check"]) == 0


def test_records_keep_the_contract(articles):
    """Articles and gold fit their schemas, ids and offsets are as the contract computes them."""
    texts = {article.id: article.text for article in articles.values()}
    assert list(faults(CORPUS / "articles.jsonl", Article)) == []
    for part in PARTS:
        assert list(faults(CORPUS / f"{part}.jsonl", Gold, articles=texts)) == []


def test_parts_are_whole_articles(articles, gold):
    """Every article stands in one part, the one that `parts.toml` and its own `meta` name, with all its sentences."""
    named = tomllib.loads((CORPUS / "parts.toml").read_text("utf-8"))
    listed = {article: part for part in ("dev", "test") for article in named[part]}
    assert {name: article.meta["part"] for name, article in articles.items()} == {
        name: listed.get(name, "train") for name in articles
    }
    for part in PARTS:
        assert {one.article_id for one in gold[part]} == {n for n, a in articles.items() if a.meta["part"] == part}


def test_an_unknown_article_in_a_part_is_a_problem(script, tmp_path, capsys):
    """A misspelt id in `parts.toml` is named."""
    (tmp_path / "parts.toml").write_text('dev = ["hs-999-x"]\ntest = []\n')
    (tmp_path / "source").mkdir()
    assert script.main(["--source", str(tmp_path / "source"), "--out", str(tmp_path)]) == 1
    assert "hs-999-x is no article" in capsys.readouterr().err


def test_every_entity_has_a_stance(gold):
    """Neutral is said too; a neutral stance has neither holder nor cue, and a mention is not both for and against."""
    for sentence in (one for part in PARTS for one in gold[part]):
        assert {stance.target for stance in sentence.stances} == {entity.id for entity in sentence.entities}
        labels = Counter(target for target, _ in {(stance.target, stance.label) for stance in sentence.stances})
        assert all(count == 1 for count in labels.values()), sentence.id
        assert all(s.holder is None and s.cue is None for s in sentence.stances if s.label == "NEUTRAL")
        assert all(s.holder != s.target for s in sentence.stances)


def test_proportions_are_those_of_news(gold):
    """Most mentions are neutral, AGAINST outnumbers FAVOR, and about half of the stances have a named holder."""
    stances = [s for part in PARTS for one in gold[part] for s in one.stances]
    count = Counter(stance.label for stance in stances)
    assert 0.7 < count["NEUTRAL"] / len(stances) < 0.85
    assert 1.4 < count["AGAINST"] / count["FAVOR"] < 3
    told = [stance for stance in stances if stance.label != "NEUTRAL"]
    assert 0.4 < sum(stance.holder is not None for stance in told) / len(told) < 0.65


def test_readme_counts(script):
    """The counts in the README are those of the corpus."""
    counts = "\n".join(script.stats(script.compile_folder(CORPUS / "source")))
    assert counts in (CORPUS / "README.md").read_text("utf-8")


def test_the_second_labelling_agrees_as_the_page_says(gold):
    """Stances are compared mention by mention; of the holders all but one were settled."""
    rows = [line.split("\t") for line in (CORPUS / "second.tsv").read_text("utf-8").splitlines()[1:]]
    second = {(sentence, target): stance for sentence, target, stance, _ in rows}
    holders: dict[tuple[str, str], set[str]] = {}
    for sentence, target, _, holder in rows:
        holders.setdefault((sentence, target), set()).add(holder)
    both, same_holders = [], []
    for one in (one for part in PARTS for one in gold[part]):
        first = {stance.target: stance.label for stance in one.stances}
        for entity in one.entities:
            key = (one.id, entity.id)
            both.append((first[entity.id], second.get(key, "NEUTRAL")))
            if both[-1][0] == both[-1][1] != "NEUTRAL":
                held = {stance.holder or "" for stance in one.stances if stance.target == entity.id}
                same_holders.append(held == holders[key])
    page = (CORPUS / "README.md").read_text("utf-8")
    assert f"Of {len(both):,} mentions {sum(a == b for a, b in both):,} got the same stance" in page
    assert f"(Cohen's kappa {kappa(both):.2f})" in page
    assert f"of the {len(same_holders)} targets with the same stance" in page
    assert same_holders.count(False) == 1
