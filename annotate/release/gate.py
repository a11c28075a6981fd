"""What keeps a gold record out of a release, and the one repair that may be asked for: snapping entities to tokens."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from operator import itemgetter
from unicodedata import category

from annotate.errors import Fault, Reason, UsageError
from annotate.labels import NEUTRAL, LabelSet
from annotate.records import Entity, Gold, Span, Stance, sentence_id
from annotate.release.bio import bio_tags, clashes, entities_of, off_border
from annotate.release.duplicates import Pair
from annotate.spans import gaps

__all__ = ["Check", "checks_named", "leaks", "missing_classes", "overlapping", "problems", "snapped"]


class Check(StrEnum):
    """Checks that `allow` may waive; the card says so. All others stand."""

    OFF_BORDER = "off-token-border"  # `spans` keeps the entity as it is, `ner` tags every token it touches
    LEAKAGE = "leakage"  # near-duplicates that an earlier release put into two splits
    UNRESOLVED = "unresolved-disagreement"  # sentences that people left differently and that gold leaves out
    CLASS_MISSING = "class-missing"  # a class of which train has no example


def checks_named(names: Collection[str]) -> frozenset[Check]:
    """The checks of these names.

    Raises:
        UsageError: a name is no check that can be waived.
    """
    known = {check.value for check in Check}
    if unknown := sorted(set(names) - known):
        raise UsageError(f"allow {', '.join(unknown)}: no check that can be waived (known: {', '.join(sorted(known))})")
    return frozenset(map(Check, names))


def problems(
    file: str, line: int, record: Gold, tokens: Sequence[Span], *, labels: LabelSet, allow: Collection[Check] = ()
) -> Iterator[Fault]:
    """Yield what keeps a record, sound by the contract, out of a release.

    Args:
        file: the name of its file, for the faults.
        line: its line there, from 1.
        record: the record; already snapped when that was asked for.
        tokens: the tokens of its text.
        labels: the label set of the release.
        allow: checks that are waived.
    """

    def fault(reason: Reason, found: str) -> Fault:
        return Fault(file, line, record.id, reason, found)

    for span in _astray(record.text, tokens):
        yield fault(Reason.WRONG_TEXT, f"the tokens do not slice the text at {span.start}-{span.end}")
    for first, second in clashes(tokens, record.entities):
        yield fault(Reason.OVERLAP, f"{first.id} and {second.id} share a token, which BIO cannot hold")
    for entity, whole in off_border(tokens, record.entities):
        surface = record.text[entity.start : entity.end]
        if whole is None:
            yield fault(Reason.OFF_TOKEN_BORDER, f"{entity.id} {surface!r} covers no token")
        elif Check.OFF_BORDER not in allow:
            tokens_text = record.text[whole.start : whole.end]
            found = f"{entity.id} {surface!r} is not on token borders: {tokens_text!r} is"
            yield fault(Reason.OFF_TOKEN_BORDER, f"{found} (snap widens it, allow {Check.OFF_BORDER} keeps it)")
    yield from (fault(Reason.WRONG_TAG, found) for found in _unlike(record, tokens))
    yield from (fault(Reason.DUPLICATE_STANCE, found) for found in _contradictions(record))
    if NEUTRAL not in labels.stance_names:
        said = {stance.target for stance in record.stances}
        silent = [e.id for e in record.entities if labels.bears_stance(e.label) and e.id not in said]
        if silent:
            yield fault(Reason.UNKNOWN_LABEL, f"no stance toward {', '.join(silent)}, and no {NEUTRAL} in the labels")


def overlapping(file: str, article: str, places: Iterable[tuple[int, int, int]]) -> Iterator[Fault]:
    """Yield one fault for every sentence of an article that shares text with one before it: it would be there twice.

    Args:
        file: the name of the gold file.
        article: the article's id.
        places: start and end of every sentence, in code points of the article, and its line in the file.
    """
    furthest: tuple[int, int, int] | None = None
    for place in sorted(places):
        if furthest and place[0] < furthest[1]:
            first, second = sorted((furthest, place), key=itemgetter(2))
            other, name = (sentence_id(article, start, end) for start, end, _ in (first, second))
            found = f"shares text with {other} (line {first[2]}), and would be in the data twice"
            yield Fault(file, second[2], name, Reason.OVERLAP, found)
        if furthest is None or place[1] > furthest[1]:
            furthest = place


def leaks(file: str, pairs: Sequence[Pair], splits: Mapping[str, str]) -> Iterator[Fault]:
    """Yield one fault for every pair of articles that belong together and stand in two splits."""
    for first, second, jaccard in pairs:
        why = "share a sentence" if jaccard is None else f"are alike ({jaccard:.2f})"
        found = f"{first} ({splits[first]}) and {second} ({splits[second]}) {why}"
        yield Fault(file, 0, "", Reason.LEAKAGE, found)


def missing_classes(
    file: str, train: Mapping[str, int], labels: LabelSet, mentioned: Collection[str] = ()
) -> Iterator[Fault]:
    """Yield one fault for every class of which train has no example, so that nothing can learn it.

    Args:
        file: the name of the gold file.
        train: how often train has what, as a survey counts it.
        labels: the label set of the release.
        mentioned: labels that may yet come, since records with faults name them.
    """
    stances = labels.stance_names if any(label.stance for label in labels.entities) else ()
    for kind, names in (("entity", labels.entity_names), ("stance", stances)):
        for name in names:
            if not train.get(f"{kind} {name}") and name not in mentioned:
                found = f"train has no example of the {kind} {name} (allow {Check.CLASS_MISSING} releases it so)"
                yield Fault(file, 0, "", Reason.CLASS_MISSING, found)
    if any(what.startswith("topic ") for what in train):
        for name in labels.stance_names:
            if not train.get(f"topic {name}") and name not in mentioned:
                found = f"train has no sentence that is {name} toward the topic (allow {Check.CLASS_MISSING} releases"
                yield Fault(file, 0, "", Reason.CLASS_MISSING, f"{found} it so)")


def snapped(record: Gold, tokens: Sequence[Span]) -> Gold:
    """Widen the entities of a record to the tokens they touch; stances follow them. As it was, where nothing moves."""
    moved = {entity.id: _moved(entity, whole) for entity, whole in off_border(tokens, record.entities) if whole}
    if not moved:
        return record

    def name(entity: str) -> str:
        return moved[entity].id if entity in moved else entity

    def follow(stance: Stance) -> Stance:
        return replace(stance, target=name(stance.target), holder=name(stance.holder) if stance.holder else None)

    return replace(
        record,
        entities=tuple(moved.get(entity.id, entity) for entity in record.entities),
        stances=tuple(map(follow, record.stances)),
    )


def _moved(entity: Entity, whole: Span) -> Entity:
    return Entity.at(whole.start, whole.end, entity.label, entity.score, entity.source)


def _astray(text: str, tokens: Sequence[Span]) -> Iterator[Span]:
    at = 0
    for token in tokens:
        if not at <= token.start < token.end <= len(text):
            yield token
            return
        at = token.end
    # White space and format characters (ZWSP, BOM) belong to no token; anything else must.
    for gap in gaps(tokens, len(text)):
        if any(not sign.isspace() and category(sign) != "Cf" for sign in text[gap.start : gap.end]):
            yield gap


def _unlike(record: Gold, tokens: Sequence[Span]) -> Iterator[str]:
    """What tags, read back, say otherwise than the entities; only where these stand on borders and apart."""
    if any(off_border(tokens, record.entities)) or any(clashes(tokens, record.entities)):
        return
    given = {(entity.start, entity.end, entity.label) for entity in record.entities}
    read = {(it.start, it.end, it.label) for it in entities_of(tokens, bio_tags(tokens, record.entities))}
    for start, end, label in sorted(given ^ read):
        yield f"the tags do not give back e{start}-{end}-{label}"


def _contradictions(record: Gold) -> Iterator[str]:
    labels: dict[str, set[str]] = {}
    for stance in record.stances:
        labels.setdefault(stance.target, set()).add(stance.label)
    for target, said in labels.items():
        if len(said) > 1:
            yield f"stances toward {target} differ: {', '.join(sorted(said))}"
