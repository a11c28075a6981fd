"""What the rules find in a sentence: whom each stance is toward, who holds it, which words and which rule say so."""

from collections.abc import Iterator
from typing import NamedTuple

from annotate.labels import AGAINST, FAVOR
from annotate.prelabel.stance_rules.arguments import reciprocal, targets
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.constructs import constructs
from annotate.prelabel.stance_rules.cues import Mention, lexicon
from annotate.prelabel.stance_rules.holders import holders, is_noun_alone, owners, unsaid_actor
from annotate.records import Span

__all__ = ["Finding", "findings"]

_OPPOSITE = {FAVOR: AGAINST, AGAINST: FAVOR}


class Finding(NamedTuple):
    """A stance that a rule states: numbers of entities, the words `first` to before `last` that say it."""

    target: int
    label: str
    holders: tuple[int, ...]
    rule: str
    score: float
    first: int
    last: int

    def cue(self, reading: Reading) -> Span:
        """Where the cue stands, in code points of the sentence."""
        return Span(reading.words.start[self.first], reading.words.end[self.last - 1])


def findings(reading: Reading) -> list[Finding]:
    """Find every stance that a rule states, in no particular order; rules may differ about one target."""
    return [
        finding for finding in (*_by_cues(reading), *_by_constructs(reading)) if finding.target not in finding.holders
    ]


def _by_cues(reading: Reading) -> Iterator[Finding]:
    for mention in lexicon().mentions(reading.words):
        if mention.cue.agent and unsaid_actor(reading, mention):
            continue
        parties = reciprocal(reading, mention)
        if len(parties) > 1:
            for target in parties:
                yield _finding(reading, mention, target, [party for party in parties if party != target])
            continue
        for target, turned in targets(reading, mention):
            holding = owners(reading, mention, target) if is_noun_alone(reading, mention) else None
            if holding is None:
                holding = holders(reading, mention, target)
            elif not holding:
                continue
            if holding or not mention.cue.named:
                yield _finding(reading, mention, target, holding, turned=turned)


def _by_constructs(reading: Reading) -> Iterator[Finding]:
    for mention, target, told_by in constructs(reading):
        holding = holders(reading, mention, target) if told_by is None else list(told_by)
        yield _finding(reading, mention, target, holding)


def _finding(reading: Reading, mention: Mention, target: int, holding: list[int], *, turned: bool = False) -> Finding:
    text, entity = reading.words.text, reading.entities[target]
    name = text[entity.start : entity.end]
    named = (reading.entities[number] for number in holding)
    others = tuple(n for n, e in zip(holding, named, strict=True) if text[e.start : e.end] != name)
    return Finding(
        target=target,
        label=_OPPOSITE[mention.stance] if turned else mention.stance,
        holders=others,
        rule=mention.cue.name,
        score=mention.cue.score,
        first=mention.first,
        last=mention.last,
    )
