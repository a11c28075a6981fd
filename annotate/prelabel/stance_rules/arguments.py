"""Whom a stance is toward and who holds it, read from postpositions, coordination and quotation."""

from collections.abc import Iterator
from typing import NamedTuple

from annotate.prelabel.lexicon import Trait
from annotate.prelabel.stance_rules.clause import LONGEST_CLAUSE, Reading
from annotate.prelabel.stance_rules.cues import Mention, WordSet

__all__ = ["Target", "holders", "reciprocal", "targets"]

# How many words a rule looks back; what is farther away is too often something else.
_MARKER_REACH, _GENITIVE_REACH, _CURB_REACH, _SUBJECT_REACH, _ACCUSED_REACH = 18, 5, 6, 12, 4
_CHAIN, _CLIMBS, _TITLES = 5, 3, 3
_TITLE_LIKE = Trait.TITLE | Trait.DEMONYM | Trait.MODIFIER


class Target(NamedTuple):
    """An entity that a stance is toward; `turned` when it is the one that the named act curbs."""

    entity: int
    turned: bool


def targets(reading: Reading, mention: Mention) -> list[Target]:
    """Find the entities that the cue's case frame names as target, none when in doubt."""
    if mention.cue.target in _FRAMES:
        return [Target(entity, False) for entity in _FRAMES[mention.cue.target](reading, mention)]
    marker = _marker(reading, mention)
    if marker is None:
        return []
    curbed = _curbed(reading, marker) if mention.cue.target == "का" else None
    if curbed is not None:
        return [Target(entity, True) for entity in curbed]
    return [Target(entity, False) for entity in _phrase(reading, marker)]


def holders(reading: Reading, mention: Mention, target: int) -> list[int]:
    """Find the entities that hold the stance; empty when it is a pronoun, a bare noun or unsaid."""
    grammar = reading.grammar
    start, end = reading.clause(mention.first)
    if mention.cue.target == "ने":
        return _reporter(reading, start)
    for kind, low, high in (
        (grammar.agent, start, mention.last),
        (grammar.agent, mention.last, end),
        (grammar.passive, start, mention.first),
    ):
        marker = _last(reading, kind, low, high)
        if marker is not None:
            return _subject(reading, marker)
    subject = _nominative(reading, start, reading.first[target])
    if subject is not None:
        return [subject]
    return _carried(reading, start) or _speaker(reading, start, end)


def reciprocal(reading: Reading, mention: Mention) -> list[int]:
    """Find those who say or do it to one another: X और Y ने एक-दूसरे पर आरोप लगाए; fewer than two is none."""
    start, _ = reading.clause(mention.first)
    low = max(start, mention.first - _MARKER_REACH)
    each_other = any(
        reading.fold[at] in reading.grammar.other and reading.fold[at - 1] in reading.grammar.one
        for at in range(low + 1, mention.first)
    )
    if not each_other:
        return []
    agent = _last(reading, reading.grammar.agent, start, mention.last)
    return _subject(reading, agent) if agent is not None else []


def _marker(reading: Reading, mention: Mention) -> int | None:
    """The word that marks the target, before the cue and in its clause."""
    start, _ = reading.clause(mention.first)
    if mention.cue.target == "का":
        return _genitive_before(reading, start, mention.first)
    for at in range(mention.first - 1, max(start, mention.first - _MARKER_REACH), -1):
        if mention.cue.target == "खिलाफ":
            if reading.fold[at] in reading.grammar.against and reading.fold[at - 1] in reading.grammar.genitive:
                return at - 1
        elif mention.cue.target == "लिए":
            if reading.fold[at] in reading.grammar.for_whom and reading.fold[at - 1] in reading.grammar.genitive:
                return at - 1
        elif reading.fold[at] == mention.cue.target and _phrase(reading, at):
            return at
    return None


def _genitive_before(reading: Reading, start: int, cue: int) -> int | None:
    for at in range(cue - 1, max(start, cue - _GENITIVE_REACH) - 1, -1):
        if reading.fold[at] in reading.grammar.genitive:
            return at
        if reading.fold[at] in reading.grammar.stops or reading.entity_at[at] >= 0 or _is_person(reading, at):
            return None
    return None


