"""Whom a stance is toward and who holds it, read from postpositions, coordination and quotation."""

from collections.abc import Iterator
from typing import NamedTuple

from annotate.prelabel.lexicon import Trait
from annotate.prelabel.lexicon import lexicon as names_lexicon
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.cues import Mention, WordSet
from annotate.prelabel.words import BREAK

__all__ = ["Target", "holders", "targets"]

_GENITIVE = frozenset(("का", "के", "की"))
_AGAINST_HEADS = frozenset(("खिलाफ", "विरुद्ध"))
_CASES = frozenset("ने को से में पर तक का के की".split())
_AND = frozenset("और एवं व तथा".split())
# Between a name and its postposition: "मोदी सरकार ने", "कांग्रेस नेताओं ने", "राव जी को".
_GROUP = frozenset(
    "सरकार प्रशासन नेतृत्व नेताओं सांसदों विधायकों कार्यकर्ताओं समर्थकों प्रबंधन जी साहब पार्टी हुकूमत सेना पुलिस".split()
)
_STATE = frozenset("सरकार सरकारों प्रशासन हुकूमत नेतृत्व सेना".split())
_SPEECH = WordSet("कहा कहते कहना कही बताया बताते बोले बोली बोलीं बोला पूछा लिखा कहेंगे ट्वीट दोहराया माना")
_FIRST_PERSON = frozenset("हम हमें हमने हमारे हमारी हमारा मैं मैंने मेरी मेरा मेरे मुझे".split())
_OWN_DENIAL = ("आरोप", "इल्जाम", "अफवाह", "अटकल", "दावे", "दावों", "दावा", "रिपोर्ट", "खबर", "घटना", "मामले", "हादसे")
_MARKER_REACH, _GENITIVE_REACH, _CLIMBS, _CHAIN = 18, 5, 3, 5


class Target(NamedTuple):
    """An entity that a stance is toward; `turned` when it is the one that the named act curbs."""

    entity: int
    turned: bool


def targets(reading: Reading, mention: Mention, reversers: WordSet) -> list[Target]:
    """Find the entities that the cue's case frame names as target, none when in doubt."""
    marker = _marker(reading, mention)
    if marker is None:
        return []
    turned = _turned(reading, marker, reversers) if mention.cue.target == "का" else None
    if turned is not None:
        return [Target(entity, True) for entity in turned]
    return [Target(entity, False) for entity in _phrase(reading, marker)]


def holders(reading: Reading, mention: Mention, target: int) -> list[int]:
    """Find the entities that hold the stance; empty when it is a pronoun, a bare noun or unsaid."""
    start, end = reading.clause(mention.first)
    agent = _last(reading, "ने", start, mention.last) or _last(reading, "ने", mention.last, end)
    if agent is not None:
        return [e for e in _subject(reading, agent) if e != target]
    passive = _last(reading, "द्वारा", start, mention.first)
    if passive is not None:
        return [e for e in _subject(reading, passive) if e != target]
    subject = _nominative(reading, start, reading.first[target])
    if subject is not None and subject != target:
        return [subject]
    return [e for e in _speaker(reading, start, end) if e != target]


def _marker(reading: Reading, mention: Mention) -> int | None:
    """The word that marks the target, before the cue."""
    start, _ = reading.clause(mention.first)
    kind = mention.cue.target
    if kind == "का":
        low = max(start, mention.first - _GENITIVE_REACH)
        for at in range(mention.first - 1, low - 1, -1):
            if reading.fold[at] in _GENITIVE:
                return at
            if reading.fold[at] in ("ने", "को", "कि") or reading.entity_at[at] >= 0:
                return None
        return None
    low = max(start, mention.first - _MARKER_REACH)
    for at in range(mention.first - 1, low, -1):
        if kind == "खिलाफ":
            if reading.fold[at] in _AGAINST_HEADS and reading.fold[at - 1] in _GENITIVE:
                return at - 1
        elif reading.fold[at] == kind and _phrase(reading, at):
            return at
    return None


def _phrase(reading: Reading, marker: int) -> list[int]:
    """The named heads of the noun phrase before a postposition, the genitive chain climbed to the name."""
    at = marker - 1
    for climb in range(_CLIMBS):
        if at < 0:
            return []
        entity = _named_at(reading, at)
        if entity is not None:
            return _with_coordinated(reading, entity)
        if _is_person(reading, at) or (climb == 0 and reading.fold[at].startswith(_OWN_DENIAL)):
            return []
        owner = _owner(reading, at)
        if owner is None:
            return _joined_on_left(reading, at) if climb else []
        at = owner - 1
    return []


