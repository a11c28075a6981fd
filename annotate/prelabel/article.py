"""Consistency through an article: a name found surely in one sentence is found in the others, and so are its parts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from annotate.prelabel.candidates import Candidate, settle
from annotate.prelabel.lexicon import Trait, lexicon
from annotate.prelabel.words import DOT, QUOTE, Words

__all__ = ["spread"]

_SURE = 0.6
_PART_SCORE, _CONFIRMED_PART_SCORE = 0.8, 0.65
_NO_PART = Trait.FUNCTION | Trait.DEMONYM | Trait.TITLE | Trait.PERSON_NOUN
_WEAK_PART = Trait.ORDINARY | Trait.MODIFIER


def spread(read: Sequence[Words], found: Sequence[Sequence[Candidate]]) -> list[list[Candidate]]:
    """Find the sure names of an article, and the parts of its people's names, in every sentence of it.

    A part that is also an ordinary word (उन, विकास, आशा) counts only right before ने. A name that stands under two
    types keeps the one with the clearly stronger evidence. The order of the sentences makes no difference.

    Args:
        read: the sentences of one article.
        found: what was found in each of them.

    Returns:
        As many lists as sentences; finds sorted and disjoint.
    """
    labels = _labels(read, found)
    parts = _parts(labels)
    longest: dict[str, int] = {}
    for key in (*labels, *parts):
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    spread_out = []
    for words, finds in zip(read, found, strict=True):
        more = _again(words, labels, parts, longest)
        kept = settle([*finds, *more])
        spread_out.append([_retyped(words, find, labels) for find in kept])
    return spread_out


def _labels(read: Sequence[Words], found: Sequence[Sequence[Candidate]]) -> dict[tuple[str, ...], tuple[str, float]]:
    """The type of each sure name of the article: the one whose finds have the highest scores in sum."""
    votes: defaultdict[tuple[str, ...], defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    best: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for words, finds in zip(read, found, strict=True):
        for find in finds:
            key = words.fold[find.first : find.last]
            votes[key][find.label] += find.score
            best[key] = max(best[key], find.score)
    return {
        key: (max(sorted(by_label), key=by_label.__getitem__), best[key])
        for key, by_label in votes.items()
        if best[key] >= _SURE
    }


def _parts(labels: dict[tuple[str, ...], tuple[str, float]]) -> dict[tuple[str, ...], bool]:
    """Beginnings and ends of people's full names; true for those that are no ordinary words."""
    known = lexicon()
    parts: dict[tuple[str, ...], bool] = {}
    for key, (label, _) in labels.items():
        if label != "PER":
            continue
        traits = known.traits(key)
        foreign = not any(trait & Trait.NAME for trait in traits)
        for size in range(1, len(key)):
            for part, trait in ((key[:size], traits[0]), (key[-size:], traits[-size])):
                if part in labels or len(part[0]) == 1 or (size == 1 and trait & (_NO_PART | Trait.INITIAL)):
                    continue
                # What stands before a known name may be a trade or a thing that the run took in.
                if part == key[:size] and not (trait & Trait.NAME or foreign or key in known.names):
                    continue
                parts[part] = size > 1 or not trait & _WEAK_PART
    return parts


def _again(
    words: Words,
    labels: dict[tuple[str, ...], tuple[str, float]],
    parts: dict[tuple[str, ...], bool],
    longest: dict[str, int],
) -> Iterator[Candidate]:
    folds, gaps, count = words.fold, words.gap, len(words.fold)
    for first in [at for at, word in enumerate(folds) if word in longest]:
        reach = longest[folds[first]]
        for last in range(min(count, first + reach), first, -1):
            key = folds[first:last]
            if last > first + 1 and max(gaps[first + 1 : last]) >= QUOTE:
                continue
            if key in labels:
                label, score = labels[key]
                yield Candidate(first, last, label, round(score * 0.95, 3), "rules:article-name")
                break
            if key not in parts or (first and gaps[first] == DOT):
                continue
            if parts[key] or (last < count and _is_agent(folds[last])):
                score = _PART_SCORE if parts[key] else _CONFIRMED_PART_SCORE
                yield Candidate(first, last, "PER", score, "rules:article-part")
                break


def _is_agent(word: str) -> bool:
    (trait,) = lexicon().traits((word,))
    return bool(trait & Trait.AGENT)


def _retyped(words: Words, find: Candidate, labels: dict[tuple[str, ...], tuple[str, float]]) -> Candidate:
    label, _ = labels.get(words.fold[find.first : find.last], (find.label, 0.0))
    return find if label == find.label else find._replace(label=label, source="rules:article-type")
