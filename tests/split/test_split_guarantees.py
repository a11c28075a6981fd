"""What holds for the spans of every text, however odd."""

import random
import re
import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotate.aksharas import is_boundary
from annotate.records import Article, Span
from annotate.spans import gaps
from annotate.split import languages, segment, sentences, split, tokenize

# White space and what is shown as nothing, joiners included: all that may lie between two sentences.
UNSEEN = re.compile(r"[\s\x1c-\x1f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]*")
PIECES = [
    "वह गया", "क्षेत्र में", "है", "डॉ", "कि.मी.", "ए.पी.जे.", "13", "1,000", "2.5", "।", "॥", ".", "...", "…",
    "?", "!", "?!", "|", ",", ":", "‘", "’", "“", "”", '"', "'", "(", ")", "[", "]", "-", "—", "•", "1.", "a.",
    "#हैश", "@नाम", "https://a.in/ख?x=1.", "a.b@c.in", " ", "  ", "\n", "\n\n", "\r\n", "\r", "\t", "\v",
    "\x85", "\u2028", "\u2029", "\xa0", "\ufeff", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202b",
    "\u2060", "\xad", "\u093c", "\u094d", "\u0301", "\u0903", "\u0d4e", "\u06dd", "\U00011001", "\U00011000",
    "क़", "ड़", "क\u094d\u200dष", "👍🏽", "👨\u200d👩\u200d👧", "🇮🇳", "🇮", "각", "ᄀ", "ᅡ", "é", "e\u0301", "Dr",
    "U.S", "यह", "The", "اور", "ہے۔", "۔", "؟", "தமிழ்",
]  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.text(max_size=60),
    st.binary(max_size=60).map(lambda raw: raw.decode("utf-8", "replace")),
)
langs = st.sampled_from(languages())
MEGA = 1_000_000


@settings(max_examples=600, deadline=None)
@given(texts, langs, st.booleans())
def test_segments_are_sound(text, lang, wrapped):
    """Segments ascend, are disjoint and not empty, and leave out only white space and what is shown as nothing."""
    found = segment(text, lang, wrapped)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= s.start < s.end <= len(text) for s in found)
    assert all(UNSEEN.fullmatch(text, *gap) for gap in gaps(found, len(text)))
    assert {s.kind for s in found} <= {"sentence", "heading", "dateline"}


@settings(max_examples=600, deadline=None)
@given(texts, langs, st.booleans())
def test_no_segment_cuts_a_character(text, lang, wrapped):
    """Every edge of a segment lies between two grapheme clusters."""
    edges = [edge for s in segment(text, lang, wrapped) for edge in (s.start, s.end)]
    assert all(is_boundary(text, edge) for edge in edges)


@settings(max_examples=400, deadline=None)
@given(texts, langs)
@example("\t\U00011001", "as")  # no mark can sit on a tab
def test_segments_are_trimmed(text, lang):
    """Neither end of a segment is white space, save a space that is part of a larger character."""
    for s in segment(text, lang):
        assert not text[s.end - 1].isspace() or not is_boundary(text, s.end - 1)
        assert not text[s.start].isspace() or not is_boundary(text, s.start + 1)


@settings(max_examples=300, deadline=None)
@given(texts, langs, st.booleans())
def test_split_is_segment_without_kinds(text, lang, wrapped):
    """`split` gives the spans of `segment`, as spans."""
    spans = split(text, lang, wrapped)
    assert spans == [(s.start, s.end) for s in segment(text, lang, wrapped)]
    assert all(type(span) is Span for span in spans)


@settings(max_examples=600, deadline=None)
@given(texts, langs)
def test_tokens_are_sound(text, lang):
    """Tokens ascend, are disjoint, cover all that is seen, and cut no grapheme cluster."""
    tokens = tokenize(text, lang)
    assert all(a.end <= b.start for a, b in pairwise(tokens))
    assert all(t.start < t.end for t in tokens)
    assert all(UNSEEN.fullmatch(text, *gap) for gap in gaps(tokens, len(text)))
    assert all(is_boundary(text, edge) for token in tokens for edge in token)


