"""The shipped corpus is what its sources give, keeps the contract, and has what its README says."""

import re
from collections import Counter
from pathlib import Path

import pytest

from annotate.check import faults
from annotate.jsonl import read
from annotate.records import Article, Gold

CORPUS = Path(__file__).resolve().parents[2] / "datasets" / "hindi-news"
REGISTERS = {"agency", "business", "courts", "foreign", "local", "politics", "science", "sport"}
TITLES = (
    "श्री",
    "श्रीमती",
    "डॉ.",
    "प्रो.",
    "न्यायमूर्ति",
    "राष्ट्रपति",
    "प्रधानमंत्री",
    "मुख्यमंत्री",
    "मंत्री",
    "राज्यपाल",
    "सांसद",
    "विधायक",
    "कप्तान",
    "जी",
)
POSTPOSITIONS = ("ने", "को", "से", "में", "पर", "का", "के", "की")
QUOTES = "‘’“”'\"«»"
HEADER = "id: hn-00-x\ntitle: क\nlang: hi\nregister: test\npublished: 2026-01-02\n---\n"


@pytest.fixture(scope="module")
def gold() -> list[Gold]:
    """The gold sentences as they are committed."""
    return [Gold.from_dict(line.data) for line in read(CORPUS / "gold.jsonl")]


def test_files_are_what_the_sources_give(script):
    """`compile.py --check` finds nothing stale and nothing wrong."""
    assert script.main(["--check"]) == 0


