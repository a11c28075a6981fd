"""Noun phrases as the rules read them: the name in them, those joined to it, and the subject of a clause."""

from collections.abc import Iterator

from annotate.prelabel.lexicon import Trait
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.cues import WordSet

__all__ = [
    "is_person",
    "last_of",
    "named_phrase",
    "speaks_for",
    "subject_of",
    "subjects",
    "trait_of",
    "with_coordinated",
]

# How many words a rule looks back; what is farther away is too often something else.
_SUBJECT_REACH = 12
_CHAIN, _CLIMBS, _DESCRIBED = 5, 3, 6
_PARTICIPLE, _COMPOUND, _JOINED, _BRACKETS, _CALLED = 8, 4, 5, 8, 6
_TITLE_LIKE = Trait.TITLE | Trait.DEMONYM | Trait.MODIFIER
_PEOPLE = Trait.PERSON_NOUN | Trait.TITLE | Trait.INFLECTED
_ATTRIBUTIVE = _TITLE_LIKE | Trait.PLACE_HEAD | Trait.PERSON_NOUN


def named_phrase(reading: Reading, marker: int, *, folk: bool = False) -> list[int]:
    """The named heads of the noun phrase before a postposition, the genitive chain climbed to the name.

    Args:
        reading: the sentence.
        marker: the postposition.
        folk: whether people stand for the name that they belong to, as in thanks: X के लोगों को.
    """
    at = _before_brackets(reading, marker) - 1
    for climb in range(_CLIMBS):
        if at < 0:
            return []
        entity = _named_at(reading, at)
        if entity is not None:
            return with_coordinated(reading, entity)
        of_people = climb == 0 and folk and _people_of_theirs(reading, at)
        if not of_people and (is_person(reading, at) or (climb == 0 and not _stands_for_owner(reading, at, marker))):
            return _joined_on_left(reading, at)
        owner = _owner(reading, at)
        if owner is None:
            return (_compounded(reading, at) if climb == 0 else []) or _joined_on_left(reading, at)
        at = _before_brackets(reading, owner) - 1
    return []


def _before_brackets(reading: Reading, at: int) -> int:
    """Where a noun phrase ends before word `at`, what it has in brackets left out: X ( मुक्केबाजी ) की."""
    if not reading.mark_before(at).endswith(")") or reading.entity_at[at - 1] >= 0:
        return at
    return next((o for o in range(at - 1, max(0, at - _BRACKETS), -1) if "(" in reading.mark_before(o)), at)


def _people_of_theirs(reading: Reading, at: int) -> bool:
    """Tell whether word `at` is many people, who may stand for whom they belong to."""
    trait = trait_of(reading, at)
    return reading.fold[at] in reading.grammar.folk or bool(trait & Trait.INFLECTED and not trait & Trait.TITLE)


def _compounded(reading: Reading, at: int) -> list[int]:
    """The name before an act in a compound without postpositions: ओबामा स्वास्थ्य कानून."""
    if reading.fold[at] not in reading.grammar.acts:
        return []
    for before in range(at - 1, max(-1, at - 1 - _COMPOUND), -1):
        if not reading.close(before + 1) or trait_of(reading, before) & Trait.FUNCTION:
            return []
        if reading.entity_at[before] >= 0:
            return [reading.entity_at[before]]
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


def _by_name(reading: Reading, at: int) -> int | None:
    """The entity that a noun is called by: X नामक एक संगठन."""
    for before in range(at - 1, max(0, at - 1 - _CALLED), -1):
        if reading.fold[before] in reading.grammar.by_name:
            return reading.entity_ending_at(before - 1)
        if reading.fold[before] in reading.grammar.cases or reading.entity_at[before] >= 0:
            break
    return None


def _stands_for_owner(reading: Reading, at: int, marker: int) -> bool:
    """Tell whether praise or blame of the noun at word `at` counts for whom it belongs to."""
    word, grammar, fold = reading.fold[at], reading.grammar, reading.fold
    if word in grammar.claims:
        return word in grammar.statements and (fold[marker] in grammar.genitive or fold[marker] == "पर")
    if word in grammar.acts:
        return True
    # What belongs to a person or body speaks for it, unless it is people; a place has too much in it.
    of = next((o for o in (at - 1, at - 2) if o > 0 and fold[o] in grammar.genitive), 0)
    owner = reading.entity_at[of - 1] if of else -1
    if word in grammar.members:
        return owner >= 0 and reading.entities[owner].label == "ORG"
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
    """The genitive or द्वारा that the noun at word `at` belongs to.

    A few adjectives or nouns may stand between, a list that it ends, or what belongs to its participle:
    X के हाल में किए गए परीक्षण, X द्वारा Y को दिए गए सहयोग.
    """
    grammar, fold = reading.grammar, reading.fold
    low, participle, listed, genitive = max(-1, at - 1 - _CHAIN), False, False, None
    before = at
    while before - 1 > low:
        before -= 1
        word = fold[before]
        if participle and word in grammar.passive:
            return before
        if participle and word in grammar.bare_verb and fold[before + 1] in grammar.participles:
            continue  # a verb that looks like a genitive: की गई
        if word in grammar.genitive:
            if not participle:
                return before
            genitive = before if genitive is None else genitive
        elif word in grammar.participles and not participle:
            participle, low = True, max(-1, before - _PARTICIPLE)
        elif word in grammar.conjunction:
            listed = True
        elif not (participle and word in grammar.oblique) and (
            word in grammar.cases
            or word in grammar.relative
            or word in grammar.particles
            or (reading.entity_at[before] >= 0 and not participle)
        ):
            break
        if not (reading.close(before + 1) or (listed and reading.is_comma(before + 1))) and _parts(reading, before + 1):
            break
    return genitive


