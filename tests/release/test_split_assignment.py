"""Which split articles get."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.errors import UsageError
from annotate.release.duplicates import Pair
from annotate.release.splits import assign

NAMES = st.sets(st.text("abcdefgh0123", min_size=1, max_size=3), min_size=1, max_size=12)
SEEDS = st.sampled_from(["annotate-kit", "13", "x"])


def plain(names):
    """Articles that all hold the same."""
    return {name: {"sentences": 1} for name in names}


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
    assignment = assign(plain(names), pairs, seed=seed)
    assert names == list(assignment.splits)
    assert all(assignment.splits[pair.first] == assignment.splits[pair.second] for pair in pairs)
    assert not assignment.leaks
    assert not assignment.left_out


@settings(deadline=None)
@given(articles_with_pairs(), articles_with_pairs(), st.data())
def test_additions_move_nothing(first, second, data):
    """Articles of an earlier release stay, whatever duplicates come; what would join two splits is left out."""
    names, pairs = first
    before = assign(plain(names), pairs)
    newcomers = sorted(set(second[0]) - set(names))
    bridges = [
        Pair(*sorted((new, data.draw(st.sampled_from(names)))), 0.9)
        for new in newcomers
        for _ in range(data.draw(st.integers(0, 2)))
    ]
    more = [pair for pair in second[1] if set(pair[:2]) <= set(newcomers)]
    after = assign(plain([*names, *newcomers]), [*pairs, *more, *bridges], earlier=before.splits)
    assert before.splits == {name: after.splits[name] for name in names}
    assert not after.leaks
    assert set(newcomers) >= set(after.left_out)
    assert {*names, *newcomers} == {*after.splits, *after.left_out}


def test_bridge_is_left_out():
    """A newcomer that is like articles of two splits is in none, and it is said why."""
    earlier = {"a": "train", "b": "test"}
    pairs = [Pair("a", "new", 0.8), Pair("b", "new", 0.7), Pair("a", "other", 0.9)]
    assignment = assign(plain(["a", "b", "new", "other"]), pairs, earlier=earlier)
    assert assignment.splits == {"a": "train", "b": "test", "other": "train"}
    assert assignment.left_out == {"new": "near-duplicate of articles in test and train"}


def test_old_leak_is_told():
    """Near-duplicates that an earlier release parted stay where they are, and are listed."""
    pair = Pair("a", "b", 0.9)
    assignment = assign(plain(["a", "b"]), [pair], earlier={"a": "train", "b": "test"})
    assert (pair,) == assignment.leaks
    assert assignment.splits == {"a": "train", "b": "test"}


def test_shares():
    """Articles that hold the same spread as the fractions say."""
    names = plain(f"article-{number}" for number in range(1000))
    counts = Counter(assign(names, [], fractions=(0.6, 0.3, 0.1)).splits.values())
    assert counts == {"train": 600, "validation": 300, "test": 100}


@pytest.mark.parametrize("seed", ["annotate-kit", "13", "x"])
def test_every_label_gets_its_share(seed):
    """Each split gets its share of every label, to within a few, also of one that stands in few articles."""
    random = Random(seed)
    kinds = ["sentences", "PER", "ORG", "FAVOR"]
    articles = {
        f"a{number}": {"sentences": random.randint(5, 30), "PER": random.randint(0, 9), "ORG": random.randint(0, 4)}
        | ({"FAVOR": random.randint(1, 3)} if random.random() < 0.2 else {})
        for number in range(200)
    }
    splits = assign(articles, [], seed=seed).splits
    for kind in kinds:
        total = sum(held.get(kind, 0) for held in articles.values())
        for split, share in (("train", 0.8), ("validation", 0.1), ("test", 0.1)):
            count = sum(held.get(kind, 0) for name, held in articles.items() if splits[name] == split)
            assert count == pytest.approx(share * total, abs=max(2, 0.01 * total)), (kind, split)


def test_a_rare_label_goes_into_train():
    """What stands in one article only is where most of everything is."""
    articles = {f"a{number}": {"sentences": 10, "PER": 5} for number in range(20)}
    articles["a7"] = {"sentences": 10, "PER": 5, "AGAINST": 1}
    assert {assign(articles, [], seed=str(seed)).splits["a7"] for seed in range(10)} == {"train"}


def test_seed_changes_the_spread():
    """Another seed puts articles elsewhere."""
    names = [f"article-{number}" for number in range(50)]
    assert assign(plain(names), [], seed="1").splits != assign(plain(names), [], seed="2").splits


def test_fraction_of_none():
    """A share of 0 gives a split no article, and a share of 1 all."""
    assert {"validation"} == set(
        assign(plain(f"{number}" for number in range(99)), [], fractions=(0, 1, 0)).splits.values()
    )


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
        assign(plain(["a"]), [], fractions=fractions)
