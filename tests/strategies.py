"""Hypothesis strategies for what the toolkit meets: text as news has it and worse, records by the contract."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from annotate.aksharas import is_boundary
from annotate.labels import DEFAULT
from annotate.records import (
    Annotation,
    Article,
    Engine,
    Entity,
    Gold,
    Prelabeled,
    Resolution,
    Sentence,
    Span,
    Stance,
    article_id,
    sentence_id,
)
from annotate.split import tokenize

__all__ = [
    "PIECES",
    "annotations",
    "articles",
    "cuts",
    "entities",
    "golds",
    "on_tokens",
    "prelabeleds",
    "sentences",
    "spans",
    "stances",
    "texts",
]

# What a reader sees as one character, and what comes between; each is one kind of trouble for code that counts.
PIECES = (
    *("क", "म", "अ", "कि", "रु", "क्ष", "त्र", "ज्ञ", "श्री", "र्क", "हूँ", "ंं", "ॐ", "दिल्ली", "मोदी", "कांग्रेस ने"),
    *("\u0929", "न\u093c", "\u0958", "क\u093c", "ढ़", "é", "e\u0301"),  # the same letter composed and decomposed
    *("क्\u200dष", "क्\u200cष", "र\u094d\u200dय", "\u200d", "\u200c"),  # joiners, in words and astray
    *("কি", "ਕਿ", "ક્ષ", "ଓଡ଼ିଶା", "தமிழ்", "తెలుగు", "ಕನ್ನಡ", "മലയാളം", "اردو"),
    *("👍", "👍🏽", "👩\u200d👩\u200d👧", "🇮🇳", "❤\ufe0f", "𝒜", "\U00011013", "\U00020000"),
    *(" ", "  ", "\u00a0", "\t", "\n", "\r\n", "\r", "\n\n", "\u2028", "\u200b", "\ufeff", "\u00ad"),
    *("।", "॥", ".", "?", "!", "…", ",", ";", ":", "-", "—", "।”", "।’ ", "‘", "’", "“", "”", '"', "'", "(", ")"),
    *(
        "डॉ. ",
        "ए. पी. ",
        "रु. ",
        "12,345.60",
        "१२३",
        "3.5%",
        "BJP",
        "नई दिल्ली, 14 मार्च (एजेंसी)। ",
        "\\n",
        "<b>",
        "&amp;",
        "\x00",
    ),
)
_MOMENTS = ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678901Z", "2026-01-02T08:34:06+05:30", "2025-12-31T23:59:59Z")
_ANNOTATORS = ("asha@example.org", "बलराम", "c")


def texts(min_size: int = 0, max_size: int = 24) -> st.SearchStrategy[str]:
    """Text of so many pieces: Devanagari clusters, NFC and NFD, joiners, emoji, astral characters, CRLF, NBSP, any."""
    anything = st.characters(exclude_categories=["Cs"])
    return st.lists(st.sampled_from(PIECES) | anything, min_size=min_size, max_size=max_size).map("".join)


def cuts(text: str) -> list[int]:
    """Where a text may be cut, both ends among them."""
    return [at for at in range(len(text) + 1) if is_boundary(text, at)]


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    """A stretch of a text, not empty, that cuts no character in two."""
    start, end = draw(st.lists(st.sampled_from(cuts(text)), min_size=2, max_size=2, unique=True).map(sorted))
    return Span(start, end)


@st.composite
def entities(draw: st.DrawFn, text: str, max_size: int = 4) -> tuple[Entity, ...]:
    """Entities of a text as the contract wants them, sorted by start; they may overlap."""
    found: dict[str, Entity] = {}
    for span in draw(st.lists(spans(text), max_size=max_size)):
        entity = Entity.at(
            span.start,
            span.end,
            draw(st.sampled_from(DEFAULT.entity_names)),
            score=draw(st.none() | st.floats(0, 1)),
            source=draw(st.none() | st.just("rules:gazetteer")),
        )
        found[entity.id] = entity
    return tuple(sorted(found.values(), key=lambda e: (e.start, e.end, e.label)))


@st.composite
def stances(draw: st.DrawFn, text: str, mentions: tuple[Entity, ...]) -> tuple[Stance, ...]:
    """Stances toward some of the entities: one label for each target, no pair of target and holder twice."""
    taken: list[Stance] = []
    for target in mentions:
        label = draw(st.sampled_from(DEFAULT.stance_names))
        names = st.none() | st.sampled_from([e.id for e in mentions if e.id != target.id] or [None])
        taken += [
            Stance(
                target=target.id,
                label=label,
                holder=holder,
                score=draw(st.none() | st.floats(0, 1)),
                cue=draw(st.none() | spans(text)),
            )
            for holder in draw(st.lists(names, max_size=2, unique=True))
        ]
    return tuple(taken)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """An article with or without the optional fields."""
    text = draw(texts())
    optional = st.none() | texts(max_size=4)
    return Article(
        id=draw(st.just(article_id(text)) | st.sampled_from(["n-1", "लेख-१", "hi/2026/05.html"])),
        text=text,
        lang=draw(st.sampled_from(["hi", "mr", "bho"])),
        title=draw(optional),
        source=draw(optional),
        url=draw(optional),
        published=draw(optional),
        meta=draw(st.none() | st.dictionaries(texts(max_size=2), texts(max_size=2) | st.integers(0, 9), max_size=2)),
    )


def sentences() -> st.SearchStrategy[Sentence]:
    """A sentence somewhere in an article."""
    return _fields().map(lambda fields: Sentence(**fields))


@st.composite
def prelabeleds(draw: st.DrawFn) -> Prelabeled:
    """A sentence with proposals."""
    return Prelabeled(**draw(_labeled()), engine=Engine(name="rules", version="1"))


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    """A sentence as one of three people left it."""
    return Annotation(
        **draw(_labeled()),
        annotator=draw(st.sampled_from(_ANNOTATORS)),
        annotation_id=draw(st.integers(0, 2**53)),
        task_id=draw(st.integers(0, 2**53)),
        created_at=draw(st.sampled_from(_MOMENTS)),
        updated_at=draw(st.sampled_from(_MOMENTS)),
        lead_time=draw(st.none() | st.floats(0, 1e6)),
        outcome=draw(st.sampled_from(["submitted", "skipped"])),
        engine=draw(st.none() | st.just(Engine(name="rules", version="1"))),
    )


@st.composite
def golds(draw: st.DrawFn) -> Gold:
    """A sentence with what was agreed on."""
    people = draw(st.lists(st.sampled_from(_ANNOTATORS), unique=True).map(tuple))
    return Gold(**draw(_labeled()), resolution=Resolution(method="agreement", annotators=people))


@st.composite
def on_tokens(draw: st.DrawFn) -> Gold:
    """Gold whose entities are runs of whole tokens side by side or apart, with stances."""
    record = draw(golds())
    tokens = tokenize(record.text, record.lang)
    found, at = [], 0
    while at < len(tokens):
        length = draw(st.integers(0, 3))
        if length and at + length <= len(tokens):
            label = draw(st.sampled_from(DEFAULT.entity_names))
            found.append(Entity.at(tokens[at].start, tokens[at + length - 1].end, label))
        at += max(1, length)
    return replace(record, entities=tuple(found), stances=draw(stances(record.text, tuple(found))))


@st.composite
def _fields(draw: st.DrawFn) -> dict[str, Any]:
    text = draw(texts(min_size=1).filter(bool))
    article, start = draw(st.sampled_from(["n-1", "लेख-१", article_id(text)])), draw(st.integers(0, 10**6))
    return {
        "id": sentence_id(article, start, start + len(text)),
        "article_id": article,
        "lang": draw(st.sampled_from(["hi", "mr"])),
        "index": draw(st.integers(0, 500)),
        "start": start,
        "end": start + len(text),
        "text": text,
        "kind": draw(st.sampled_from(["sentence", "heading", "dateline"])),
        "splitter": draw(st.none() | st.just("1")),
    }


@st.composite
def _labeled(draw: st.DrawFn) -> dict[str, Any]:
    fields = draw(_fields())
    mentions = draw(entities(fields["text"]))
    return {**fields, "entities": mentions, "stances": draw(stances(fields["text"], mentions))}
