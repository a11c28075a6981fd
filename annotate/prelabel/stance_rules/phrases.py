"""Noun phrases as the rules read them: the name in them, those joined to it, and the subject of a clause."""

from annotate.prelabel.lexicon import Trait
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.cues import WordSet

__all__ = ["is_person", "last_of", "named_phrase", "subject_of", "subjects", "trait_of", "with_coordinated"]

# How many words a rule looks back; what is farther away is too often something else.
_SUBJECT_REACH = 12
_CHAIN, _CLIMBS, _TITLES = 5, 3, 3
_TITLE_LIKE = Trait.TITLE | Trait.DEMONYM | Trait.MODIFIER
_PEOPLE = Trait.PERSON_NOUN | Trait.TITLE | Trait.INFLECTED
_ATTRIBUTIVE = _TITLE_LIKE | Trait.PLACE_HEAD | Trait.PERSON_NOUN


def named_phrase(reading: Reading, marker: int) -> list[int]:
    """The named heads of the noun phrase before a postposition, the genitive chain climbed to the name."""
    at = marker - 1
    for climb in range(_CLIMBS):
        if at < 0:
            return []
        entity = _named_at(reading, at)
        if entity is not None:
            return with_coordinated(reading, entity)
        if is_person(reading, at) or (climb == 0 and not _stands_for_owner(reading, at, marker)):
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
    if entity is None and word in grammar.state:
        # An adjective may stand between: न्यायमूर्ति राव की एकल पीठ ने.
        for of in (at - 1, at - 2):
            if of > 0 and entity is None and reading.fold[of] in grammar.genitive:
                entity = reading.entity_ending_at(of - 1)
    return entity


def _stands_for_owner(reading: Reading, at: int, marker: int) -> bool:
    """Tell whether praise or blame of the noun at word `at` counts for whom it belongs to."""
    word, grammar, fold = reading.fold[at], reading.grammar, reading.fold
    if word in grammar.claims:
        return False
    if word in grammar.acts:
        return True
    # What belongs to a person or body speaks for it, unless it is people; a place has too much in it.
    of = next((o for o in (at - 1, at - 2) if o > 0 and fold[o] in grammar.genitive), 0)
    owner = reading.entity_at[of - 1] if of else -1
    if owner >= 0 and reading.entities[owner].label != "LOC" and not trait_of(reading, at) & _PEOPLE:
        return True
    # After a bare genitive any noun may stand, but a plural oblique is mostly people.
    compound = marker + 1 < len(fold) and (fold[marker + 1] in grammar.against or fold[marker + 1] in grammar.for_whom)
    return fold[marker] in grammar.genitive and not compound and not trait_of(reading, at) & Trait.INFLECTED


def is_person(reading: Reading, at: int) -> bool:
    """Tell whether word `at` holds a person for their office: मंत्री, नेता."""
    return bool(trait_of(reading, at) & Trait.PERSON_NOUN)


def trait_of(reading: Reading, at: int) -> int:
    """What the word lists know of word `at`, as bits of `Trait`."""
    return reading.traits[at]


def _owner(reading: Reading, at: int) -> int | None:
    """The genitive that belongs to the noun at word `at`, a few adjectives or nouns between."""
    grammar = reading.grammar
    for before in range(at - 1, max(-1, at - 1 - _CHAIN), -1):
        word = reading.fold[before]
        if word in grammar.genitive:
            return before
        if (
            word in grammar.cases
            or word in grammar.relative
            or word in grammar.particles
            or reading.entity_at[before] >= 0
        ):
            return None
        if not reading.close(before + 1) and reading.mark_before(before + 1).strip("‘’“”\"'"):
            return None
    return None


def _joined_on_left(reading: Reading, at: int) -> list[int]:
    """A name that "और" joins to an unnamed head: पुतिन और रूसी नेतृत्व के फैसले."""
    for before in range(at, max(0, at - 4), -1):
        entity = reading.entity_ending_at(before - 1)
        if reading.fold[before] in reading.grammar.conjunction and entity is not None:
            return with_coordinated(reading, entity)
        if reading.fold[before] in reading.grammar.cases:
            break
    return []


def with_coordinated(reading: Reading, entity: int) -> list[int]:
    """The entity and those that "और" or commas join to it on its left, titles between skipped."""
    found = [entity]
    while True:
        at = reading.first[found[-1]]
        for _ in range(_TITLES):
            if _joint(reading, at) is not None or at == 0 or not trait_of(reading, at - 1) & _TITLE_LIKE:
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


def last_of(reading: Reading, kind: WordSet, start: int, end: int) -> int | None:
    """The last word of that kind behind word `start` and before word `end`."""
    return next((at for at in range(min(end, len(reading.fold)) - 1, start, -1) if reading.fold[at] in kind), None)


def subjects(reading: Reading, marker: int) -> list[int]:
    """The entities right before ने or द्वारा; a body also through its members as a group."""
    entity = _named_at(reading, marker - 1)
    if entity is None and marker > 2 and reading.fold[marker - 1] in reading.grammar.members:
        # A body through its members: X के विधायकों ने.
        body = reading.entity_ending_at(marker - 3) if reading.fold[marker - 2] in reading.grammar.genitive else None
        entity = body if body is not None and reading.entities[body].label == "ORG" else None
    return with_coordinated(reading, entity) if entity is not None else []


def _member(reading: Reading, entity: int, after: int, end: int) -> bool:
    """Tell whether members without a name stand for a body as the subject: लोकमंच के सांसद …"""
    fold, grammar = reading.fold, reading.grammar
    if reading.entities[entity].label != "ORG" or fold[after] not in grammar.genitive or after + 2 >= end:
        return False
    return (
        fold[after + 1] in grammar.member and reading.entity_at[after + 2] < 0 and fold[after + 2] not in grammar.cases
    )


def subject_of(reading: Reading, start: int, end: int) -> int | None:
    """The first entity of the clause without postposition, before word `end`: कांग्रेस … का विरोध कर रही है."""
    grammar = reading.grammar
    for at in range(start, min(start + _SUBJECT_REACH, end)):
        if reading.fold[at] in grammar.pronouns:
            return None
        entity = reading.entity_ending_at(at)
        if entity is None or reading.last[entity] != at + 1:
            continue
        after = at + 1
        if after < end and reading.close(after) and reading.fold[after] in grammar.group:
            after += 1
        if after >= end:
            return entity if after == end and end < len(reading.fold) and reading.close(end) else None
        if reading.fold[after] in grammar.conjunction or (reading.is_comma(after) and reading.entity_at[after] >= 0):
            continue
        if not reading.close(after):
            return None
        if reading.fold[after] in grammar.people or _member(reading, entity, after, end):
            return entity
        if (
            reading.fold[after] in grammar.cases
            or reading.fold[after] in grammar.passive
            or trait_of(reading, after) & _ATTRIBUTIVE
        ):
            continue
        # A name before a noun in a case belongs to it: सोलापुर जिले में.
        person = reading.entities[entity].label == "PER"
        own_phrase = bool(trait_of(reading, after) & Trait.INFLECTED)  # सपा बुजुर्गों की …
        noun = (
            not (person or own_phrase)
            and reading.entity_at[after] < 0
            and after + 1 < end
            and reading.fold[after + 1] in grammar.cases
        )
        if not noun:
            return entity
    return None
