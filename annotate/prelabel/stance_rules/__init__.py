"""The `rules` engine for stances: cues and the arguments that their case frames name."""

from collections.abc import Iterable, Iterator, Sequence

from annotate.labels import LabelSet
from annotate.prelabel.stance_rules.clause import Reading, quoted
from annotate.prelabel.stance_rules.cues import lexicon
from annotate.prelabel.stance_rules.findings import Finding, findings
from annotate.prelabel.words import words_of
from annotate.records import Engine, Entity, Sentence, Stance

__all__ = ["VERSION", "RulesStances", "consistent", "readings"]

VERSION = "11"

_LEAST_SCORE = 0.55  # what is less sure is left to the trained engine to weigh
_HOLDER_UNSAID = 0.95  # a cue whose holder is not found is a little less sure


class RulesStances:
    """Finds who is for or against whom by a lexicon of cues; silent, that is NEUTRAL, when in doubt."""

    def __init__(self, labels: LabelSet) -> None:
        self._labels = labels
        self._stances = frozenset(labels.stance_names)

    @property
    def engine(self) -> Engine:
        """Name and version; the version changes whenever a result can change."""
        return Engine(name="rules", version=VERSION)

    def stances(self, article: Sequence[Sentence], entities: Sequence[tuple[Entity, ...]]) -> list[tuple[Stance, ...]]:
        """Find the stances of each sentence of one article, as the protocol says."""
        return [self._sentence(reading) if reading.entities else () for reading in readings(article, entities)]

    def _sentence(self, reading: Reading) -> tuple[Stance, ...]:
        sure = (finding for finding in findings(reading) if finding.score >= _LEAST_SCORE)
        return consistent(stance for finding in sure for stance in self._stances_of(reading, finding))

    def _stances_of(self, reading: Reading, finding: Finding) -> list[Stance]:
        entity = reading.entities[finding.target]
        if finding.label not in self._stances or not self._labels.bears_stance(entity.label):
            return []
        score = finding.score if finding.holders else round(finding.score * _HOLDER_UNSAID, 3)
        return [
            Stance(
                target=entity.id,
                label=finding.label,
                holder=None if holder is None else reading.entities[holder].id,
                score=score,
                cue=finding.cue(reading),
                source=f"rules:{finding.rule}",
            )
            for holder in finding.holders or (None,)
        ]


def readings(article: Sequence[Sentence], entities: Sequence[Sequence[Entity]]) -> Iterator[Reading]:
    """Read the sentences of one article, in reading order, with their entities, as the rules do."""
    grammar = lexicon().grammar
    in_quotes = quoted(sentence.text for sentence in article)
    for sentence, found, goes_on in zip(article, entities, in_quotes, strict=True):
        yield Reading(words_of(sentence.text, sentence.lang), found, grammar, quoted=goes_on)


def consistent(found: Iterable[Stance]) -> tuple[Stance, ...]:
    """One label per target, the surest; a pair of target and holder once; no unsaid holder beside a named one."""
    stances = list(found)
    best: dict[str, Stance] = {}
    for stance in stances:
        known = best.get(stance.target)
        if known is None or (stance.score or 0) > (known.score or 0):
            best[stance.target] = stance
    pairs: dict[tuple[str, str | None], Stance] = {}
    for stance in sorted(stances, key=lambda stance: -(stance.score or 0)):
        if stance.label == best[stance.target].label:
            pairs.setdefault((stance.target, stance.holder), stance)
    named = {target for target, holder in pairs if holder is not None}
    return tuple(stance for (target, holder), stance in pairs.items() if holder is not None or target not in named)
