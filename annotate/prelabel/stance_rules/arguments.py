"""Whom a stance is toward, read from the case frame of its cue."""

from typing import NamedTuple

from annotate.labels import FAVOR
from annotate.prelabel.lexicon import Trait
from annotate.prelabel.stance_rules.antecedents import antecedent
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.cues import Mention
from annotate.prelabel.stance_rules.phrases import (
    is_person,
    last_of,
    named_phrase,
    speaks_for,
    subject_of,
    subjects,
    trait_of,
    with_coordinated,
)

__all__ = ["Target", "reciprocal", "targets"]

# How many words a rule looks back; what is farther away is too often something else.
_MARKER_REACH, _GENITIVE_REACH, _CURB_REACH, _ACCUSED_REACH = 30, 5, 6, 4
_NEAR_MARKER_REACH = 10
_AGENT_REACH = 7  # words of an agent between a possessor and the cue
_MASCULINE = "का"  # as समर्थन and विरोध are; "की" rather belongs to the next name
_TITLE_LIKE = Trait.TITLE | Trait.DEMONYM | Trait.MODIFIER


class Target(NamedTuple):
    """An entity that a stance is toward; `turned` when it is the one that the named act curbs."""

    entity: int
    turned: bool


def targets(reading: Reading, mention: Mention) -> list[Target]:
    """Find the entities that the cue's case frame names as target, none when in doubt."""
    for kind in mention.cue.targets:
        if kind in _FRAMES:
            found = [Target(entity, False) for entity in _FRAMES[kind](reading, mention)]
        else:
            found = _marked(reading, mention, kind)
        if found:
            return found
    return []


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
    agent = last_of(reading, reading.grammar.agent, start, mention.last)
    if agent is not None:
        return _both(reading, start, subjects(reading, agent))
    subject = next((at for at in range(low, mention.first) if reading.entity_at[at] >= 0), None)
    last = next((at for at in range(mention.first - 1, low, -1) if reading.entity_at[at] >= 0), None)
    return [] if subject is None or last is None else with_coordinated(reading, reading.entity_at[last])


def _both(reading: Reading, start: int, parties: list[int]) -> list[int]:
    """The parties and those that "और" joins to them over a long title: X और Y की अध्यक्ष Z ने."""
    if len(parties) != 1:
        return parties
    for at in range(reading.first[parties[0]] - 1, start, -1):
        other = reading.entity_ending_at(at - 1)
        if reading.fold[at] in reading.grammar.conjunction and other is not None:
            return [*parties, *with_coordinated(reading, other)]
    return parties


def _marked(reading: Reading, mention: Mention, kind: str) -> list[Target]:
    marker = _marker(reading, mention, kind)
    if marker is None:
        referred = antecedent(reading, mention, kind)
        return [] if referred is None else [Target(referred, False)]
    doer = _nominalised(reading, marker) if kind == "का" else []
    if doer:
        return [Target(entity, False) for entity in doer]
    curbed = _curbed(reading, marker) if kind == "का" else None
    if curbed is not None:
        # Support of a curb is against whom it curbs; blame of a curb says nothing sure about anybody.
        return [Target(entity, True) for entity in curbed] if mention.cue.stance == FAVOR else []
    found = named_phrase(reading, marker, folk=mention.cue.folk) or (
        _place_of(reading, marker) if kind == "सामने" else []
    )
    return [Target(entity, False) for entity in found if kind != "सामने" or reading.entities[entity].label != "LOC"]


def _nominalised(reading: Reading, marker: int) -> list[int]:
    """Who does what is blamed or praised: X द्वारा … चुने जाने की निंदा."""
    if not reading.fold[marker - 1].endswith(reading.grammar.infinitive):
        return []
    start, _ = reading.clause(marker)
    passive = last_of(reading, reading.grammar.passive, start, marker)
    return subjects(reading, passive) if passive is not None else []


def _place_of(reading: Reading, marker: int) -> list[int]:
    """Whose place it is: X के दफ्तर के सामने."""
    return subjects(reading, marker - 2) if marker > 2 and reading.fold[marker - 2] in reading.grammar.genitive else []


def _marker(reading: Reading, mention: Mention, kind: str) -> int | None:
    """The word that marks the target, before the cue and in its clause."""
    start, _ = reading.clause(mention.first)
    if kind == "का":
        return _genitive_before(reading, start, mention.first)
    grammar, fold = reading.grammar, reading.fold
    compound = {
        "खिलाफ": grammar.against,
        "लिए": grammar.for_whom,
        "प्रति": grammar.toward,
        "साथ": grammar.with_whom,
        "सामने": grammar.in_front,
    }.get(kind)
    # "से" marks so much else that it counts only when it is near.
    reach = _NEAR_MARKER_REACH if kind == "से" else _MARKER_REACH
    for at in range(mention.first - 1, max(start, mention.first - reach), -1):
        if compound is not None:
            if fold[at] in compound and fold[at - 1] in grammar.genitive:
                return at - 1
        elif kind == "पर" and at + 1 < mention.first and fold[at + 1] in grammar.strikes:
            continue
        elif fold[at] == kind and named_phrase(reading, at, folk=mention.cue.folk):
            return at
        elif kind == "पर" and fold[at] in grammar.upon and fold[at - 1] in grammar.genitive:
            return at - 1
    between = range(mention.noun_last + 1, mention.last - 1) if compound is None else ()
    return next((at for at in between if fold[at] == kind and named_phrase(reading, at)), None)