def _parts(reading: Reading, at: int) -> str:
    """The punctuation before word `at` but for quotes, which do not part a noun from what belongs to it."""
    return reading.mark_before(at).strip("‘’“”\"'")


def _joined_on_left(reading: Reading, at: int) -> list[int]:
    """A name that "और" joins to an unnamed head: पुतिन और रूसी नेतृत्व के फैसले, X और उनके बेटे पर."""
    for before in range(at, max(0, at - _JOINED), -1):
        if reading.fold[before] in reading.grammar.conjunction:
            entity = _named_at(reading, before - 1)
            return with_coordinated(reading, entity) if entity is not None else []
        if reading.fold[before] in reading.grammar.cases:
            break
    return []


def with_coordinated(reading: Reading, entity: int) -> list[int]:
    """The entity and those that "और" or commas join to it on its left, what describes each of them skipped."""
    found = [entity]
    while True:
        last = found[-1]
        joined = next(
            (one for at in _beginnings(reading, last) if (one := _joint(reading, at, last)) is not None),
            None,
        )
        if joined is None or joined in found:
            return found
        found.append(joined)


def _beginnings(reading: Reading, entity: int) -> Iterator[int]:
    """Where the noun phrase of a name may begin: at the name, its titles, or whose member it is: सपा के नेता X."""
    grammar, at = reading.grammar, reading.first[entity]
    yield at
    for _ in range(_DESCRIBED):
        if at < 1 or not reading.close(at):
            return
        word, trait = reading.fold[at - 1], trait_of(reading, at - 1)
        if word in grammar.genitive and at > 1:
            owner = _named_at(reading, at - 2)
            if owner is None:
                return
            at = reading.first[owner]
        elif reading.entity_at[at - 1] >= 0 or trait & Trait.INFLECTED:
            return
        elif trait & _TITLE_LIKE or word in grammar.his or not trait & Trait.FUNCTION:
            at -= 1
        else:
            return
        yield at


def _joint(reading: Reading, at: int, entity: int) -> int | None:
    """The entity that a comma or "और" right before word `at` joins to `entity`, whose phrase begins there."""
    grammar = reading.grammar
    if reading.is_comma(at):
        other = _named_at(reading, at - 1)
        # What describes a name may stand behind a mere place: पटना, भाजपा नेता X.
        plain = at == reading.first[entity]
        same = other is not None and reading.entities[other].label == reading.entities[entity].label
        return other if plain or same else None
    if not (reading.close(at) and reading.fold[at - 1] in grammar.conjunction):
        return None
    other = _named_at(reading, at - 2)
    if other is not None:
        return other
    # Another one without a name may stand between: X, उनकी सरकार और Y.
    for before in range(at - 2, max(0, at - 2 - _JOINED), -1):
        if reading.is_comma(before):
            return _named_at(reading, before - 1)
        if reading.fold[before] in grammar.cases or not reading.close(before):
            break
    return None


def last_of(reading: Reading, kind: WordSet, start: int, end: int) -> int | None:
    """The last word of that kind behind word `start` and before word `end`."""
    return next((at for at in range(min(end, len(reading.fold)) - 1, start, -1) if reading.fold[at] in kind), None)


def subjects(reading: Reading, marker: int) -> list[int]:
    """The entities right before ने or द्वारा; a body also through its members as a group."""
    at = _before_brackets(reading, marker) - 1
    entity = _named_at(reading, at)
    if entity is None and at > 1 and reading.fold[at] in reading.grammar.members:
        # A body through its members, a word between allowed: X के विधायकों ने, X के कई नेताओं ने.
        of = next((of for of in (at - 1, at - 2) if reading.fold[of] in reading.grammar.genitive), 0)
        body = reading.entity_ending_at(of - 1) if of else None
        entity = body if body is not None and reading.entities[body].label == "ORG" else None
    if entity is None:
        entity = _by_name(reading, at)
    return with_coordinated(reading, entity) if entity is not None else []


def speaks_for(reading: Reading, entity: int, after: int) -> bool:
    """Tell whether members without a name follow at word `after` who stand for a body as the subject: सपा के सांसद …"""
    fold, grammar = reading.fold, reading.grammar
    if reading.entities[entity].label != "ORG" or after + 2 >= len(fold) or fold[after] not in grammar.genitive:
        return False
    # A word between: सपा के कई सांसद.
    of = after + 1 if fold[after + 1] in grammar.member else after + 2
    return (
        fold[of] in grammar.member
        and of + 1 < len(fold)
        and reading.entity_at[after + 1] < 0
        and reading.entity_at[of + 1] < 0
        and fold[of + 1] not in grammar.cases
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
        if reading.fold[after] in grammar.people or speaks_for(reading, entity, after):
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
