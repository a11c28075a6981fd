"""The model's finds and those of the rules, joined: rules know names that the training data does not have."""

from collections import Counter
from collections.abc import Iterator, Sequence

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.crf.model import Found
from annotate.prelabel.words import Words

__all__ = ["joined"]

# How likely the model must hold a word of a rule's find to be part of some name: once, and for a find that the
# article has several times. Measured on the development sets, where lower costs precision and higher costs recall.
_NAMED, _NAMED_AGAIN = 0.3, 0.01


def joined(
    read: Sequence[Words], found: Sequence[Found], ruled: Sequence[Sequence[Candidate]]
) -> Iterator[list[Candidate]]:
    """Yield for each sentence of an article what the model found, corrected and completed by the rules.

    A rule's find that holds shorter ones of the model takes their place unless the model is surer of one of them: the
    model cuts names in two that it never saw. So does a find of the same words that is surer of another type. A rule's
    find where the model has none is taken when the model does not rule a name out.

    Args:
        read: the sentences of one article.
        found: what the model found in each.
        ruled: what the rules found in each.
    """
    often: Counter[tuple[str, ...]] = Counter()
    for words, finds in zip(read, ruled, strict=True):
        often.update({words.fold[find.first : find.last] for find in finds})
    for words, seen, finds in zip(read, found, ruled, strict=True):
        kept = list(seen.finds)
        for find in finds:
            touched = [other for other in kept if other.first < find.last and find.first < other.last]
            if touched and (all(_within(other, find) for other in touched) or _retypes(touched, find)):
                kept = [other for other in kept if other not in touched]
                kept.append(find)
            elif not touched:
                least = _NAMED_AGAIN if often[words.fold[find.first : find.last]] > 1 else _NAMED
                share = max(seen.named[at] for at in range(find.first, find.last))
                if share >= least:
                    kept.append(find._replace(score=(share + find.score) / 2))
        yield sorted(kept)


def _within(other: Candidate, find: Candidate) -> bool:
    """Tell whether a find of the model is part of a longer one of the rules, and less sure."""
    inside = find.first <= other.first and other.last <= find.last
    return inside and other.last - other.first < find.last - find.first and other.score < find.score


def _retypes(touched: Sequence[Candidate], find: Candidate) -> bool:
    (other, *more) = touched
    same = not more and (other.first, other.last) == (find.first, find.last)
    return same and other.label != find.label and other.score < find.score
