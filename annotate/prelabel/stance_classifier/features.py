"""What the model sees of an entity as the target of a stance, as strings: its case, its clause, what the rules say."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from annotate.prelabel.lexicon import Trait
from annotate.prelabel.stance_classifier.verbs import STEM, Verb, closing_verb, is_auxiliary
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.findings import Finding
from annotate.prelabel.stance_rules.holders import speakers
from annotate.prelabel.stance_rules.judgements import judgements
from annotate.prelabel.stance_rules.phrases import subject_of

__all__ = ["FEATURES_VERSION", "case_of", "describe", "leaning", "speaks_or_hears"]

FEATURES_VERSION = "2"  # a model is of use only with the features it was trained on

_NEAR, _FAR = 3, 8  # words: how far a word that leans one way counts as near
_HEAD_REACH, _HEARD_REACH = 4, 2
_CLOSERS = " \n'\"’”)"
_QUOTES = frozenset("“”‘’\"'")


@lru_cache(maxsize=1 << 15)
def leaning(word: str) -> str:
    """Which way a folded word leans: "A" or "F" when it judges or mostly tells of a stance, else nothing."""
    words = judgements()
    if word in words.against or word in words.leaning_against or word in words.loaded:
        return "A"
    return "F" if word in words.favor or word in words.leaning_favor else ""


def describe(reading: Reading, found: Sequence[Finding], kind: str = "sentence") -> list[list[str]]:
    """Describe each entity of a sentence.

    Args:
        reading: the sentence with its entities.
        found: what the rules find in it.
        kind: of the sentence, since a heading has a grammar of its own.

    Returns:
        As many lists as entities; strings like `m=को`, in no particular order.
    """
    whole = list(_of_sentence(reading, found, kind))
    return [[*whole, *_of_entity(reading, found, number)] for number in range(len(reading.entities))]


def _of_sentence(reading: Reading, found: Sequence[Finding], kind: str) -> Iterator[str]:
    text = reading.words.text
    yield "bias"
    yield f"kind={kind}"
    yield f"n={min(len(reading.entities), 4)}"
    yield f"found={min(len({finding.target for finding in found}), 3)}"
    if text.rstrip(_CLOSERS).endswith("?"):
        yield "asks"
    if not _QUOTES.isdisjoint(text):
        yield "quotes"
    if reading.quoted:
        yield "quoted"


def _of_entity(reading: Reading, found: Sequence[Finding], number: int) -> Iterator[str]:
    first, last = reading.first[number], reading.last[number]
    if last <= first:
        return
    yield f"type={reading.entities[number].label}"
    yield f"place={'first' if number == 0 else 'last' if number == len(reading.entities) - 1 else 'mid'}"
    yield from _by_rules(found, number)
    after, marker = case_of(reading, last)
    yield f"m={marker}"
    yield f"m2={marker}|{_word(reading, after)}"
    head = _head(reading, after) if marker in ("का", "के", "की") else ""
    if head:
        yield f"head={head}"
    yield from _clause(reading, number, marker)


def _by_rules(found: Sequence[Finding], number: int) -> Iterator[str]:
    mine = [finding for finding in found if finding.target == number]
    for finding in mine:
        told = "held" if finding.holders else "open"
        yield f"rule={finding.label}"
        yield f"rule={finding.rule}|{finding.label}"
        yield f"rule={finding.label}|{told}"
        yield f"rule={finding.label}|{int(finding.score * 10)}"
    labels = {finding.label for finding in mine}
    yield f"rules={'+'.join(sorted(labels)) or 'none'}"
    if any(number in finding.holders for finding in found):
        yield f"holds|{'+'.join(sorted(labels)) or 'none'}"
    elif found and not mine:
        yield "others-found"


def case_of(reading: Reading, last: int) -> tuple[int, str]:
    """What marks the noun phrase that ends before word `last`: where the words go on, and the case, by a name."""
    fold, grammar = reading.fold, reading.grammar
    at = last
    if at < len(fold) and reading.close(at) and fold[at] in grammar.group:
        at += 1
    if at >= len(fold):
        return at, "end"
    if not reading.close(at):
        return at, "," if reading.is_comma(at) else "mark"
    if fold[at] in grammar.genitive and at + 1 < len(fold) and reading.close(at + 1):
        compound = _compound_case(reading, at + 1)
        return (at + 2, compound) if compound else (at + 1, fold[at])
    return _simple_case(reading, at)


def _compound_case(reading: Reading, at: int) -> str:
    grammar = reading.grammar
    cases = {"खिलाफ": grammar.against, "लिए": grammar.for_whom, "प्रति": grammar.toward, "साथ": grammar.with_whom}
    return next((name for name, words in cases.items() if reading.fold[at] in words), "")


def _simple_case(reading: Reading, at: int) -> tuple[int, str]:
    word, grammar = reading.fold[at], reading.grammar
    if word in grammar.cases or word in grammar.passive:
        return at + 1, word
    if word in grammar.conjunction:
        return at + 1, "और"
    if reading.traits[at] & (Trait.TITLE | Trait.PERSON_NOUN):
        return at + 1, "title"
    return at, "none"


def speaks_or_hears(reading: Reading, number: int) -> bool:
    """Tell whether an entity says what is said, or is told it: X ने कहा, X को बताया; neither is whom it is about."""
    after, marker = case_of(reading, reading.last[number])
    grammar = reading.grammar
    if marker == "ने":
        words = reading.fold[after : reading.clause(reading.first[number])[1]]
        return any(word in grammar.reporting for word in words)
    words = reading.fold[after : after + _HEARD_REACH]
    return marker in ("से", "को") and any(word in grammar.reporting or word in grammar.talk for word in words)


def _head(reading: Reading, after: int) -> str:
    """What the genitive belongs to: the kind of the noun, and what marks it."""
    fold, grammar = reading.fold, reading.grammar
    for at in range(after, min(after + _HEAD_REACH, len(fold))):
        if reading.entity_at[at] >= 0:
            return "entity"
        following = fold[at + 1] if at + 1 < len(fold) else ""
        if following in grammar.cases or leaning(fold[at]):
            kind = (
                "claim"
                if fold[at] in grammar.claims
                else leaning(fold[at])
                or (
                    "act"
                    if fold[at] in grammar.acts
                    else "person"
                    if reading.traits[at] & Trait.PERSON_NOUN
                    else "thing"
                )
            )
            return f"{kind}|{following if following in grammar.cases else ''}"
    return "far"


def _clause(reading: Reading, number: int, marker: str) -> Iterator[str]:
    fold, grammar = reading.fold, reading.grammar
    first, last = reading.first[number], reading.last[number]
    start, end = reading.clause(first)
    inside = range(start, end)
    agent = next(_agents(reading, number, start, end))
    yield agent
    yield f"m={marker}|{agent}"
    verb = closing_verb(reading, max(start, last), end)
    yield f"aspect={verb.aspect}"
    yield f"aspect={verb.aspect}|{marker}"
    yield f"v={verb.stem}"
    yield f"mv={marker}|{verb.stem}"
    yield f"mv={marker}|{verb.stem}|{agent}"
    noun = _noun_of_verb(reading, last, end, verb)
    yield f"pn={noun}|{marker}"
    yield f"pn={noun}|{marker}|{agent}"
    yield f"pn={noun}|{verb.stem}"
    negated = any(fold[at] in grammar.negators for at in inside)
    if negated:
        yield "negated"
        yield f"negated|{marker}"
    yield from _speech(reading, number, marker, verb, negated=negated)
    if any(fold[at] in grammar.first_person for at in inside):
        yield "first-person"
    yield from _leans(reading, number, marker, inside)
    final = [fold[at] for at in range(max(start, end - 2), end)]
    yield f"verb={'|'.join(final)}"
    for at in inside:
        if reading.entity_at[at] < 0 and not reading.traits[at] & Trait.FUNCTION:
            yield f"w={fold[at][:STEM]}"


def _noun_of_verb(reading: Reading, last: int, end: int, verb: Verb) -> str:
    """What stands before the closing verb and may be its noun, as in आलोचना की: which way it leans, or its kind."""
    for at in range(end - 1, last, -1):
        word, trait = reading.fold[at], reading.traits[at]
        if word in reading.grammar.cases:
            return ""
        verbal = trait & Trait.FUNCTION or is_auxiliary(word) or word[:STEM] == verb.stem
        if not verbal and reading.entity_at[at] < 0:
            return leaning(word) or ("inflected" if trait & Trait.INFLECTED else "plain")
    return ""


def _speech(reading: Reading, number: int, marker: str, verb: Verb, *, negated: bool) -> Iterator[str]:
    """Whether somebody says the clause, and what part the entity has in it."""
    start, end = reading.clause(reading.first[number])
    reported, subject = reading.reported(start, end), subject_of(reading, start, end) == number
    role = "subject" if subject else "agent" if marker == "ने" else marker
    yield f"role={role}|{reading.quoted}"
    yield f"role={role}|{verb.aspect}|{reported}"
    mood = reading.words.text.rstrip(_CLOSERS)[-1:]
    if mood in ("?", "!"):
        yield f"mood={mood}|{role}"
    if not reported:
        return
    who = "named" if any(speaker != number for speaker in speakers(reading, start, end)) else "nobody"
    yield f"told|{marker}"
    yield f"told|{marker}|{who}"
    if role in ("subject", "agent"):
        yield f"told-subject|{who}"
        yield f"told-subject|{who}|{reading.entities[number].label}"
        yield f"told-subject|{verb.aspect}"
        if negated:
            yield "told-subject|negated"


def _leans(reading: Reading, number: int, marker: str, inside: range) -> Iterator[str]:
    """The words that lean toward praise or blame, inside the clause by their distance, and elsewhere."""
    fold = reading.fold
    first, last = reading.first[number], reading.last[number]
    leans = [
        (at, lean)
        for at in inside
        if (lean := leaning(fold[at])) and not first <= at < last and fold[at] not in reading.grammar.against
    ]
    for lean in ("A", "F"):
        count = sum(one == lean for _, one in leans)
        yield f"leans={lean}{min(count, 3)}"
    for side, lo, hi in (("+", last, inside.stop), ("-", inside.start, first)):
        near = [(at, lean) for at, lean in leans if lo <= at < hi]
        if not near:
            continue
        at, lean = near[0] if side == "+" else near[-1]
        distance = at - last if side == "+" else first - at
        span = range(last, at) if side == "+" else range(at + 1, first)
        between = any(reading.entity_at[one] >= 0 for one in span)
        where = "near" if distance <= _NEAR else "far" if distance <= _FAR else "away"
        yield f"{side}lean={lean}|{where}"
        yield f"{side}lean={lean}|{marker}|{'past' if between else 'free'}"
        yield f"{side}word={fold[at][:STEM]}|{marker}"
        yield f"{side}word={fold[at]}"
    all_leans = {lean for at, word in enumerate(fold) if at not in inside and (lean := leaning(word))}
    yield f"elsewhere={''.join(sorted(all_leans))}"


def _agents(reading: Reading, number: int, start: int, end: int) -> Iterator[str]:
    """Who acts in the clause: this entity, another one, or somebody without a name."""
    for at in range(start, end):
        if reading.fold[at] in reading.grammar.agent or reading.fold[at] in reading.grammar.passive:
            entity = reading.entity_at[at - 1] if at else -1
            yield f"agent={'self' if entity == number else 'other' if entity >= 0 else 'unnamed'}"
            return
    yield "agent=none"


def _word(reading: Reading, at: int) -> str:
    if not 0 <= at < len(reading.fold):
        return "#"
    if reading.entity_at[at] >= 0:
        return "ENTITY"
    word = reading.fold[at]
    return word if reading.traits[at] & Trait.FUNCTION or leaning(word) else "…"
