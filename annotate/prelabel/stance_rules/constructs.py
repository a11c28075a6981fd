"""Stances without a cue verb: calling names, judging predicates, loaded nouns, compounds in -विरोधी and -समर्थक."""

from collections.abc import Iterator
from typing import NamedTuple

from annotate.labels import AGAINST, FAVOR
from annotate.prelabel.lexicon import Trait
from annotate.prelabel.stance_rules.antecedents import only_other
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.cues import Cue, Mention
from annotate.prelabel.stance_rules.holders import speakers, unsaid_actor
from annotate.prelabel.stance_rules.judgements import judgements
from annotate.prelabel.stance_rules.phrases import named_phrase, subject_of, subjects, trait_of

__all__ = ["Found", "constructs"]

_CALLED_REACH, _VERB_REACH, _LOADED_REACH, _DESCRIBED_REACH = 8, 3, 3, 3
_CALLING_REACH = 7  # words between a name that somebody is called and the verb: … और बेलगाम बताया
_NO_METAPHOR = Trait.TITLE | Trait.PERSON_NOUN | Trait.FUNCTION | Trait.PLACE_HEAD
_SCORES = {
    "calling": 0.75,
    "judgement": 0.5,
    "judgement-told": 0.68,
    "loaded": 0.62,
    "compound": 0.8,
    "deed": 0.62,
    "metaphor": 0.6,
}


class Found(NamedTuple):
    """A stance toward an entity, what says it, and who says it where that is known from speech."""

    mention: Mention
    target: int
    told_by: tuple[int, ...] | None  # None: look for a holder as for any cue


def constructs(reading: Reading) -> Iterator[Found]:
    """Yield the stances of a sentence that no cue with a case frame says."""
    yield from _compounds(reading)
    for at, word in enumerate(reading.fold):
        stance = _judging(word)
        if stance:
            yield from _calling(reading, at, stance)
            yield from _predicate(reading, at, stance)
            yield from _deed(reading, at, stance)
        else:
            yield from _metaphor(reading, at)
        if word in judgements().loaded:
            yield from _loaded(reading, at)


def _judging(word: str) -> str:
    words = judgements()
    return AGAINST if word in words.against else FAVOR if word in words.favor else ""


def _mention(name: str, stance: str, frame: str, first: int, last: int) -> Mention:
    cue = Cue(
        name=name,
        words=(),
        stance=stance,
        negated="",
        targets=(frame,),
        verbs=(),
        headline=False,
        agent=False,
        named=False,
        asks=False,
        folk=False,
        score=_SCORES[name],
    )
    return Mention(cue, first, first + 1, last, stance)


def _compounds(reading: Reading) -> Iterator[Found]:
    """A name right before विरोधी or समर्थक: भारत-विरोधी नारे."""
    grammar = reading.grammar
    for entity, last in enumerate(reading.last):
        if last >= len(reading.fold) or not reading.close(last):
            continue
        word = reading.fold[last]
        # A person is not a body, whose supporters act for it.
        backed = word in grammar.supporters or (word in grammar.followers and reading.entities[entity].label == "PER")
        stance = AGAINST if word in grammar.opponents else FAVOR if backed else ""
        after = reading.fold[last + 1] if last + 1 < len(reading.fold) else ""
        if stance and after not in grammar.named_things:
            yield Found(_mention("compound", stance, "-", last, last + 1), entity, _described(reading, last + 1))


def _described(reading: Reading, start: int) -> tuple[int, ...]:
    """Who is called so: X समर्थक नेता Y."""
    for at in range(start, min(start + _DESCRIBED_REACH, len(reading.fold))):
        if reading.fold[at] in reading.grammar.cases or not reading.close(at):
            break
        entity = reading.entity_ending_at(at)
        if entity is not None:
            return (entity,)
    return ()


def _calling(reading: Reading, at: int, stance: str) -> Iterator[Found]:
    """X को … बताया, X के फैसले को … करार दिया, and in headlines X को बताया …"""
    grammar, fold = reading.grammar, reading.fold
    start, end = reading.clause(at)
    verb = next((v for v in range(at + 1, min(end, at + 1 + _CALLING_REACH)) if fold[v] in grammar.calling), None)
    if verb is None and at + 1 == end and fold[at - 1] in grammar.calling:
        verb = at
    if verb is None or any(word in grammar.maybe for word in fold[at + 1 : verb + 4]):
        return
    unhesitating = any(word in grammar.unhesitating for word in fold[verb : verb + 4])
    if not unhesitating and any(word in grammar.negators for word in fold[at + 1 : verb + 4]):
        return
    marker = next((m for m in range(at - 1, max(start, at - _CALLED_REACH), -1) if fold[m] == "को"), None)
    if marker is None:
        return
    mention = _mention("calling", stance, "को", at, verb + 1)
    if fold[at] in grammar.verdicts and unsaid_actor(reading, mention):
        return
    for target in named_phrase(reading, marker):
        yield Found(mention, target, None)


