"""The `rules` engine for stances: cues and the arguments that their case frames name."""

from collections.abc import Sequence

from annotate.labels import AGAINST, FAVOR, LabelSet
from annotate.prelabel.stance_rules.arguments import holders, reciprocal, targets
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.cues import Mention, lexicon
from annotate.prelabel.words import words_of
from annotate.records import Engine, Entity, Sentence, Span, Stance

__all__ = ["VERSION", "RulesStances"]

VERSION = "1"

_OPPOSITE = {FAVOR: AGAINST, AGAINST: FAVOR}
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
        return [self._sentence(sentence, found) for sentence, found in zip(article, entities, strict=True)]

    def _sentence(self, sentence: Sentence, entities: tuple[Entity, ...]) -> tuple[Stance, ...]:
        if not entities:
            return ()
        words, cues = words_of(sentence.text, sentence.lang), lexicon()
        mentions = list(cues.mentions(words))
        if not mentions:
            return ()
        reading = Reading(words, entities, cues.grammar)
        found: list[Stance] = []
        for mention in mentions:
            parties = reciprocal(reading, mention)
            if len(parties) > 1:
                for target in parties:
                    found += self._stance(reading, mention, target, [party for party in parties if party != target])
                continue
            for target, turned in targets(reading, mention):
                found += self._stance(reading, mention, target, holders(reading, mention, target), turned=turned)
        return _consistent(found)

    def _stance(
        self, reading: Reading, mention: Mention, target: int, holding: list[int], *, turned: bool = False
    ) -> list[Stance]:
        label = _OPPOSITE[mention.cue.stance] if turned else mention.cue.stance
        entity = reading.entities[target]
        if label not in self._stances or not self._labels.bears_stance(entity.label):
            return []
        words = reading.words
        cue = Span(words.start[mention.first], words.end[mention.last - 1])
        same_name = words.text[entity.start : entity.end]
        holding_entities = [reading.entities[number] for number in holding]
        names = [holder.id for holder in holding_entities if words.text[holder.start : holder.end] != same_name]
        score = mention.cue.score
        if not names:
            return [Stance(target=entity.id, label=label, score=round(score * _HOLDER_UNSAID, 3), cue=cue)]
        return [Stance(target=entity.id, label=label, holder=holder, score=score, cue=cue) for holder in names]


def _consistent(stances: list[Stance]) -> tuple[Stance, ...]:
    """One label per target, the surest; a pair of target and holder once; no unsaid holder beside a named one."""
    best: dict[str, Stance] = {}
    for stance in stances:
        known = best.get(stance.target)
        if known is None or (stance.score or 0) > (known.score or 0):
            best[stance.target] = stance
    pairs: dict[tuple[str, str | None], Stance] = {}
    for stance in stances:
        if stance.label == best[stance.target].label:
            pairs.setdefault((stance.target, stance.holder), stance)
    named = {target for target, holder in pairs if holder is not None}
    return tuple(stance for (target, holder), stance in pairs.items() if holder is not None or target not in named)
