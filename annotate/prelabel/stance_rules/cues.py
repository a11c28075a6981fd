"""The lexicon of cues: which words say a stance, and what marks whom it is toward."""

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from annotate.prelabel.fold import fold
from annotate.prelabel.words import BREAK, Words

__all__ = ["Cue", "Grammar", "Lexicon", "Mention", "WordSet", "lexicon"]

_CLOSERS = " \n'\"’”)"
_STOPS = ("।", ".", "|", "!")
_VERB_REACH = 4  # words between a cue and its light verb, particles and adverbs included
_FAR_VERB_REACH = 9  # the same where the target stands between: श्रेय … को दिया
_CONDITION_REACH = 15  # words before a cue where an "if" makes it a mere case
_DENIAL_REACH = 2  # words from a negation to the कि behind it: नहीं लगता कि
_BLOCKER_REACH = 2  # words behind a cue without light verb that may take its force away


class WordSet:
    """A set of folded words; a word of it that ends in * holds every word that begins so."""

    def __init__(self, words: str) -> None:
        listed = words.split()
        self._whole = frozenset(fold(word) for word in listed if not word.endswith("*"))
        self._starts = tuple(_start(word) for word in listed if word.endswith("*"))

    def __contains__(self, word: str) -> bool:
        return word in self._whole or (bool(self._starts) and word.startswith(self._starts))

    def __bool__(self) -> bool:
        return bool(self._whole or self._starts)


def _start(word: str) -> str:
    """The beginning that a pattern in * stands for; folding shortens a long vowel at a word's end, so it goes."""
    return fold(word[:-1]).rstrip("ीिूु")


class Cue(NamedTuple):
    """A cue: its words, the stance it says, the markers of its target, the verbs it needs, as in the data file."""

    name: str
    words: tuple[str, ...]
    stance: str
    negated: str
    targets: tuple[str, ...]
    verbs: tuple[str, ...]
    headline: bool
    agent: bool
    named: bool
    asks: bool
    folk: bool
    score: float
    unless: WordSet = WordSet("")


class Mention(NamedTuple):
    """A cue as it stands in a sentence: words `first` to before `last`, the light verb included; what it says there."""

    cue: Cue
    first: int
    noun_last: int
    last: int
    stance: str


class Grammar(NamedTuple):
    """The function words that argument rules read, under the names that they have in the data file."""

    blockers: WordSet
    negators: WordSet
    reversers: WordSet
    agent: WordSet
    for_whom: WordSet
    toward: WordSet
    with_whom: WordSet
    in_front: WordSet
    passive: WordSet
    passive_verbs: WordSet
    done: WordSet
    behalf: WordSet
    genitive: WordSet
    possessor: WordSet
    against: WordSet
    cases: WordSet
    conjunction: WordSet
    that: WordSet
    relative: WordSet
    stops: WordSet
    finite: WordSet
    openers: WordSet
    group: WordSet
    members: WordSet
    state: WordSet
    people: WordSet
    speech: WordSet
    first_person: WordSet
    unnamed: WordSet
    conditional: WordSet
    doubt: WordSet
    strikes: WordSet
    pronouns: WordSet
    claims: WordSet
    statements: WordSet
    acts: WordSet
    bare_verb: WordSet
    infinitive: str
    purpose: WordSet
    ought: WordSet
    endings: frozenset[str]
    one: WordSet
    other: WordSet
    opponents: WordSet
    supporters: WordSet
    followers: WordSet
    named_things: WordSet
    calling: WordSet
    verdicts: WordSet
    copula: WordSet
    plain: WordSet
    habitual: WordSet
    member: WordSet
    unhesitating: WordSet
    maybe: WordSet
    his: WordSet
    whose: WordSet
    him: WordSet
    whom: WordSet
    that_one: WordSet
    which: WordSet
    singular: WordSet
    third_person: WordSet
    particles: WordSet
    deeds: WordSet
    reporting: WordSet
    sayings: WordSet
    according: WordSet
    speaking: WordSet
    participles: WordSet
    oblique: WordSet
    talk: WordSet
    inside: WordSet
    upon: WordSet
    turning: WordSet
    by_name: WordSet
    folk: WordSet