def _metaphor(reading: Reading, at: int) -> Iterator[Found]:
    """X को पार्टी का दीमक बताया: who is called the something of something is mostly blamed."""
    grammar, fold = reading.grammar, reading.fold
    start, end = reading.clause(at)
    if at + 1 >= end or fold[at + 1] not in grammar.calling or fold[at] in grammar.plain or reading.entity_at[at] >= 0:
        return
    if trait_of(reading, at) & _NO_METAPHOR or fold[at].endswith(grammar.infinitive):
        return
    of = next((o for o in range(at - 1, max(start, at - _LOADED_REACH), -1) if fold[o] in grammar.genitive), None)
    if of is None:
        return
    marker = next((m for m in range(of - 1, max(start, of - _CALLED_REACH), -1) if fold[m] == "को"), None)
    if marker is None or any(_judging(word) for word in fold[marker:at]):
        return
    between = range(marker + 1, min(end, at + 3))
    if any(reading.entity_at[one] >= 0 or fold[one] in grammar.negators for one in between):
        return
    if any(word in grammar.habitual for word in fold[at + 2 : at + 4]):
        return
    for target in named_phrase(reading, marker):
        yield Found(_mention("metaphor", AGAINST, "को", at, at + 2), target, None)


def _predicate(reading: Reading, at: int, stance: str) -> Iterator[Found]:
    """X … है, X का फैसला … है; told, where somebody says it."""
    grammar, fold = reading.grammar, reading.fold
    start, end = reading.clause(at)
    verb = next((v for v in range(at + 1, min(end, at + 1 + _VERB_REACH)) if fold[v] in grammar.copula), None)
    if verb is None or any(word in grammar.negators for word in fold[start : verb + 2]):
        return
    if any(
        (word in grammar.cases and word not in grammar.genitive) or word in grammar.calling
        for word in fold[at + 1 : verb]
    ):
        return
    if any(word == "को" or word in grammar.agent for word in fold[start:at]):
        return
    target = subject_of(reading, start, at)
    if target is None:
        target = _owner_of_subject(reading, start, at)
    reported = reading.reported(start, end)
    if target is None and reported and _goes_on(reading, start):
        target = only_other(reading, start)
    if target is None:
        return
    told = tuple(speaker for speaker in speakers(reading, start, end) if speaker != target)
    if stance == FAVOR and not reported:
        return
    name = "judgement-told" if reported else "judgement"
    yield Found(_mention(name, stance, "-", at, verb + 1), target, told)


def _goes_on(reading: Reading, start: int) -> bool:
    """Tell whether a clause begins with a pronoun for somebody named before: … कि उनका बयान …"""
    grammar, words = reading.grammar, reading.fold[start : start + 3]
    return words[0] in grammar.third_person or (
        words[0] in grammar.his and any(word in grammar.acts for word in words[1:])
    )


def _deed(reading: Reading, at: int, stance: str) -> Iterator[Found]:
    """X ने सराहनीय कदम उठाए: the adjective judges who did it."""
    grammar, fold = reading.grammar, reading.fold
    if at + 1 >= len(fold) or fold[at + 1] not in grammar.deeds:
        return
    start, end = reading.clause(at)
    agent = next((n for n in range(at - 1, start, -1) if fold[n] in grammar.agent), None)
    if agent is None or not reading.reported(start, end) or any(word in grammar.negators for word in fold[at:end]):
        return
    for target in subjects(reading, agent):
        told = tuple(speaker for speaker in speakers(reading, start, end) if speaker != target)
        yield Found(_mention("deed", stance, "-", at, at + 2), target, told)


def _owner_of_subject(reading: Reading, start: int, end: int) -> int | None:
    """Whose act a clause begins with: X का बयान …"""
    grammar = reading.grammar
    for at in range(start, min(start + _CALLED_REACH, end)):
        entity = reading.entity_ending_at(at)
        if entity is None or reading.last[entity] != at + 1:
            continue
        after = at + 1
        if after < end and reading.fold[after] in grammar.group:
            after += 1
        if after >= end or reading.fold[after] not in grammar.genitive:
            return None
        owned = range(after + 1, min(after + 4, end))
        noun = next((n for n in owned if reading.fold[n] in grammar.acts), None)
        if noun is None or (noun + 1 < end and reading.fold[noun + 1] in grammar.cases):
            return None
        return entity
    return None


def _loaded(reading: Reading, at: int) -> Iterator[Found]:
    """X की नाकामी: the noun judges whom it belongs to."""
    grammar = reading.grammar
    for before in range(at - 1, max(-1, at - 1 - _LOADED_REACH), -1):
        if reading.fold[before] in grammar.genitive:
            for target in named_phrase(reading, before):
                yield Found(_mention("loaded", AGAINST, "का", at, at + 1), target, None)
            return
        if reading.entity_at[before] >= 0 or reading.fold[before] in grammar.cases or not reading.close(before + 1):
            return
