"""Splits by source and by date."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.errors import DataError, Reason, UsageError
from annotate.release.duplicates import Pair
from annotate.release.split_by import Origin, assign_by, date_of

SHARES = (0.5, 0.25, 0.25)


def articles(count):
    """Articles of ten sentences."""
    return {f"a{number}": {"sentences": 10} for number in range(count)}


def by_source(count, sources):
    """Origins of articles that take turns in coming from sources."""
    return {f"a{number}": Origin(f"s{number % sources}", None) for number in range(count)}


def by_day(count):
    """Origins of articles, one a day."""
    return {f"a{number}": Origin(None, f"2026-03-{number + 1:02}T08:30:00+05:30") for number in range(count)}


def test_a_source_is_in_one_split():
    """All articles of a source go together, and sources spread by their shares."""
    found = assign_by("source", articles(40), [], by_source(40, 8), fractions=SHARES)
    assert {name: found.rule[f"s{int(name[1:]) % 8}"] for name in found.splits} == found.splits
    assert sorted(found.rule.values()).count("train") == 4
    assert len(found.splits) == 40


def test_new_articles_follow_their_source():
    """Later, a source that is known keeps its split, and a new one moves nothing."""
    first = assign_by("source", articles(40), [], by_source(40, 8), fractions=SHARES)
    more = {**by_source(40, 8), **{f"b{number}": Origin(f"s{number}", None) for number in range(12)}}
    counts = {**articles(40), **{f"b{number}": {"sentences": 10} for number in range(12)}}
    second = assign_by("source", counts, [], more, fractions=SHARES, earlier=first.splits, earlier_rule=first.rule)
    assert first.splits == {name: split for name, split in second.splits.items() if name.startswith("a")}
    assert all(second.splits[f"b{number}"] == first.rule[f"s{number}"] for number in range(8))
    assert set(second.rule) == {f"s{number}" for number in range(12)}


def test_the_newest_are_in_test():
    """By date no article of train is newer than one of validation, nor one of validation newer than one of test."""
    found = assign_by("date", articles(20), [], by_day(20), fractions=SHARES)
    assert [found.splits[f"a{number}"] for number in range(20)] == ["train"] * 10 + ["validation"] * 5 + ["test"] * 5
    assert found.rule == {"validation": "2026-03-11", "test": "2026-03-16"}


def test_days_stay_where_the_first_release_cut():
    """Later releases cut at the same days, so nothing moves and what is newer goes into test."""
    first = assign_by("date", articles(20), [], by_day(20), fractions=SHARES)
    second = assign_by(
        "date", articles(28), [], by_day(28), fractions=SHARES, earlier=first.splits, earlier_rule=first.rule
    )
    assert first.splits == {name: second.splits[name] for name in first.splits}
    assert {second.splits[f"a{number}"] for number in range(20, 28)} == {"test"}


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12))
def test_a_day_is_not_cut(days):
    """Articles of one day are in one split."""
    origins = {f"a{at}": Origin(None, f"2026-03-0{day}") for at, day in enumerate(days)}
    found = assign_by("date", articles(len(days)), [], origins, fractions=SHARES)
    assert len({(days[int(name[1:])], split) for name, split in found.splits.items()}) == len(set(days))


@pytest.mark.parametrize("by", ["source", "date"])
def test_near_duplicates_across_splits_leave_one_out(by):
    """Of near-duplicates that the rule parts, one is left out and named, so that no pair is across splits."""
    origins = by_day(20) if by == "date" else by_source(20, 4)
    plain = assign_by(by, articles(20), [], origins, fractions=SHARES).splits
    a = next(name for name, split in plain.items() if split == "train")
    b = next(name for name, split in plain.items() if split == "test")
    found = assign_by(by, articles(20), [Pair(*sorted((a, b)), 0.9)], origins, fractions=SHARES)
    assert found.left_out == {a: f"near-duplicate of {b}, which is in test"}
    assert a not in found.splits
    assert found.leaks == ()


def test_articles_of_an_earlier_release_are_not_left_out():
    """A newcomer that duplicates a released article of another split is left out, wherever it would go."""
    first = assign_by("date", articles(20), [], by_day(20), fractions=SHARES)
    found = assign_by(
        "date",
        articles(21),
        [Pair("a0", "a20", 0.9)],
        by_day(21),
        fractions=SHARES,
        earlier=first.splits,
        earlier_rule=first.rule,
    )
    assert found.left_out == {"a20": "near-duplicate of a0, which is in train"}


@pytest.mark.parametrize(
    ("by", "origin", "what"),
    [
        pytest.param(
            "source", Origin(None, "2026-03-01"), "source is needed for this split, and is not there", id="no-source"
        ),
        pytest.param("date", Origin("s", None), "published is needed", id="no-date"),
        pytest.param("date", Origin("s", "गुरुवार"), "'गुरुवार'", id="no-iso-date"),
    ],
)
def test_what_a_rule_needs(by, origin, what):
    """Articles without what the rule needs are faults, each named."""
    with pytest.raises(DataError, match=what) as caught:
        assign_by(by, articles(3), [], {"a0": origin, "a1": Origin("s", "2026-01-01")})
    assert [(fault.id, fault.reason) for fault in caught.value.faults] == [
        ("a0", Reason.MISSING_FIELD),
        ("a2", Reason.MISSING_FIELD),
    ]


def test_unknown_rule():
    """A rule that nobody knows is refused with those that are."""
    with pytest.raises(UsageError, match="article, source, date"):
        assign_by("mood", articles(1), [], {})


@pytest.mark.parametrize(
    ("published", "day"),
    [("2026-03-14", "2026-03-14"), ("2026-03-14T23:59:00+05:30", "2026-03-14"), ("14 March", None), (None, None)],
)
def test_dates(published, day):
    """A day is read from ISO 8601 as it is written there."""
    assert date_of(published) == day