def _accused(reading: Reading, mention: Mention) -> list[int]:
    """Whom the clause after "कि" speaks of: आरोप लगाया कि X …"""
    _, end = reading.clause(mention.first)
    if end >= len(reading.fold) or reading.fold[end - 1] not in reading.grammar.that:
        return []
    for at in range(end, min(end + _ACCUSED_REACH, len(reading.fold))):
        entity = reading.entity_ending_at(at)
        if entity is not None:
            after = reading.last[entity]
            if after < len(reading.fold) and reading.fold[after] in reading.grammar.group:
                after += 1
            following = reading.fold[after] if after < len(reading.fold) and reading.close(after) else ""
            acts = following in reading.grammar.agent or following not in reading.grammar.cases
            return [entity] if acts and not (following and _trait(reading, after) & _TITLE_LIKE) else []
    return []


def _just_before(reading: Reading, mention: Mention) -> list[int]:
    """The entity right before the cue: … निशाने पर."""
    entity = reading.entity_ending_at(mention.first - 1)
    return [] if entity is None or not reading.close(mention.first) else _with_coordinated(reading, entity)


def _doer(reading: Reading, mention: Mention) -> list[int]:
    """Who does the blamed deed, in reported speech only, where it is somebody's judgement."""
    start, _ = reading.clause(mention.first)
    if not start or reading.fold[start - 1] not in reading.grammar.that:
        return []
    agent = _last(reading, reading.grammar.agent, start, mention.first)
    if agent is not None:
        return _subject(reading, agent)
    subject = _nominative(reading, start, mention.first)
    return [] if subject is None else [subject]


_FRAMES = {"कि": _accused, "-": _just_before, "ने": _doer}


def _phrase(reading: Reading, marker: int) -> list[int]:
    """The named heads of the noun phrase before a postposition, the genitive chain climbed to the name."""
    at = marker - 1
    for climb in range(_CLIMBS):
        if at < 0:
            return []
        entity = _named_at(reading, at)
        if entity is not None:
            return _with_coordinated(reading, entity)
        if _is_person(reading, at) or (climb == 0 and not _stands_for_owner(reading, at, marker)):
            return []
        owner = _owner(reading, at)
        if owner is None:
            return _joined_on_left(reading, at) if climb else []
        at = owner - 1
    return []


def _named_at(reading: Reading, at: int) -> int | None:
    """The entity that ends at word `at`, a word like सरकार or जी between allowed."""
    grammar, word = reading.grammar, reading.fold[at]
    entity = reading.entity_ending_at(at)
    if entity is None and word in grammar.group and reading.close(at):
        entity = reading.entity_ending_at(at - 1)
    if entity is None and word in grammar.state and at > 0 and reading.fold[at - 1] in grammar.genitive:
        entity = reading.entity_ending_at(at - 2)
    return entity


def _stands_for_owner(reading: Reading, at: int, marker: int) -> bool:
    """Tell whether praise or blame of the noun at word `at` counts for whom it belongs to."""
    word, grammar, fold = reading.fold[at], reading.grammar, reading.fold
    if word in grammar.claims:
        return False
    if word in grammar.acts:
        return True
    # After a bare genitive any noun may stand, but a plural oblique is mostly people.
    compound = marker + 1 < len(fold) and (fold[marker + 1] in grammar.against or fold[marker + 1] in grammar.for_whom)
    return fold[marker] in grammar.genitive and not compound and not _trait(reading, at) & Trait.INFLECTED


def _is_person(reading: Reading, at: int) -> bool:
    return bool(_trait(reading, at) & Trait.PERSON_NOUN)


def _trait(reading: Reading, at: int) -> int:
    return reading.traits[at]


def _owner(reading: Reading, at: int) -> int | None:
    """The genitive that belongs to the noun at word `at`, a few adjectives or nouns between."""
    grammar = reading.grammar
    for before in range(at - 1, max(-1, at - 1 - _CHAIN), -1):
        word = reading.fold[before]
        if word in grammar.genitive:
            return before
        if word in grammar.cases or word in grammar.relative or reading.entity_at[before] >= 0:
            return None
        if not reading.close(before + 1) and reading.mark_before(before + 1).strip("‘’“”\"'"):
            return None
    return None


def _joined_on_left(reading: Reading, at: int) -> list[int]:
    """A name that "और" joins to an unnamed head: पुतिन और रूसी नेतृत्व के फैसले."""
    for before in range(at, max(0, at - 4), -1):
        entity = reading.entity_ending_at(before - 1)
        if reading.fold[before] in reading.grammar.conjunction and entity is not None:
            return _with_coordinated(reading, entity)
        if reading.fold[before] in reading.grammar.cases:
            break
    return []