def test_a_stale_file_is_found(script, tmp_path, capsys):
    """`--check` exits 1 and names each file that is not what the sources give."""
    assert script.main(["--out", str(tmp_path)]) == 0
    (tmp_path / "gold.jsonl").write_bytes(b"")
    assert script.main(["--out", str(tmp_path), "--check"]) == 1
    assert "gold.jsonl" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        pytest.param("वह गया।", 7, "no ¶ ends", id="no-end"),
        pytest.param("वह गया।¶\nवह [राम|PER गया।¶", 8, "broken mark", id="open-bracket"),
        pytest.param("[राम|PERS] गया।¶", 7, "unknown type", id="unknown-type"),
        pytest.param("[राम |PER]गया।¶", 7, "white space at the border", id="space-in-entity"),
        pytest.param("वह गया। ¶", 7, "white space stands before", id="space-before-end"),
        pytest.param("[राम|PER#r] गया।¶", 7, "no stance refers to r", id="unused-key"),
        pytest.param("[राम|PER#r] गया।¶<r FAVOR by s>", 7, "nothing in the sentence is marked 's'", id="no-holder"),
        pytest.param("[राम|PER#r] गया।¶<r NEUTRAL>", 7, "is not like", id="neutral-written"),
        pytest.param("[राम|PER#r] गया।¶<r FAVOR><r FAVOR>", 7, "stance toward it already", id="twice"),
        pytest.param("[क|PER#k]िताब।¶<k FAVOR>", 7, "is cut before a mark", id="akshara"),
    ],
)
def test_a_wrong_mark_is_named(script, tmp_path, capsys, body, line, words):
    """A wrong mark is told with its file and line, and nothing is written."""
    (tmp_path / "hn-00-x.txt").write_text(HEADER + body + "\n", "utf-8")
    assert script.main(["--source", str(tmp_path), "--out", str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"hn-00-x.txt:{line}: ")
    assert words in message
    assert not list(tmp_path.glob("*.jsonl"))


def test_marks_become_records(script, tmp_path):
    """Marks leave the text; what they say stands in code points of the sentence."""
    body = "[राम|PER#r] ने [श्याम|PER#s] की {c:निंदा की}।¶<s AGAINST by r cue c>\nशीर्षक¶h\n"
    (tmp_path / "hn-00-x.txt").write_text(HEADER + body, "utf-8")
    corpus = script.compile_folder(tmp_path)
    assert [article.text for article in corpus.articles] == ["राम ने श्याम की निंदा की।\nशीर्षक"]
    assert [(found.start, found.end, found.kind) for found in corpus.gold] == [
        (0, 25, "sentence"),
        (26, 32, "heading"),
    ]
    assert [(stance.target, stance.holder, stance.label, stance.cue) for stance in corpus.gold[0].stances] == [
        ("e0-3-PER", None, "NEUTRAL", None),
        ("e7-12-PER", "e0-3-PER", "AGAINST", (16, 24)),
    ]


def test_records_keep_the_contract(articles):
    """Articles and gold fit their schemas, ids and offsets are as the contract computes them."""
    texts = {article.id: article.text for article in articles.values()}
    assert list(faults(CORPUS / "articles.jsonl", Article)) == []
    assert list(faults(CORPUS / "gold.jsonl", Gold, articles=texts)) == []


def test_sentences_cover_their_article(articles, gold):
    """Sentences slice their article, stand in order, and leave only white space between them."""
    at: Counter[str] = Counter()
    for sentence in gold:
        text = articles[sentence.article_id].text
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip()
        assert not text[at[sentence.article_id] : sentence.start].strip()
        at[sentence.article_id] = sentence.end
    assert not [name for name, article in articles.items() if article.text[at[name] :].strip()]


def test_every_entity_has_a_stance(gold):
    """Neutral is said too; a neutral stance has neither holder nor cue, and a mention is not both for and against."""
    for sentence in gold:
        assert {stance.target for stance in sentence.stances} == {entity.id for entity in sentence.entities}
        labels = Counter(target for target, _ in {(stance.target, stance.label) for stance in sentence.stances})
        assert all(count == 1 for count in labels.values()), sentence.id
        assert all(s.holder is None and s.cue is None for s in sentence.stances if s.label == "NEUTRAL")
        assert all(s.holder != s.target for s in sentence.stances)


def test_entity_borders(gold):
    """An entity holds no border space, quote, final stop, title or postposition."""
    for sentence in gold:
        for entity in sentence.entities:
            words = sentence.text[entity.start : entity.end]
            assert words == words.strip(f"{QUOTES} \n\u00a0।,;:()"), (sentence.id, words)
            assert words.split()[0] not in TITLES, (sentence.id, words)
            assert words.split()[-1] not in (*TITLES, *POSTPOSITIONS), (sentence.id, words)


def test_size(articles, gold):
    """There are at least 20 articles of 8 to 25 sentences each."""
    counts = Counter(sentence.article_id for sentence in gold if sentence.kind == "sentence")
    assert len(articles) >= 20
    assert set(counts) == set(articles)
    assert {name: count for name, count in counts.items() if not 8 <= count <= 25} == {}


def test_registers(articles):
    """The registers of real news are all there."""
    assert {article.meta["register"] for article in articles.values()} >= REGISTERS


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"“[^”]+।[^”]+।[^”]*”", id="curly-quotation-of-several-sentences"),
        pytest.param(r"‘[^’]+।[^’]+।’", id="single-quotation-of-several-sentences"),
        pytest.param(r'"[^"\n]+"', id="straight-quotes"),
        pytest.param(r"।”\s", id="danda-inside-the-quote"),
        pytest.param(r"\((?:एजेंसी|एजेंसियाँ)\)।", id="agency-dateline"),
        pytest.param(r"डॉ\.", id="abbreviation"),
        pytest.param(r"कि\.मी\.", id="unit"),
        pytest.param(r"ए\.पी\.जे\.", id="initials"),
        pytest.param(r"\d,\d\d\d", id="number-with-comma"),
        pytest.param(r"\d\.\d", id="decimal"),
        pytest.param(r"[A-Za-z]{3,}", id="latin-script"),
        pytest.param("[\u0958-\u095f]", id="composed-nukta"),
        pytest.param("\u093c", id="decomposed-nukta"),
        pytest.param("ँ", id="chandrabindu"),
    ],
)
def test_forms(articles, pattern):
    """The forms that sentence splitters stumble over occur."""
    assert any(re.search(pattern, article.text) for article in articles.values())


def test_headings_have_no_danda(gold):
    """Headings end without a danda."""
    assert not [sentence.id for sentence in gold if sentence.kind == "heading" and sentence.text.endswith("।")]


def test_datelines_open_a_paragraph(articles, gold):
    """A dateline stands first in its article, or first in a paragraph of a report from several places."""
    for sentence in gold:
        if sentence.kind == "dateline":
            assert articles[sentence.article_id].text[: sentence.start][-1:] in ("", "\n"), sentence.id


def test_readme_counts(script):
    """The counts in the README are those of the corpus."""
    counts = "\n".join(script.stats(script.compile_folder(CORPUS / "source")))
    assert counts in (CORPUS / "README.md").read_text("utf-8")
