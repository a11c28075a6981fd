"""Names that a pronoun of the same sentence stands for, where there is only one that it can be."""

from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.cues import Mention
from annotate.prelabel.stance_rules.phrases import last_of, subjects

__all__ = ["antecedent", "only_other"]

_REACH = 12  # words between the pronoun and the cue


def antecedent(reading: Reading, mention: Mention, kind: str) -> int | None:
    """The entity that a pronoun in the case `kind` before the cue stands for: उनकी तारीफ, जिसे बधाई, उन पर तंज.

    A relative pronoun stands for the name nearest before it, a personal one for the only name of the sentence that
    does not act in the cue's clause; None when there is no such pronoun or it may be another name.
    """
    start, _ = reading.clause(mention.first)
    for at in range(mention.first - 1, max(start - 1, mention.first - _REACH), -1):
        relative = _stands(reading, at, kind)
        if relative and at and reading.fold[at - 1] in reading.grammar.finite and reading.close(at):
            return _who_did(reading, at) if kind == "का" else None  # … किया था जिसकी निंदा हुई
        if relative is not None:
            return _nearest(reading, at) if relative else only_other(reading, at)
    return None


def _stands(reading: Reading, at: int, kind: str) -> bool | None:
    """Whether word `at` is a relative pronoun in that case (true), a personal one (false), or neither (None)."""
    grammar, fold = reading.grammar, reading.fold
    word, after = fold[at], fold[at + 1] if at + 1 < len(fold) else ""
    if kind == "का":
        pairs = (grammar.whose, grammar.his)
        fits = True
    elif kind == "को":
        pairs = (grammar.whom, grammar.him)
        fits = True
    elif kind in ("पर", "से"):
        pairs = (grammar.which, grammar.that_one)
        fits = after == kind or word.endswith(kind)
    else:
        pairs = (grammar.whose, grammar.his)
        fits = {
            "खिलाफ": after in grammar.against,
            "लिए": after in grammar.for_whom,
            "प्रति": after in grammar.toward,
            "साथ": after in grammar.with_whom,
        }.get(kind, False)
    relative, personal = pairs
    if not fits or not (word in relative or word in personal):
        return None
    return word in relative


def _who_did(reading: Reading, at: int) -> int | None:
    """Who alone did what the clause before word `at` tells of."""
    start, _ = reading.clause(at - 1)
    agent = last_of(reading, reading.grammar.agent, start, at)
    found = subjects(reading, agent) if agent is not None else []
    return found[0] if len(found) == 1 else None


def _nearest(reading: Reading, at: int) -> int | None:
    return next((reading.entity_at[before] for before in range(at - 1, -1, -1) if reading.entity_at[before] >= 0), None)


def only_other(reading: Reading, at: int) -> int | None:
    """The only one that the pronoun at word `at` can stand for, of those before it; None when it may be several.

    People who do not act come first; "उस" may also be a body that does not act, or else what alone is named and acts.
    """
    before = [number for number, first in enumerate(reading.first) if first < at]
    people, bodies = (
        {number for number in before if reading.entities[number].label == kind and not _acts(reading, number)}
        for kind in ("PER", "ORG")
    )
    if people:
        return people.pop() if len(people) == 1 else None
    if reading.fold[at] not in reading.grammar.singular:
        return None
    if bodies:
        return bodies.pop() if len(bodies) == 1 else None
    alone = before[0] if len(before) == 1 else None
    return alone if alone is not None and reading.entities[alone].label != "PER" and _acts(reading, alone) else None


def _acts(reading: Reading, number: int) -> bool:
    fold, grammar, end = reading.fold, reading.grammar, reading.last[number]
    after = end + 1 if end < len(fold) and fold[end] in grammar.group else end
    return after < len(fold) and (fold[after] in grammar.agent or fold[after] in grammar.speaking)
