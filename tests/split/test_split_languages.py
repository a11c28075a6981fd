"""Language files: what is known, what they may hold, and what an article becomes."""

import tomllib
from importlib import resources

import pytest

from annotate.errors import UsageError
from annotate.records import Article, sentence_id
from annotate.split import languages, sentences, split
from annotate.split.rules import load

FOLDER = resources.files("annotate.split").joinpath("languages")
FILES = sorted(f.name for f in FOLDER.iterdir() if f.name.endswith(".toml"))
KEYS = {
    "name", "inherits", "without", "ends", "asks", "stops", "pipe", "low_starts", "dots_pause", "initials", "titles",
    "abbreviations", "before_number", "finals", "final_suffixes", "starters", "continuations", "quotatives",
    "interjections", "months",
    "weekdays", "agencies", "places",
}  # fmt: skip


def test_languages():
    """Fifteen languages are known, in alphabetical order."""
    assert languages() == (
        "as", "bho", "bn", "en", "gu", "hi", "kn", "ml", "mr", "ne", "or", "pa", "ta", "te", "ur",
    )  # fmt: skip


def test_unknown_language():
    """An unknown language is refused and the known ones are named."""
    with pytest.raises(UsageError, match=r"'xx' \(known: as, bho, bn"):
        split("वह गया।", "xx")


@pytest.mark.parametrize("file", FILES)
def test_file_is_sound(file):
    """A file holds only known keys, no word twice, and no word with its full stop."""
    data = tomllib.loads(FOLDER.joinpath(file).read_text("utf-8"))
    assert set(data) <= KEYS
    lists = {key: words for key, words in data.items() if isinstance(words, list)}
    assert {key: words for key, words in lists.items() if len(words) != len(set(words))} == {}
    assert not any(word.endswith((".", "।")) or word != word.strip() for words in lists.values() for word in words)


@pytest.mark.parametrize("lang", languages())
def test_language_has_the_basics(lang):
    """Every language knows its question mark, initials, months and agencies."""
    rules = load(lang)
    assert rules.name
    assert "?" in rules.asks
    assert rules.initials
    assert rules.months
    assert rules.agencies


def test_without_takes_inherited_words_away():
    """Bhojpuri inherits from Hindi, but its question word का may begin a sentence."""
    assert "का" in load("hi").continuations
    assert "का" not in load("bho").continuations


def test_words_are_known_composed_and_decomposed():
    """A text in either normal form meets its abbreviations."""
    assert {"\u095eरवरी", "फ\u093cरवरी"} <= load("hi").months


def test_sentences_of_an_article():
    """Sentences carry ids, indices, offsets and kinds; the text at the offsets is the sentence."""
    text = "बाढ़ का कहर\nपटना, 3 मई। गंगा उफान पर है।\n"
    found = sentences(Article(id="a1", text=text, lang="hi"))
    assert [s.text for s in found] == ["बाढ़ का कहर", "पटना, 3 मई।", "गंगा उफान पर है।"]
    assert [s.kind for s in found] == ["heading", "dateline", "sentence"]
    assert [s.index for s in found] == [0, 1, 2]
    assert all(text[s.start : s.end] == s.text for s in found)
    assert all(s.id == sentence_id("a1", s.start, s.end) and s.article_id == "a1" and s.lang == "hi" for s in found)


def test_wrapped_article():
    """A hard-wrapped article keeps its sentences whole."""
    article = Article(id="a1", text="वह आया और\nबैठ गया। फिर\nचला गया।", lang="hi")
    assert [s.text for s in sentences(article, wrapped=True)] == ["वह आया और\nबैठ गया।", "फिर\nचला गया।"]
