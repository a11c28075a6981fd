"""Who holds a stance, read from postpositions, coordination, subjects and speech."""

from annotate.prelabel.lexicon import Trait
from annotate.prelabel.stance_rules.clause import LONGEST_CLAUSE, Reading
from annotate.prelabel.stance_rules.cues import Mention
from annotate.prelabel.stance_rules.phrases import last_of, subject_of, subjects, trait_of, with_coordinated

__all__ = ["holders", "is_noun_alone", "owners", "speakers", "unsaid_actor"]


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
        marker = last_of(reading, kind, low, high)
        if marker is not None:
            return subjects(reading, marker)
    unnamed = next((at for at in range(start, end) if reading.fold[at] in grammar.unnamed), None)
    if unnamed is not None:
        return _earlier_agent(reading, unnamed, target)
    owner = _behalf(reading, start, mention.first) or owners(reading, mention, target)
    if owner:
        return owner
    return (
        _unmarked(reading, mention, target, start) or _carried(reading, start) or _speaker(reading, mention, start, end)
    )


def _unmarked(reading: Reading, mention: Mention, target: int, start: int) -> list[int]:
    """Who acts without a postposition: right before the cue, as in X को Y समर्थन दे रही है, or as the clause's subject."""
    if _passive(reading, mention):
        return []
    actor = reading.entity_ending_at(mention.first - 1)
    if actor is not None and actor != target and mention.cue.verbs and reading.close(mention.first):
        found = with_coordinated(reading, actor)
        if target not in found:
            return found
    for low, high in ((start, reading.first[target]), (reading.last[target] + 1, mention.first)):
        subject = subject_of(reading, low, high) if start <= low else None
        if subject is not None:
            return with_coordinated(reading, subject)
    return []


def _earlier_agent(reading: Reading, start: int, target: int) -> list[int]:
    """Who acts in an earlier clause and goes on as उन्होंने; nobody where that may be somebody else."""
    agent = last_of(reading, reading.grammar.agent, max(0, start - LONGEST_CLAUSE), start)
    if agent is not None:
        return [entity for entity in subjects(reading, agent) if entity != target]
    subject = subject_of(reading, 0, start) if start else None
    return [] if subject is None or subject == target else [subject]


def _passive(reading: Reading, mention: Mention) -> bool:
    """Tell whether the verb of the cue is passive, or says what befalls rather than what is done."""
    return any(word in reading.grammar.passive_verbs for word in reading.fold[mention.noun_last : mention.last + 2])


def unsaid_actor(reading: Reading, mention: Mention) -> bool:
    """Tell whether nobody is said to act, by name or without: … पर हमला हुआ."""
    start, end = reading.clause(mention.first)
    grammar = reading.grammar
    if any(word in grammar.agent or word in grammar.passive for word in reading.fold[start:end]):
        return False
    owned = mention.first > 0 and reading.fold[mention.first - 1] in grammar.genitive
    verbless = bool(mention.cue.verbs) and mention.last == mention.first + len(mention.cue.words)
    # A headline may name who does it first: X का Y पर हमला.
    owned = owned or any(
        verbless and reading.fold[at] in grammar.possessor and min(reading.entity_at[at - 1 : at + 2 : 2]) >= 0
        for at in range(start + 1, mention.first)
    )
    return not owned and (verbless or _passive(reading, mention))


def is_noun_alone(reading: Reading, mention: Mention) -> bool:
    """Tell whether a cue stands as a noun in a case, without the verb that it should have."""
    last = mention.first + len(mention.cue.words)
    return (
        bool(mention.cue.verbs)
        and mention.last == last < len(reading.fold)
        and reading.close(last)
        and reading.fold[last] in reading.grammar.cases
    )


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


def owners(reading: Reading, mention: Mention, target: int) -> list[int]:
    """Whose act the cue's noun is: X पर Y का हमला, X को Y का समर्थन."""
    if "का" in mention.cue.targets or not mention.first:
        return []
    grammar, at = reading.grammar, mention.first - 1
    # One word may stand between, but no second postposition: X के खिलाफ मामला is nobody's.
    if (
        reading.entity_at[at] < 0
        and not trait_of(reading, at) & Trait.FUNCTION
        and reading.fold[at] not in grammar.against
    ):
        at -= 1
    if at < 1 or reading.fold[at] not in grammar.genitive:
        return []
    return [entity for entity in subjects(reading, at) if entity != target]


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
    told = start > 0 and reading.fold[start - 1] in grammar.that
    goes_on = told and any(word in grammar.pronouns for word in reading.fold[start : mention.first])
    if first_person or goes_on or not mention.cue.verbs or (_passive(reading, mention) and not _told(reading, mention)):
        return speakers(reading, start, end)
    return []


def _told(reading: Reading, mention: Mention) -> bool:
    """Tell whether an act of somebody unsaid is only told of: … ने बताया कि मामला दर्ज किया गया है."""
    return any(word in reading.grammar.done for word in reading.fold[mention.noun_last : mention.last + 2])


def speakers(reading: Reading, start: int, end: int) -> list[int]:
    """Who says the clause: X ने कहा कि …, X का कहना है कि …, X बोले; empty when it is nobody with a name."""
    grammar, fold = reading.grammar, reading.fold
    for at in range(max(1, start - LONGEST_CLAUSE), min(len(fold), end + LONGEST_CLAUSE)):
        if start <= at < end:
            continue
        if fold[at] in grammar.agent:
            that = fold[start - 1] in grammar.that and reading.clause(at)[1] == start
            if that or any(word in grammar.speech for word in fold[at : reading.clause(at)[1]]):
                return subjects(reading, at)
        elif fold[at] in grammar.genitive:
            if at + 1 < len(fold) and fold[at + 1] in grammar.sayings:
                return subjects(reading, at)
        elif fold[at] in grammar.speaking and reading.close(at):
            return subjects(reading, at)
    named = next((at for at in range(start + 1, end) if fold[at] in grammar.according), None)
    return subjects(reading, named - 1) if named is not None and fold[named - 1] in grammar.genitive else []