def _with_coordinated(reading: Reading, entity: int) -> list[int]:
    """The entity and those that "और" or commas join to it on its left, titles between skipped."""
    found = [entity]
    while True:
        at = reading.first[found[-1]]
        for _ in range(_TITLES):
            if _joint(reading, at) is not None or at == 0 or not _trait(reading, at - 1) & _TITLE_LIKE:
                break
            at -= 1
        joined = _joint(reading, at)
        if joined is None or joined in found:
            return found
        found.append(joined)


def _joint(reading: Reading, at: int) -> int | None:
    """The entity that a comma or "और" right before word `at` joins to it."""
    if reading.is_comma(at):
        return reading.entity_ending_at(at - 1)
    if reading.close(at) and reading.fold[at - 1] in reading.grammar.conjunction:
        return reading.entity_ending_at(at - 2)
    return None


def _curbed(reading: Reading, marker: int) -> list[int] | None:
    """Whom the act curbs that is supported or opposed: X के खिलाफ कार्रवाई का समर्थन; None when it is no such act."""
    act = marker - 1
    if act < 1 or reading.fold[act] not in reading.grammar.reversers:
        return None
    for at in range(act - 1, max(0, act - _CURB_REACH), -1):
        if reading.fold[at] == "पर":
            return _phrase(reading, at)
        if reading.fold[at] in reading.grammar.against:
            return _phrase(reading, at - 1)
    return None


def _last(reading: Reading, kind: WordSet, start: int, end: int) -> int | None:
    return next((at for at in range(min(end, len(reading.fold)) - 1, start, -1) if reading.fold[at] in kind), None)


def _subject(reading: Reading, marker: int) -> list[int]:
    """The entities right before ने or द्वारा; a body also through its members as a group."""
    entity = _named_at(reading, marker - 1)
    return _with_coordinated(reading, entity) if entity is not None else []


def _nominative(reading: Reading, start: int, target_first: int) -> int | None:
    """The first entity of the clause without postposition, before the target: कांग्रेस … का विरोध कर रही है."""
    for at in range(start, min(start + _SUBJECT_REACH, target_first)):
        entity = reading.entity_ending_at(at)
        if entity is None or reading.last[entity] != at + 1:
            continue
        after = at + 1
        if after < target_first and reading.close(after) and reading.fold[after] in reading.grammar.group:
            after += 1
        if not reading.close(after) or reading.fold[after] in reading.grammar.conjunction:
            return None
        attributive = after < target_first and _trait(reading, after) & _TITLE_LIKE
        if reading.fold[after] not in reading.grammar.cases and not attributive:
            return entity
    return None


def _carried(reading: Reading, start: int) -> list[int]:
    """The agent of the clause before, where "और" or a comma goes on with the same subject."""
    grammar = reading.grammar
    if not start or not (reading.fold[start] in grammar.conjunction or reading.is_comma(start)):
        return []
    for at in range(start - 1, max(0, start - LONGEST_CLAUSE), -1):
        if reading.fold[at] in grammar.that or reading.fold[at] in grammar.openers:
            return []
        if reading.fold[at] in grammar.agent:
            return _subject(reading, at)
    return []


def _reporter(reading: Reading, start: int) -> list[int]:
    """Who says what stands from word `start` on: the agent before "कि"."""
    agent = _last(reading, reading.grammar.agent, max(0, start - LONGEST_CLAUSE), start)
    return [] if agent is None else _subject(reading, agent)


def _speaker(reading: Reading, start: int, end: int) -> list[int]:
    """Who says the clause, where it speaks of हम or मैं: X ने कहा कि हम …"""
    if not any(word in reading.grammar.first_person for word in reading.fold[start:end]):
        return []
    return next((_subject(reading, at) for at in _speech_agents(reading, start, end)), [])


def _speech_agents(reading: Reading, start: int, end: int) -> Iterator[int]:
    for at in range(max(1, start - LONGEST_CLAUSE), min(len(reading.fold), end + LONGEST_CLAUSE)):
        if reading.fold[at] not in reading.grammar.agent or start <= at < end:
            continue
        if any(word in reading.grammar.speech for word in reading.fold[at : reading.clause(at)[1]]):
            yield at
