"""The lexicon of cues: which words say a stance, and what marks whom it is toward."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from annotate.prelabel.fold import fold
from annotate.prelabel.words import BREAK, Words

__all__ = ["Cue", "Grammar", "Lexicon", "Mention", "WordSet", "lexicon"]

_CLOSERS = " \n'\"’”)"
_VERB_REACH = 4  # words between a cue and its light verb, particles and adverbs included


class WordSet:
    """A set of folded words; a word of it that ends in * holds every word that begins so."""

    def __init__(self, words: str) -> None:
        folded = [fold(word) for word in words.split()]
        self._whole = frozenset(word for word in folded if not word.endswith("*"))
        self._starts = tuple(word[:-1] for word in folded if word.endswith("*"))

    def __contains__(self, word: str) -> bool:
        return word in self._whole or (bool(self._starts) and word.startswith(self._starts))

    def __bool__(self) -> bool:
        return bool(self._whole or self._starts)


class Cue(NamedTuple):
    """A cue: its words, the stance it says, the marker of its target, the light verbs it needs."""

    words: tuple[str, ...]
    stance: str
    target: str
    verbs: tuple[str, ...]
    headline: bool
    score: float


class Mention(NamedTuple):
    """A cue as it stands in a sentence: words `first` to before `last`, the light verb included."""

    cue: Cue
    first: int
    noun_last: int
    last: int


class Grammar(NamedTuple):
    """The function words that argument rules read, under the names that they have in the data file."""

    blockers: WordSet
    negators: WordSet
    reversers: WordSet
    agent: WordSet
    for_whom: WordSet
    passive: WordSet
    genitive: WordSet
    against: WordSet
    cases: WordSet
    conjunction: WordSet
    that: WordSet
    relative: WordSet
    stops: WordSet
    finite: WordSet
    openers: WordSet
    group: WordSet
    state: WordSet
    speech: WordSet
    first_person: WordSet
    claims: WordSet
    acts: WordSet
    bare_verb: WordSet
    infinitive: str
    one: WordSet
    other: WordSet


class Lexicon(NamedTuple):
    """All cues by how their first word begins, how long these beginnings are, and the function words."""

    cues: dict[str, list[Cue]]
    sizes: frozenset[int]
    grammar: Grammar

    def mentions(self, words: Words) -> Iterator[Mention]:
        """Yield the cues of a sentence that have their light verb and are neither negated nor cancelled.

        A question says no stance: none is yielded.
        """
        if words.text.rstrip(_CLOSERS).endswith("?"):
            return
        for at, word in enumerate(words.fold):
            for size in self.sizes:
                if size <= len(word):
                    for cue in self.cues.get(word[:size], ()):
                        mention = self._mention(words, cue, at)
                        if mention:
                            yield mention

    def _mention(self, words: Words, cue: Cue, at: int) -> Mention | None:
        last = at + len(cue.words)
        if last > len(words.fold) or BREAK in words.gap[at + 1 : last]:
            return None
        if not all(_fits(word, pattern) for word, pattern in zip(words.fold[at:last], cue.words, strict=True)):
            return None
        verb = self._verb(words, cue, last)
        if verb is None or any(word in self.grammar.negators for word in words.fold[last : verb + 2]):
            return None
        # An act that is only asked for, planned or alleged: हमला करने का आरोप.
        infinitive = verb > last and words.fold[verb - 1].endswith(self.grammar.infinitive)
        if infinitive and any(word in self.grammar.blockers for word in words.fold[verb : verb + 2]):
            return None
        return Mention(cue, at, last, verb)

    def _verb(self, words: Words, cue: Cue, last: int) -> int | None:
        """Where the cue ends with its light verb; None when it has none or something cancels it."""
        reach = min(len(words.fold), last + _VERB_REACH)
        for at in range(last, reach):
            word = words.fold[at]
            if words.gap[at] == BREAK and at > last:
                break
            if word in self.grammar.blockers and not (cue.verbs and word.startswith(cue.verbs)):
                return None
            if cue.verbs and word.startswith(cue.verbs) and not self._is_genitive(words, at):
                return at + 1
        if not cue.verbs:
            return last
        return last if cue.headline and last == len(words.fold) else None

    def _is_genitive(self, words: Words, at: int) -> bool:
        """Tell the genitive "की" (हमले की साजिश) from the verb (आलोचना की है)."""
        grammar, after = self.grammar, at + 1
        if words.fold[at] not in grammar.bare_verb or after == len(words.fold) or words.gap[after] == BREAK:
            return False
        word = words.fold[after]
        return word not in grammar.finite and word not in grammar.conjunction and word not in grammar.that


def _fits(word: str, pattern: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


@cache
def lexicon() -> Lexicon:
    """Read the cues; once per process."""
    data: dict[str, Any] = tomllib.loads((files("annotate.prelabel.stance_rules") / "cues.toml").read_text("utf-8"))
    cues: dict[str, list[Cue]] = {}
    for group in data["group"]:
        for cue in _cues(group):
            cues.setdefault(cue.words[0].removesuffix("*"), []).append(cue)
    for same in cues.values():
        same.sort(key=lambda cue: -len(cue.words))
    grammar_data = data["grammar"]
    infinitive = grammar_data.pop("infinitive")
    grammar = Grammar(infinitive=infinitive, **{name: WordSet(words) for name, words in grammar_data.items()})
    return Lexicon(cues, frozenset(map(len, cues)), grammar)


def _cues(group: dict[str, Any]) -> list[Cue]:
    verbs = tuple(map(fold, group["verbs"].split()))
    headline, score = group.get("headline", False), group["score"]
    return [
        Cue(tuple(map(fold, line.split())), group["stance"], group["target"], verbs, headline, score)
        for line in group["cues"].splitlines()
        if line.strip()
    ]
