"""Names that a pronoun of the same sentence stands for, where there is only one that it can be."""

from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.cues import Mention

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
            return None  # it stands for what happened: … किया था जिसकी निंदा हुई
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


def _nearest(reading: Reading, at: int) -> int | None:
    return next((reading.entity_at[before] for before in range(at - 1, -1, -1) if reading.entity_at[before] >= 0), None)


def only_other(reading: Reading, at: int) -> int | None:
    """The only person named before word `at` who does not act; None when there are several or none."""
    grammar, fold = reading.grammar, reading.fold
    others: set[int] = set()
    for number, end in enumerate(reading.last):
        if reading.first[number] >= at or reading.entities[number].label != "PER":
            continue
        after = end + 1 if end < len(fold) and fold[end] in grammar.group else end
        acts = after < len(fold) and (fold[after] in grammar.agent or fold[after] in grammar.speaking)
        if not acts:
            others.add(number)
    return others.pop() if len(others) == 1 else None
