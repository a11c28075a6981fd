"""Which split articles get."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.errors import UsageError
from annotate.release.duplicates import Pair
from annotate.release.splits import assign, split_of

NAMES = st.sets(st.text("abcdefgh0123", min_size=1, max_size=3), min_size=1, max_size=12)
SEEDS = st.sampled_from(["annotate-kit", "13", "x"])


@st.composite
def articles_with_pairs(draw):
    """Articles, and some pairs of them that may not be parted."""
    names = sorted(draw(NAMES))
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=8))
    return names, [Pair(*sorted(pair), 0.9) for pair in pairs if pair[0] != pair[1]]


@settings(deadline=None)
@given(articles_with_pairs(), SEEDS)
def test_pairs_are_never_parted(drawn, seed):
    """Articles that belong together are in one split, and every article is in one."""
    names, pairs = drawn
    assignment = assign(names, pairs, seed=seed)
    assert names == list(assignment.splits)
    assert all(assignment.splits[pair.first] == assignment.splits[pair.second] for pair in pairs)
    assert not assignment.leaks
    assert not assignment.left_out


@settings(deadline=None)
@given(NAMES, NAMES, SEEDS)
def test_unrelated_articles_move_nothing(names, more, seed):
    """Without near-duplicates an article goes where it goes, whatever else there is."""
    few, many = assign(names, [], seed=seed).splits, assign(names | more, [], seed=seed).splits
    assert few == {name: many[name] for name in few}


@settings(deadline=None)
@given(articles_with_pairs(), articles_with_pairs(), st.data())
def test_additions_move_nothing(first, second, data):
    """Articles of an earlier release stay, whatever duplicates come; what would join two splits is left out."""
    names, pairs = first
    before = assign(names, pairs)
    newcomers = sorted(set(second[0]) - set(names))
    bridges = [
        Pair(*sorted((new, data.draw(st.sampled_from(names)))), 0.9)
        for new in newcomers
        for _ in range(data.draw(st.integers(0, 2)))
    ]
    more = [pair for pair in second[1] if set(pair[:2]) <= set(newcomers)]
    after = assign([*names, *newcomers], [*pairs, *more, *bridges], earlier=before.splits)
    assert before.splits == {name: after.splits[name] for name in names}
    assert not after.leaks
    assert set(newcomers) >= set(after.left_out)
    assert {*names, *newcomers} == {*after.splits, *after.left_out}


def test_bridge_is_left_out():
    """A newcomer that is like articles of two splits is in none, and it is said why."""
    earlier = {"a": "train", "b": "test"}
    pairs = [Pair("a", "new", 0.8), Pair("b", "new", 0.7), Pair("a", "other", 0.9)]
    assignment = assign(["a", "b", "new", "other"], pairs, earlier=earlier)
    assert assignment.splits == {"a": "train", "b": "test", "other": "train"}
    assert assignment.left_out == {"new": "near-duplicate of articles in test and train"}


def test_old_leak_is_told():
    """Near-duplicates that an earlier release parted stay where they are, and are listed."""
    pair = Pair("a", "b", 0.9)
    assignment = assign(["a", "b"], [pair], earlier={"a": "train", "b": "test"})
    assert (pair,) == assignment.leaks
    assert assignment.splits == {"a": "train", "b": "test"}


def test_shares():
    """Many articles spread as the fractions say, within what chance allows."""
    counts = Counter(split_of(f"article-{number}", "annotate-kit", (0.6, 0.3, 0.1)) for number in range(10_000))
    assert counts["train"] == pytest.approx(6_000, abs=200)
    assert counts["validation"] == pytest.approx(3_000, abs=200)


def test_seed_changes_the_spread():
    """Another seed puts articles elsewhere."""
    names = [f"article-{number}" for number in range(50)]
    assert assign(names, [], seed="1").splits != assign(names, [], seed="2").splits


def test_fraction_of_none():
    """A share of 0 gives a split no article, and a share of 1 all."""
    assert {"validation"} == set(assign([f"{number}" for number in range(99)], [], fractions=(0, 1, 0)).splits.values())


@pytest.mark.parametrize(
    "fractions",
    [
        pytest.param((0.8, 0.2), id="two"),
        pytest.param((0.8, 0.1, 0.2), id="more-than-all"),
        pytest.param((1.2, -0.1, -0.1), id="negative"),
    ],
)
def test_wrong_fractions(fractions):
    """Fractions that are not three shares of one whole are refused."""
    with pytest.raises(UsageError, match="three shares"):
        assign(["a"], [], fractions=fractions)
