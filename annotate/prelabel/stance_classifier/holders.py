"""What the model sees of an entity as the holder of a stance toward another one of the sentence, as strings."""

from collections.abc import Iterator, Sequence

from annotate.prelabel.stance_classifier.features import case_of, leaning
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.findings import Finding

__all__ = ["describe_holders"]


def describe_holders(reading: Reading, found: Sequence[Finding], target: int, label: str) -> dict[int, list[str]]:
    """Describe every other entity as a holder of the stance `label` toward entity `target`, by its number."""
    mine = [finding for finding in found if finding.target == target and finding.label == label]
    return {
        number: list(_of(reading, mine, found, target, number))
        for number in range(len(reading.entities))
        if number != target and not _same_name(reading, target, number)
    }


def _same_name(reading: Reading, one: int, other: int) -> bool:
    text = reading.words.text
    first, second = reading.entities[one], reading.entities[other]
    return text[first.start : first.end] == text[second.start : second.end]


def _of(reading: Reading, mine: Sequence[Finding], found: Sequence[Finding], target: int, number: int) -> Iterator[str]:
    yield "bias"
    by_rules = any(number in finding.holders for finding in mine)
    state = "yes" if by_rules else "other" if any(f.holders for f in mine) else "open" if mine else "none"
    yield f"rules={state}"
    for finding in mine:
        yield f"rules={state}|{finding.rule}"
    if any(number == finding.target for finding in found):
        yield "target-too"
    _, case = case_of(reading, reading.last[number])
    _, target_case = case_of(reading, reading.last[target])
    side = "before" if reading.first[number] < reading.first[target] else "after"
    yield f"m={case}"
    yield f"m={case}|{side}"
    yield f"m={case}|{target_case}"
    yield f"m={case}|{state}"
    yield f"type={reading.entities[number].label}|{reading.entities[target].label}"
    between = range(min(number, target) + 1, max(number, target))
    yield f"between={min(len(between), 2)}|{side}"
    clause, other = reading.clause(reading.first[number]), reading.clause(reading.first[target])
    where = "same" if clause == other else "earlier" if clause[0] < other[0] else "later"
    yield f"clause={where}"
    yield f"clause={where}|{case}|{state}"
    words = reading.fold[clause[0] : clause[1]]
    speaks = any(word in reading.grammar.speech for word in words)
    yield f"speaks={speaks}|{case}|{where}"
    if number == 0:
        yield f"first|{case}"
    at = reading.last[number]
    if at < len(reading.fold) and any(leaning(word) for word in reading.fold[at : at + 3]):
        yield f"owns-lean|{case}"