@settings(max_examples=100, deadline=None)
@given(st.lists(texts, max_size=4), langs)
def test_article_alone_or_in_company(several, lang):
    """An article is split the same whatever was split before it."""
    alone = [sentences(Article(id=str(n), text=text, lang=lang)) for n, text in enumerate(several)]
    again = [sentences(Article(id=str(n), text=text, lang=lang)) for n, text in reversed(list(enumerate(several)))]
    assert alone == again[::-1]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ufeff", "\u200b \u200d\n", "\u200e\u200f\xa0", "\u200d"])
def test_nothing_seen_nothing_found(text):
    """Text of only white space and zero-width characters has no sentences and no tokens."""
    assert segment(text) == []
    assert tokenize(text) == []


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
def test_normal_forms_agree(form):
    """Composed and decomposed letters are split at the same places."""
    text = "डॉ. फ़िरोज़ ने पढ़ा। ‘वह गया।’ फिर ए.पी.जे. आए।\nবাংলা ড়। আমি যাই।"
    normal = unicodedata.normalize(form, text)
    pieces = [unicodedata.normalize("NFC", text[s.start : s.end]) for s in split(text)]
    assert [unicodedata.normalize("NFC", normal[s.start : s.end]) for s in split(normal)] == pieces


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_line_endings_agree(ending):
    """Every line ending ends a heading and a paragraph alike."""
    text = f"शीर्षक{ending}{ending}वह गया।{ending}मैं रुका।"
    assert [text[s.start : s.end] for s in segment(text)] == ["शीर्षक", "वह गया।", "मैं रुका।"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("क" * MEGA, id="no-boundary"),
        pytest.param("क " * (MEGA // 2), id="no-boundary-words"),
        pytest.param("।" * MEGA, id="dandas"),
        pytest.param("। " * (MEGA // 2), id="dandas-apart"),
        pytest.param('"' * MEGA, id="quotes"),
        pytest.param('।" ' * (MEGA // 3), id="dandas-and-quotes"),
        pytest.param("। ' " * (MEGA // 4), id="single-quotes"),
        pytest.param("." * MEGA, id="stops"),
        pytest.param(". " * (MEGA // 2), id="stops-apart"),
        pytest.param("ए." * (MEGA // 2), id="initials"),
        pytest.param("a.b@" * (MEGA // 4), id="almost-e-mails"),
        pytest.param("a" * MEGA + "@", id="no-e-mail"),
        pytest.param("http://" * (MEGA // 7), id="almost-urls"),
        pytest.param("1. " * (MEGA // 3), id="list-labels"),
        pytest.param("1. क\n" * (MEGA // 5), id="lists"),
        pytest.param("\n" * MEGA, id="line-ends"),
        pytest.param(" " * MEGA, id="spaces"),
        pytest.param("क् " * (MEGA // 3), id="viramas"),
        pytest.param("क" + "\u093c" * MEGA, id="marks"),
        pytest.param("🇮" * MEGA, id="flags"),
        pytest.param("\u200d" * MEGA, id="joiners"),
        pytest.param("(" * MEGA, id="brackets"),
        pytest.param("नई दिल्ली: " * (MEGA // 11), id="datelines"),
        pytest.param(random.Random(4).randbytes(MEGA).decode("utf-8", "replace"), id="random-bytes"),
    ],
)
def test_a_megabyte_of_anything(text):
    """Hostile input is handled in linear time: a megabyte takes seconds at most, never minutes."""
    began = time.perf_counter()
    for lang in ("hi", "en"):
        split(text, lang)
    split(text, "hi", wrapped=True)
    tokenize(text)
    assert time.perf_counter() - began < 30
