"""Entities as BIO tags over tokens and back, and the places where the two do not meet."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from annotate.errors import DataError, Fault, Reason
from annotate.records import Entity, Span
from annotate.spans import overlaps

__all__ = ["Clash", "OffBorder", "bio_tags", "clashes", "entities_of", "off_border", "tokens_of"]


class Clash(NamedTuple):
    """Two entities that lay claim to the same token."""

    first: Entity
    second: Entity


class OffBorder(NamedTuple):
    """An entity that does not begin and end where tokens do, and the span of the tokens it touches.

    `tokens` is None when the entity touches none, so that no tag can stand for it.
    """

    entity: Entity
    tokens: Span | None


def bio_tags(tokens: Sequence[Span], entities: Sequence[Entity]) -> list[str]:
    """Write entities as one BIO tag per token.

    Args:
        tokens: spans in the sentence's text, sorted and disjoint, in code points.
        entities: spans in the same text, in any order.

    Returns:
        As many tags as tokens ("O", "B-PER", "I-PER"); a token partly inside an entity belongs to it.

    Raises:
        DataError: entities share a token, which BIO cannot hold; each such pair is one fault.

    Source: Tjong Kim Sang and Veenstra 1999, where the scheme is called IOB2.
    """
    placed = _placed(tokens, entities)
    if found := list(_clashing(placed)):
        raise DataError(
            Fault("", 0, second.id, Reason.OVERLAP, f"shares a token with {first.id}") for first, second in found
        )
    tags = ["O"] * len(tokens)
    for touched, entity in placed:
        for at, index in enumerate(touched):
            tags[index] = f"{'I' if at else 'B'}-{entity.label}"
    return tags


def entities_of(tokens: Sequence[Span], tags: Sequence[str]) -> list[Entity]:
    """Read entities back from BIO tags; they come in order and cover whole tokens.

    Args:
        tokens: spans in the sentence's text, sorted and disjoint, in code points.
        tags: one per token, well-formed: an I- continues the entity before it.

    Raises:
        DataError: a tag is none of BIO, an I- continues nothing, or there are more or fewer tags than tokens.
    """
    if len(tokens) != len(tags):
        raise DataError([Fault("", 0, "", Reason.SCHEMA, f"{len(tags)} tags for {len(tokens)} tokens")])
    found: list[Entity] = []
    faults: list[Fault] = []
    label = ""  # of the entity that the token before belongs to
    for token, tag in zip(tokens, tags, strict=True):
        prefix, _, name = tag.partition("-")
        if prefix == "B" and name:
            found.append(Entity.at(token.start, token.end, name))
            label = name
        elif prefix == "I" and name and name == label:
            found[-1] = Entity.at(found[-1].start, token.end, name)
        else:
            if tag != "O":
                faults.append(
                    Fault("", 0, "", Reason.SCHEMA, f"{tag!r} at {token.start}-{token.end} continues nothing")
                )
            label = ""
    if faults:
        raise DataError(faults)
    return found


def clashes(tokens: Sequence[Span], entities: Sequence[Entity]) -> Iterator[Clash]:
    """Every pair of entities that share a token, in order of their start."""
    return _clashing(_placed(tokens, entities))


def off_border(tokens: Sequence[Span], entities: Sequence[Entity]) -> Iterator[OffBorder]:
    """Yield the entities that tags would not give back as they are."""
    for entity in entities:
        touched = _touched(tokens, entity)
        whole = Span(tokens[touched.start].start, tokens[touched.stop - 1].end) if touched else None
        if whole != (entity.start, entity.end):
            yield OffBorder(entity, whole)


def tokens_of(text: str, tokens: Sequence[Span]) -> list[str]:
    """Cut a text into the surface text of its tokens."""
    return [text[start:end] for start, end in tokens]


def _placed(tokens: Sequence[Span], entities: Sequence[Entity]) -> list[tuple[range, Entity]]:
    return [(_touched(tokens, entity), entity) for entity in sorted(entities, key=_where)]


def _clashing(placed: Sequence[tuple[range, Entity]]) -> Iterator[Clash]:
    for number, (touched, entity) in enumerate(placed):
        for before, other in placed[:number]:
            # Nested entities share tokens; two that share not one token may still overlap in white space.
            if (touched.start < before.stop and before.start < touched.stop) or overlaps(other, entity):
                yield Clash(other, entity)


def _touched(tokens: Sequence[Span], entity: Entity) -> range:
    """Indices of the tokens that share a code point with the entity; empty when it stands between two."""
    first = bisect_right(tokens, entity.start, key=lambda token: token.end)
    last = bisect_left(tokens, entity.end, key=lambda token: token.start)
    return range(first, max(first, last))


def _where(entity: Entity) -> tuple[int, int, str]:
    return entity.start, entity.end, entity.label