def _named_at(reading: Reading, at: int) -> int | None:
    """The entity that ends at word `at`, a word like सरकार or जी between allowed."""
    if reading.entity_at[at] >= 0:
        return reading.entity_at[at]
    if at and reading.fold[at] in _GROUP and reading.words.gap[at] != BREAK and reading.entity_at[at - 1] >= 0:
        return reading.entity_at[at - 1]
    if at > 1 and reading.fold[at] in _STATE and reading.fold[at - 1] in _GENITIVE and reading.entity_at[at - 2] >= 0:
        return reading.entity_at[at - 2]
    return None


def _is_person(reading: Reading, at: int) -> bool:
    return bool(names_lexicon().traits.get(reading.fold[at], 0) & Trait.PERSON_NOUN)


def _owner(reading: Reading, at: int) -> int | None:
    """The genitive that belongs to the noun at word `at`, a few adjectives or nouns between."""
    for before in range(at - 1, max(-1, at - 1 - _CHAIN), -1):
        word = reading.fold[before]
        if word in _GENITIVE:
            return before
        if word in _CASES or word in ("कि", "जो") or reading.entity_at[before] >= 0:
            return None
        if reading.words.gap[before + 1] == BREAK and reading.mark_before(before + 1) not in "‘’“”\"'":
            return None
    return None


def _joined_on_left(reading: Reading, at: int) -> list[int]:
    """A name that "और" joins to an unnamed head: पुतिन और रूसी नेतृत्व के फैसले."""
    for before in range(at, max(0, at - 4), -1):
        if reading.fold[before] in _AND and reading.entity_at[before - 1] >= 0:
            return _with_coordinated(reading, reading.entity_at[before - 1])
        if reading.fold[before] in _CASES:
            break
    return []


def _with_coordinated(reading: Reading, entity: int) -> list[int]:
    """The entity and those that "और" or commas join to it on its left, titles between skipped."""
    found = [entity]
    at = reading.first[entity]
    while at > 0:
        back = at
        while back > 0 and at - back < 3 and not reading.listed_before(back) and _is_title(reading, back - 1):
            back -= 1
        if not reading.listed_before(back):
            break
        last = back - 2 if reading.fold[back - 1] in _AND else back - 1
        if last < 0 or reading.entity_at[last] < 0 or reading.entity_at[last] in found:
            break
        found.append(reading.entity_at[last])
        at = reading.first[reading.entity_at[last]]
    return found


def _is_title(reading: Reading, at: int) -> bool:
    return bool(names_lexicon().traits.get(reading.fold[at], 0) & (Trait.TITLE | Trait.DEMONYM | Trait.MODIFIER))


def _turned(reading: Reading, marker: int, reversers: WordSet) -> list[int] | None:
    """Whom the act curbs that is supported or opposed: X के खिलाफ कार्रवाई का समर्थन; None when it is no such act."""
    at = marker - 1
    if at < 1 or reading.fold[at] not in reversers:
        return None
    for before in range(at - 1, max(0, at - 6), -1):
        if reading.fold[before] == "पर" or (reading.fold[before] in _AGAINST_HEADS and before > 1):
            end = before if reading.fold[before] == "पर" else before - 1
            return _phrase(reading, end)
    return None


def _last(reading: Reading, word: str, start: int, end: int) -> int | None:
    return next((at for at in range(min(end, len(reading.fold)) - 1, start, -1) if reading.fold[at] == word), None)


def _subject(reading: Reading, marker: int) -> list[int]:
    """The entities right before ने or द्वारा; a body also through its members as a group."""
    entity = _named_at(reading, marker - 1)
    return _with_coordinated(reading, entity) if entity is not None else []


def _nominative(reading: Reading, start: int, target_first: int) -> int | None:
    """An entity without postposition near the start of the clause, before the target: कांग्रेस … का विरोध कर रही है."""
    for at in range(start, min(start + 5, target_first)):
        entity = reading.entity_at[at]
        if entity < 0:
            continue
        after = reading.last[entity]
        plain = after < len(reading.fold) and reading.fold[after] not in _CASES and reading.words.gap[after] != BREAK
        state = plain and reading.fold[after] in _GROUP
        if state:
            plain = after + 1 < len(reading.fold) and reading.fold[after + 1] not in _CASES
        return entity if plain and not _is_title(reading, after) else None
    return None


def _speaker(reading: Reading, start: int, end: int) -> list[int]:
    """Who says the clause, where it speaks of हम or मैं or has no subject of its own: X ने कहा कि …"""
    if not any(word in _FIRST_PERSON for word in reading.fold[start:end]):
        return []
    for at in _speech_agents(reading, start, end):
        return _subject(reading, at)
    return []


def _speech_agents(reading: Reading, start: int, end: int) -> Iterator[int]:
    for at in range(1, len(reading.fold)):
        if reading.fold[at] == "ने" and not start <= at < end:
            clause_end = reading.clause(at)[1]
            if any(word in _SPEECH for word in reading.fold[at:clause_end]):
                yield at
