"""What a release refuses."""

from dataclasses import replace

import pytest

from annotate.errors import DataError, Reason, UsageError
from annotate.labels import DEFAULT, EntityLabel, LabelSet, StanceLabel
from annotate.records import Span
from annotate.release.gate import Check, problems, snapped
from annotate.split import tokenize
from tests.releases import build


def reasons(record, tokens=None, **options):
    """The reasons why a record is refused."""
    tokens = tokenize(record.text, "hi") if tokens is None else tokens
    found = problems("gold.jsonl", 7, record, tokens, **{"labels": DEFAULT, **options})
    return [(fault.line, fault.reason) for fault in found]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param("[मोदी|PER] आए।", [], id="sound"),
        pytest.param("[मो|PER]दी आए।", [Reason.OFF_TOKEN_BORDER], id="inside-a-token"),
        pytest.param("[मोदी |PER]आए।", [Reason.OFF_TOKEN_BORDER], id="space-taken-along"),
        pytest.param("मोदी[ |PER]आए।", [Reason.OFF_TOKEN_BORDER], id="nothing-but-space"),
        pytest.param("[भारत|LOC][ीय|ORG] आए।", [Reason.OVERLAP, *[Reason.OFF_TOKEN_BORDER] * 2], id="two-in-a-token"),
        pytest.param(
            ("[मोदी|PER] आए।", [("मोदी", "FAVOR", None), ("मोदी", "AGAINST", "मोदी")]),
            [Reason.DUPLICATE_STANCE],
            id="contradiction",
        ),
    ],
)
def test_problems(article, sentence, expected):
    """Entities that tokens or BIO cannot hold, and stances that one row cannot hold, are faults with their line."""
    assert [(7, reason) for reason in expected] == reasons(article("a1", sentence)[0])


@pytest.mark.parametrize(
    "tokens",
    [
        pytest.param([Span(0, 4)], id="text-left-out"),
        pytest.param([Span(0, 4), Span(5, 6), Span(5, 8)], id="twice"),
        pytest.param([Span(0, 4), Span(5, 9)], id="beyond-the-text"),
        pytest.param([Span(0, 4), Span(5, 5), Span(5, 8)], id="empty"),
    ],
)
def test_tokens_must_slice_the_text(article, tokens):
    """Tokens come in order, apart, inside the text, and leave out no sign."""
    assert (7, Reason.WRONG_TEXT) in reasons(article("a1", "मोदी आए।")[0], tokens)


def test_zero_width_characters_may_stand_between_tokens(article):
    """A zero-width space between words is no fault."""
    assert reasons(article("a1", "मोदी \u200b आए।")[0]) == []


def test_silence_needs_a_neutral_label(article):
    """Where the label set has no NEUTRAL, an entity without a stance is a fault."""
    labels = LabelSet(entities=(EntityLabel("PER"),), stances=(StanceLabel("FAVOR"),))
    assert reasons(article("a1", "[मोदी|PER] आए।")[0], labels=labels) == [(7, Reason.UNKNOWN_LABEL)]


def test_off_border_may_be_waived(article):
    """Waived, an entity off token borders is no fault, but one that covers no token still is."""
    record = article("a1", "[मो|PER]दी[ |PER]आए।")[0]
    assert len(reasons(record)) == 2
    assert reasons(record, allow=[Check.OFF_BORDER]) == [(7, Reason.OFF_TOKEN_BORDER)]


def test_snap_widens_and_stances_follow(article):
    """Snapping moves entities to token borders, and targets and holders with them."""
    record = article("a1", ("[मो|PER]दी ने [राहु|PER]ल को सराहा।", [("राहु", "FAVOR", "मो")]))[0]
    after = snapped(record, tokenize(record.text, "hi"))
    assert [entity.id for entity in after.entities] == ["e0-4-PER", "e8-13-PER"]
    assert [(stance.target, stance.holder) for stance in after.stances] == [("e8-13-PER", "e0-4-PER")]
    assert after is snapped(after, tokenize(record.text, "hi"))


def test_all_faults_come_at_once(article, write, tmp_path):
    """Broken JSON, a broken record, an unknown label and an entity off borders are all named; nothing is written."""
    sound, off = article("a1", "[मोदी|PER] आए।", "[मोदी |PER]गए।")
    unknown = article("a2", "[मोदी|PERSON] आए।")[0]
    gold = write([sound, off, unknown])
    gold.write_bytes(gold.read_bytes() + b"{broken\n" + sound.to_json() + b"\n")
    with pytest.raises(DataError) as caught:
        build(gold, tmp_path / "releases", "1.0")
    assert [(fault.line, fault.reason) for fault in caught.value.faults] == [
        (2, Reason.OFF_TOKEN_BORDER),
        (3, Reason.UNKNOWN_LABEL),
        (4, Reason.BROKEN_JSON),
        (5, Reason.DUPLICATE_ID),
    ]
    assert {str(gold)} == {fault.file for fault in caught.value.faults}
    assert list((tmp_path / "releases").iterdir()) == []


def test_a_language_without_tokens(article, write, tmp_path):
    """A sentence in a language that nobody tokenizes is one fault among the others, with its line."""
    hindi, other = article("a1", "[मोदी|PER] आए।", "[मोदी |PER]गए।")
    with pytest.raises(DataError) as caught:
        build(write([replace(hindi, lang="xx"), other]), tmp_path / "releases", "1.0")
    first, second, *_ = caught.value.faults
    assert (first.line, first.id, first.reason) == (1, hindi.id, Reason.UNKNOWN_LANGUAGE)
    assert "'xx'" in first.found
    assert "hi, kn" in first.found
    assert (second.line, second.reason) == (2, Reason.OFF_TOKEN_BORDER)


def test_sentences_of_an_article_may_not_overlap(article, write, tmp_path):
    """Text that stands in two sentences of an article is a fault of the later one, which names the other."""
    long, short, apart = article("a1", "राम और मोहन आए।", "वह गया।", "सीता आई।")
    short = replace(short, start=12, end=12 + len(short.text), id=f"a1:12-{12 + len(short.text)}")
    other = article("a2", "राम और मोहन आए।")[0]
    with pytest.raises(DataError) as caught:
        build(write([short, long, apart, other]), tmp_path / "releases", "1.0")
    [fault] = caught.value.faults
    assert (fault.line, fault.id, fault.reason) == (2, long.id, Reason.OVERLAP)
    assert short.id in fault.found


def test_unknown_check_is_refused(article, write, tmp_path):
    """What is not a check that can be waived is a wrong argument, with the ones that can."""
    with pytest.raises(UsageError, match="leakage, off-token-border"):
        build(write(article("a1", "मोदी आए।")), tmp_path, "1.0", allow=["overlap"])