class Lexicon(NamedTuple):
    """All cues by how their first word begins, how long these beginnings are, and the function words."""

    cues: dict[str, list[Cue]]
    sizes: frozenset[int]
    grammar: Grammar

    def mentions(self, words: Words) -> Iterator[Mention]:
        """Yield the cues of a sentence that have their light verb and are not cancelled.

        A negated cue is yielded when its negation says a stance too. A cue in the last clause of a question says none.
        """
        asked = self._asked(words)
        for at, word in enumerate(words.fold):
            for size in self.sizes:
                if size <= len(word):
                    for cue in self.cues.get(word[:size], ()):
                        mention = self._mention(words, cue, at) if at < asked or cue.asks else None
                        if mention:
                            yield mention

    def _asked(self, words: Words) -> int:
        """Where the clause begins that a question mark closes; the number of words when none does."""
        count = len(words.fold)
        if not words.text.rstrip(_CLOSERS).endswith("?"):
            return count
        return next((at for at in range(count - 1, -1, -1) if words.gap[at] == BREAK), 0)

    def _mention(self, words: Words, cue: Cue, at: int) -> Mention | None:
        last = at + len(cue.words)
        if last > len(words.fold) or BREAK in words.gap[at + 1 : last]:
            return None
        if not all(_fits(word, pattern) for word, pattern in zip(words.fold[at:last], cue.words, strict=True)):
            return None
        verb = self._verb(words, cue, at, last)
        if verb is None or (at and words.fold[at - 1] in cue.unless):
            return None
        if self._supposed(words.fold, at):
            return None
        stance = cue.stance
        if any(word in self.grammar.negators for word in words.fold[last : verb + 2]) and "नहीं" not in cue.words:
            if not cue.negated:
                return None
            stance = cue.negated
        return None if self._unreal(words, cue, last, verb) else Mention(cue, at, last, verb, stance)

    def _supposed(self, fold: Sequence[str], at: int) -> bool:
        """Tell whether a clause before says that it may be or is not so: यदि …, ऐसा नहीं लगता कि …"""
        grammar, low = self.grammar, max(0, at - _CONDITION_REACH)
        if any(word in grammar.conditional for word in fold[low:at]):
            return True
        that = next((t for t in range(at - 1, low, -1) if fold[t] in grammar.that), 0)
        denied = next((n for n in range(max(1, that - _DENIAL_REACH), that) if fold[n] in grammar.negators), 0)
        return denied > 0 and fold[denied - 1] not in grammar.doubt  # इसमें शक नहीं कि … says that it is so

    def _unreal(self, words: Words, cue: Cue, last: int, verb: int) -> bool:
        """Tell an act that is only asked for, aimed at or owed from one that is done."""
        after = words.fold[verb : verb + 2]
        if verb > last or not cue.verbs:
            # हमला करने का आरोप, हमला करने के लिए
            infinitive = words.fold[verb - 1].endswith(self.grammar.infinitive)
            if infinitive and any(word in self.grammar.blockers or word in self.grammar.purpose for word in after):
                return True
        return "को" in cue.targets and any(word in self.grammar.ought for word in after)

    def _verb(self, words: Words, cue: Cue, first: int, last: int) -> int | None:
        """Where the cue ends with its light verb; None when it has none or something cancels it."""
        count = len(words.fold)
        reach = min(count, last + (_FAR_VERB_REACH if cue.verbs else _BLOCKER_REACH))
        marked = owned = False
        for at in range(last, reach):
            word = words.fold[at]
            if (words.gap[at] == BREAK and at > last) or word in self.grammar.that:
                break
            if cue.verbs and word.startswith(cue.verbs):
                # Beyond a few words the verb is another's, unless the target stands between.
                if (
                    (at < last + _VERB_REACH or marked)
                    and self._inflects(word, cue)
                    and not self._is_genitive(words, at)
                ):
                    return at + 1
            elif word in self.grammar.blockers or (owned and word in self.grammar.turning):
                return None
            owned = owned or (at == last and word in self.grammar.genitive)
            marked = marked or (word in cue.targets and word not in self.grammar.genitive)
        if not cue.verbs:
            return last
        if not cue.headline:
            return None
        # A sentence that ends without a verb is as good as a headline: X को विशेष धन्यवाद।
        headline = last < count and words.gap[last] == BREAK and not words.text.rstrip(_CLOSERS).endswith(_STOPS)
        return last if last == count or headline or self._is_owned(words, cue, first, last) else None

    def _is_owned(self, words: Words, cue: Cue, first: int, last: int) -> bool:
        """Tell whether a cue's noun stands without its verb but with whom it is of: X के खिलाफ Y के आरोपों पर …"""
        cases, genitive = self.grammar.cases, self.grammar.genitive
        owned = first > 0 and words.fold[first - 1] in genitive and "का" not in cue.targets
        return owned and words.gap[last] != BREAK and words.fold[last] in cases

    def _inflects(self, word: str, cue: Cue) -> bool:
        """Tell a form of one of the cue's verbs (लगाया) from a word that begins alike (लगातार)."""
        return any(
            word == verb or (word.startswith(verb) and word[len(verb) :] in self.grammar.endings) for verb in cue.verbs
        )

    def _is_genitive(self, words: Words, at: int) -> bool:
        """Tell the genitive "की" (हमले की साजिश) and "के लिए" from the verbs (आलोचना की है, वापस लिए)."""
        grammar, after = self.grammar, at + 1
        if words.fold[at] in grammar.for_whom and words.fold[at - 1] in grammar.genitive:
            return True
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
    infinitive, endings = grammar_data.pop("infinitive"), frozenset(grammar_data.pop("endings").split())
    sets = {name: WordSet(words) for name, words in grammar_data.items()}
    grammar = Grammar(infinitive=infinitive, endings=endings, **sets)
    return Lexicon(cues, frozenset(map(len, cues)), grammar)


def _cues(group: dict[str, Any]) -> list[Cue]:
    verbs = tuple(map(fold, group["verbs"].split()))
    unless = WordSet(group.get("unless", ""))
    return [
        Cue(
            name=group["name"],
            words=tuple(_start(word) + "*" if word.endswith("*") else fold(word) for word in line.split()),
            stance=group["stance"],
            negated=group.get("negated", ""),
            targets=tuple(group["target"].split()),
            verbs=verbs,
            headline=group.get("headline", False),
            agent=group.get("agent", False),
            named=group.get("named", False),
            asks=group.get("asks", False),
            folk=group.get("folk", False),
            score=group["score"],
            unless=unless,
        )
        for line in group["cues"].splitlines()
        if line.strip()
    ]
