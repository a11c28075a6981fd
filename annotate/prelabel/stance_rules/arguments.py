"""Whom a stance is toward and who holds it, read from postpositions, coordination and quotation."""

from typing import NamedTuple

from annotate.labels import FAVOR
from annotate.prelabel.lexicon import Trait
from annotate.prelabel.stance_rules.antecedents import antecedent
from annotate.prelabel.stance_rules.clause import LONGEST_CLAUSE, Reading
from annotate.prelabel.stance_rules.cues import Mention, WordSet

__all__ = [
    "Target",
    "holders",
    "named_phrase",
    "passive",
    "reciprocal",
    "speakers",
    "subject_of",
    "subjects",
    "targets",
    "unsaid_actor",
]

# How many words a rule looks back; what is farther away is too often something else.
_MARKER_REACH, _GENITIVE_REACH, _CURB_REACH, _SUBJECT_REACH, _ACCUSED_REACH = 18, 5, 6, 12, 4
_CHAIN, _CLIMBS, _TITLES = 5, 3, 3
_TITLE_LIKE = Trait.TITLE | Trait.DEMONYM | Trait.MODIFIER
_ATTRIBUTIVE = _TITLE_LIKE | Trait.PLACE_HEAD | Trait.PERSON_NOUN


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


def holders(reading: Reading, mention: Mention, target: int) -> list[int]:
    """Find the entities that hold the stance; empty when it is a pronoun, a bare noun or unsaid."""
    grammar = reading.grammar
    start, end = reading.clause(mention.first)
    if "ने" in mention.cue.targets:
        return speakers(reading, start, end)
    for kind, low, high in (
        (grammar.agent, start, mention.last),
        (grammar.agent, mention.last, end),
        (grammar.passive, start, mention.first),
    ):
        marker = _last(reading, kind, low, high)
        if marker is not None:
            return subjects(reading, marker)
    if any(word in grammar.unnamed for word in reading.fold[start:end]):
        return _earlier_agent(reading, start, target)
    owner = _behalf(reading, start, mention.first) or _owner_of_cue(reading, mention, target)
    if owner:
        return owner
    if not passive(reading, mention):
        subject = _nominative(reading, start, reading.first[target])
        if subject is not None:
            return _with_coordinated(reading, subject)
    return _carried(reading, start) or _speaker(reading, mention, start, end)


def _earlier_agent(reading: Reading, start: int, target: int) -> list[int]:
    """Who acts in an earlier clause and goes on as उन्होंने; nobody where that may be somebody else."""
    agent = _last(reading, reading.grammar.agent, max(0, start - LONGEST_CLAUSE), start)
    if agent is not None:
        return [entity for entity in subjects(reading, agent) if entity != target]
    subject = subject_of(reading, 0, start) if start else None
    return [] if subject is None or subject == target else [subject]


def passive(reading: Reading, mention: Mention) -> bool:
    """Tell whether the verb of the cue is passive, or says what befalls rather than what is done."""
    return any(word in reading.grammar.passive_verbs for word in reading.fold[mention.noun_last : mention.last + 2])


def unsaid_actor(reading: Reading, mention: Mention) -> bool:
    """Tell whether nobody is said to act, by name or without: … पर हमला हुआ."""
    start, end = reading.clause(mention.first)
    grammar = reading.grammar
    if any(word in grammar.agent or word in grammar.passive for word in reading.fold[start:end]):
        return False
    owned = mention.first > 0 and reading.fold[mention.first - 1] in grammar.genitive
    return not owned and passive(reading, mention)


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
    if agent is not None:
        return subjects(reading, agent)
    subject = next((at for at in range(low, mention.first) if reading.entity_at[at] >= 0), None)
    last = next((at for at in range(mention.first - 1, low, -1) if reading.entity_at[at] >= 0), None)
    return [] if subject is None or last is None else _with_coordinated(reading, reading.entity_at[last])


def _marked(reading: Reading, mention: Mention, kind: str) -> list[Target]:
    marker = _marker(reading, mention, kind)
    if marker is None:
        referred = antecedent(reading, mention, kind)
        return [] if referred is None else [Target(referred, False)]
    curbed = _curbed(reading, marker) if kind == "का" else None
    if curbed is not None:
        # Support of a curb is against whom it curbs; blame of a curb says nothing sure about anybody.
        return [Target(entity, True) for entity in curbed] if mention.cue.stance == FAVOR else []
    return [Target(entity, False) for entity in named_phrase(reading, marker)]


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
    }.get(kind)
    for at in range(mention.first - 1, max(start, mention.first - _MARKER_REACH), -1):
        if compound is not None:
            if fold[at] in compound and fold[at - 1] in grammar.genitive:
                return at - 1
        elif fold[at] == kind and named_phrase(reading, at):
            return at
    between = range(mention.noun_last + 1, mention.last - 1) if compound is None else ()
    return next((at for at in between if fold[at] == kind and named_phrase(reading, at)), None)


