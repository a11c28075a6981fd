"""Splits by where articles come from, or by when: all of one source in one split, or the newest in test."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from annotate.errors import DataError, Fault, Reason, UsageError
from annotate.release.duplicates import Pair
from annotate.release.splits import ARTICLE, FRACTIONS, SEED, SPLITS, Assignment, assign, check_fractions, parted
from annotate.release.stratify import Profile, spread

__all__ = ["DATE", "RULES", "SOURCE", "Origin", "assign_by", "date_of"]

SOURCE, DATE = "source", "date"
RULES = (ARTICLE, SOURCE, DATE)


class Origin(NamedTuple):
    """What is known of an article beside its text; None where nothing is."""

    source: str | None
    published: str | None


def assign_by(
    by: str,
    articles: Mapping[str, Profile],
    pairs: Iterable[Pair],
    origins: Mapping[str, Origin],
    *,
    seed: str = SEED,
    fractions: Sequence[float] = FRACTIONS,
    earlier: Mapping[str, str] | None = None,
    earlier_rule: Mapping[str, str] | None = None,
) -> Assignment:
    """Give every article a split by one of three rules.

    By article, see `assign`. By source, whole sources are spread so that labels get their shares; by date, the oldest
    articles go into train and the newest into test, cut between two days. Near-duplicates that this parts are
    resolved by leaving one out, the one in the split that is named first. Later releases keep to the sources and days
    of the first, and no article moves.

    Args:
        by: `article`, `source` or `date`.
        articles: what each holds, by its id.
        pairs: articles that may not be parted.
        origins: source and date by article id.
        seed: another seed spreads differently.
        fractions: shares of train, validation and test; by date, of the sentences.
        earlier: the split of every article of an earlier release.
        earlier_rule: the `rule` of that release's assignment.

    Raises:
        DataError: an article has no source, or no date; each is one fault.
        UsageError: the rule is not known, or the fractions are not three shares that sum to one.
    """
    check_fractions(fractions)
    pairs = list(pairs)
    if by == ARTICLE:
        return assign(articles, pairs, seed=seed, fractions=fractions, earlier=earlier)
    if by not in RULES:
        raise UsageError(f"split-by {by}: is none of {', '.join(RULES)}")
    known = {name: split for name, split in (earlier or {}).items() if name in articles}
    if by == SOURCE:
        rule = _by_source(articles, origins, seed, fractions, earlier_rule or {})
        placed = {name: known.get(name) or rule[origins[name].source or ""] for name in articles}
    else:
        days = _days(articles, origins)
        rule = dict(earlier_rule) if earlier_rule else _borders(articles, days, fractions)
        placed = {name: known.get(name) or _split_on(day, rule) for name, day in days.items()}
    left_out = _left_out(pairs, placed, known)
    kept = {name: split for name, split in sorted(placed.items()) if name not in left_out}
    together: dict[str, set[str]] = {}
    for pair in pairs:
        if pair.first in kept and pair.second in kept:
            group = together.get(pair.first, {pair.first}) | together.get(pair.second, {pair.second})
            together.update(dict.fromkeys(group, group))
    return Assignment(
        splits=kept,
        left_out=dict(sorted(left_out.items())),
        clusters=tuple(sorted({tuple(sorted(group)) for group in together.values()})),
        leaks=parted(pairs, kept),
        rule=dict(sorted(rule.items())),
    )


def date_of(published: str | None) -> str | None:
    """The day of a date or moment in ISO 8601, as it is written there; None when it is none."""
    try:
        return datetime.fromisoformat(published or "").date().isoformat()
    except ValueError:
        return None


def _by_source(
    articles: Mapping[str, Profile],
    origins: Mapping[str, Origin],
    seed: str,
    fractions: Sequence[float],
    earlier: Mapping[str, str],
) -> dict[str, str]:
    sources = _all(articles, origins, "source", lambda origin: origin.source)
    profiles: dict[str, Counter[str]] = {}
    there: dict[str, Counter[str]] = {}
    for name, source in sources.items():
        if source in earlier:
            there.setdefault(earlier[source], Counter()).update(articles[name])
        else:
            profiles.setdefault(source, Counter()).update(articles[name])
    return {**earlier, **spread(profiles, SPLITS, fractions, seed, there)}


def _days(articles: Mapping[str, Profile], origins: Mapping[str, Origin]) -> dict[str, str]:
    return _all(articles, origins, "published", lambda origin: date_of(origin.published))


def _all(
    articles: Mapping[str, Profile], origins: Mapping[str, Origin], field: str, get: Callable[[Origin], str | None]
) -> dict[str, str]:
    """What `get` finds of every article.

    Raises:
        DataError: it finds nothing for some.
    """
    found = {name: get(origins[name]) if name in origins else None for name in articles}
    faults = [
        Fault(
            "articles",
            0,
            name,
            Reason.MISSING_FIELD,
            f"{field} is needed for this split, and is {_what(origins, name, field)}",
        )
        for name, value in found.items()
        if not value
    ]
    if faults:
        raise DataError(faults)
    return {name: value for name, value in found.items() if value}


def _what(origins: Mapping[str, Origin], name: str, field: str) -> str:
    if name not in origins:
        return "unknown: the article is not among those given"
    said = getattr(origins[name], field)
    return f"{said!r}, which is no date in ISO 8601" if said else "not there"


def _borders(articles: Mapping[str, Profile], days: Mapping[str, str], fractions: Sequence[float]) -> dict[str, str]:
    """The first day of validation and of test: where the sentences before come nearest to the shares."""
    sentences: Counter[str] = Counter()
    for name, day in days.items():
        sentences[day] += articles[name].get("sentences", 1)
    ordered = sorted(sentences)
    before = [0, *accumulate(sentences[day] for day in ordered)]  # sentences before each day, and in all
    borders: dict[str, str] = {}
    at = 0
    for split, share in zip(SPLITS[1:], accumulate(fractions), strict=False):
        goal = share * before[-1]
        at = min(range(at, len(ordered) + 1), key=lambda i: abs(before[i] - goal))
        borders[split] = ordered[at] if at < len(ordered) else "9999-12-31"
    return borders


def _split_on(day: str, borders: Mapping[str, str]) -> str:
    if day >= borders[SPLITS[2]]:
        return SPLITS[2]
    return SPLITS[1] if day >= borders[SPLITS[1]] else SPLITS[0]


def _left_out(pairs: Iterable[Pair], placed: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """One article of each pair that stands in two splits: a newcomer, of two the one whose split is named first."""
    out: dict[str, str] = {}
    for pair in parted(pairs, placed):
        if pair.first in out or pair.second in out:
            continue
        new = [name for name in (pair.first, pair.second) if name not in known]
        if new:
            name = min(new, key=lambda it: (SPLITS.index(placed[it]), it))
            other = pair.second if name == pair.first else pair.first
            out[name] = f"near-duplicate of {other}, which is in {placed[other]}"
    return out