def _genitive_before(reading: Reading, start: int, cue: int) -> int | None:
    """The genitive that the cue's noun belongs to; where, why and by whom may stand between."""
    grammar, fold = reading.grammar, reading.fold
    at, low = cue - 1, max(start, cue - _GENITIVE_REACH)
    while at >= low:
        word = fold[at]
        if word in grammar.for_whom and at > 0 and fold[at - 1] in grammar.genitive:
            # A reason between: X की इस बात के लिए आलोचना.
            at, low = at - 2, max(start, at - _GENITIVE_REACH)
            continue
        if word in grammar.genitive:
            return at
        if word in grammar.agent or word in grammar.passive:
            return _before_agent(reading, start, at)
        entity = reading.entity_at[at]
        if entity >= 0 and at + 1 < cue and fold[at + 1] in grammar.inside:
            # A place between: X की दिल्ली में आलोचना.
            at, low = reading.first[entity] - 1, max(start, reading.first[entity] - _GENITIVE_REACH)
            continue
        if entity >= 0 and at + 1 == cue:
            return _before_subject(reading, start, entity)
        if word in grammar.stops or entity >= 0 or is_person(reading, at):
            return None
        at -= 1
    return None


def _before_subject(reading: Reading, start: int, entity: int) -> int | None:
    """The genitive of a possessor before an actor without postposition: X का Y विरोध कर रहे हैं."""
    at = reading.first[with_coordinated(reading, entity)[-1]] - 1
    return at if at > start and reading.fold[at] == _MASCULINE and named_phrase(reading, at) else None


def _before_agent(reading: Reading, start: int, agent: int) -> int | None:
    """The genitive of a possessor that stands before the agent: X की Y ने तारीफ की. "के" belongs to the agent itself."""
    for at in range(agent - 1, max(start, agent - _AGENT_REACH), -1):
        if reading.entity_at[agent - 1] >= 0 and trait_of(reading, at) & (Trait.TITLE | Trait.PERSON_NOUN):
            return None  # the possessor may be the agent's own: पाकिस्तान की मंत्री रहमान ने
        if reading.fold[at] in reading.grammar.possessor and (named_phrase(reading, at) or _nominalised(reading, at)):
            return at
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
            if speaks_for(reading, entity, after):
                return [entity]
            following = reading.fold[after] if after < len(reading.fold) and reading.close(after) else ""
            acts = following in reading.grammar.agent or following not in reading.grammar.cases
            return [entity] if acts and not (following and trait_of(reading, after) & _TITLE_LIKE) else []
    return []


def _just_before(reading: Reading, mention: Mention) -> list[int]:
    """The entity right before the cue: … निशाने पर."""
    entity = reading.entity_ending_at(mention.first - 1)
    return [] if entity is None or not reading.close(mention.first) else with_coordinated(reading, entity)


def _doer(reading: Reading, mention: Mention) -> list[int]:
    """Who does the blamed deed, in reported speech only, where it is somebody's judgement."""
    start, end = reading.clause(mention.first)
    if not (reading.reported(start, end) or mention.cue.asks):
        return []
    agent = last_of(reading, reading.grammar.agent, start, mention.first)
    if agent is not None:
        return named_phrase(reading, agent)
    subject = subject_of(reading, start, mention.first)
    return [] if subject is None else with_coordinated(reading, subject)


def _curbed(reading: Reading, marker: int) -> list[int] | None:
    """Whom the act curbs that is supported or opposed: X के खिलाफ कार्रवाई का समर्थन; None when it is no such act."""
    act = marker - 1
    if act < 1 or reading.fold[act] not in reading.grammar.reversers:
        return None
    for at in range(act - 1, max(0, act - _CURB_REACH), -1):
        if reading.fold[at] == "पर":
            return named_phrase(reading, at)
        if reading.fold[at] in reading.grammar.against:
            return named_phrase(reading, at - 1)
    return None


def _subject(reading: Reading, mention: Mention) -> list[int]:
    """Whom the clause is about, who acts or suffers: X ने दिल जीता, X … के निशाने पर हैं."""
    start, _ = reading.clause(mention.first)
    agent = last_of(reading, reading.grammar.agent, start, mention.first)
    if agent is not None:
        return subjects(reading, agent)
    subject = subject_of(reading, start, mention.first)
    return [] if subject is None else with_coordinated(reading, subject)


_FRAMES = {"कि": _accused, "-": _just_before, "ने": _doer, "=": _subject}