def _genitive_before(reading: Reading, start: int, cue: int) -> int | None:
    at, low = cue - 1, max(start, cue - _GENITIVE_REACH)
    while at >= low:
        word = reading.fold[at]
        if word in reading.grammar.for_whom and at > 0 and reading.fold[at - 1] in reading.grammar.genitive:
            # A reason between: X की इस बात के लिए आलोचना.
            at, low = at - 2, max(start, at - _GENITIVE_REACH)
            continue
        if word in reading.grammar.genitive:
            return at
        if word in reading.grammar.stops or reading.entity_at[at] >= 0 or _is_person(reading, at):
            return None
        at -= 1
    return None


def _behalf(reading: Reading, start: int, end: int) -> list[int]:
    """From whom an act comes: X की ओर से."""
    for at in range(start + 2, end - 1):
        if (
            reading.fold[at] in reading.grammar.behalf
            and reading.fold[at + 1] == "से"
            and reading.fold[at - 1] in reading.grammar.genitive
        ):
            return subjects(reading, at - 1)
    return []


def _owner_of_cue(reading: Reading, mention: Mention, target: int) -> list[int]:
    """Whose act the cue's noun is: X पर Y का हमला, X को Y का समर्थन."""
    if "का" in mention.cue.targets or not mention.first:
        return []
    grammar, at = reading.grammar, mention.first - 1
    # One word may stand between, but no second postposition: X के खिलाफ मामला is nobody's.
    if (
        reading.entity_at[at] < 0
        and not _trait(reading, at) & Trait.FUNCTION
        and reading.fold[at] not in grammar.against
    ):
        at -= 1
    if at < 1 or reading.fold[at] not in grammar.genitive:
        return []
    return [entity for entity in subjects(reading, at) if entity != target]


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
    start, end = reading.clause(mention.first)
    if not reading.reported(start, end):
        return []
    agent = _last(reading, reading.grammar.agent, start, mention.first)
    if agent is not None:
        return subjects(reading, agent)
    subject = _nominative(reading, start, mention.first)
    return [] if subject is None else [subject]


_FRAMES = {"कि": _accused, "-": _just_before, "ने": _doer}


def named_phrase(reading: Reading, marker: int) -> list[int]:
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
            return named_phrase(reading, at)
        if reading.fold[at] in reading.grammar.against:
            return named_phrase(reading, at - 1)
    return None


def _last(reading: Reading, kind: WordSet, start: int, end: int) -> int | None:
    return next((at for at in range(min(end, len(reading.fold)) - 1, start, -1) if reading.fold[at] in kind), None)


def subjects(reading: Reading, marker: int) -> list[int]:
    """The entities right before ने or द्वारा; a body also through its members as a group."""
    entity = _named_at(reading, marker - 1)
    return _with_coordinated(reading, entity) if entity is not None else []


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
            return None
        if reading.fold[after] in grammar.conjunction or (reading.is_comma(after) and reading.entity_at[after] >= 0):
            continue
        if not reading.close(after):
            return None
        if reading.fold[after] in grammar.people:
            return entity
        if (
            reading.fold[after] in grammar.cases
            or reading.fold[after] in grammar.passive
            or _trait(reading, after) & _ATTRIBUTIVE
        ):
            continue
        # A name before a noun in a case belongs to it: सोलापुर जिले में.
        noun = reading.entity_at[after] < 0 and after + 1 < end and reading.fold[after + 1] in grammar.cases
        if not noun:
            return entity
    return None


_nominative = subject_of


def _carried(reading: Reading, start: int) -> list[int]:
    """The agent of the clause before, where "और" or a comma goes on with the same subject."""
    grammar = reading.grammar
    if not start or not (reading.fold[start] in grammar.conjunction or reading.is_comma(start)):
        return []
    for at in range(start - 1, max(0, start - LONGEST_CLAUSE), -1):
        if reading.fold[at] in grammar.that or reading.fold[at] in grammar.openers:
            return []
        if reading.fold[at] in grammar.agent:
            return subjects(reading, at)
    return []


def _speaker(reading: Reading, mention: Mention, start: int, end: int) -> list[int]:
    """Who says the clause, where it speaks of हम or मैं, goes on with वह after कि, or has no actor of its own."""
    grammar = reading.grammar
    first_person = any(word in grammar.first_person for word in reading.fold[start:end])
    goes_on = start > 0 and reading.fold[start - 1] in grammar.that and reading.fold[start] in grammar.pronouns
    if first_person or goes_on or passive(reading, mention) or not mention.cue.verbs:
        return speakers(reading, start, end)
    return []


def speakers(reading: Reading, start: int, end: int) -> list[int]:
    """Who says the clause: X ने कहा कि …, X का कहना है कि …, X बोले; empty when it is nobody with a name."""
    grammar, fold = reading.grammar, reading.fold
    for at in range(max(1, start - LONGEST_CLAUSE), min(len(fold), end + LONGEST_CLAUSE)):
        if start <= at < end:
            continue
        if fold[at] in grammar.agent:
            if any(word in grammar.speech for word in fold[at : reading.clause(at)[1]]):
                return subjects(reading, at)
        elif fold[at] in grammar.genitive:
            if at + 1 < len(fold) and fold[at + 1] in grammar.sayings:
                return subjects(reading, at)
        elif fold[at] in grammar.speaking and reading.close(at):
            return subjects(reading, at)
    return []
