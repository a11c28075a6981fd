"""Sentences with their entities marked in the text: नेता [राहुल गांधी|PER] आए।"""

import re

from annotate.records import Entity, Sentence, sentence_id

__all__ = ["marked", "sentence", "shown"]

_MARK = re.compile(r"\[([^|\]]+)\|([A-Z]+)\]")


def sentence(text: str, article: str = "a", index: int = 0, start: int = 0) -> Sentence:
    """Make the sentence record of a text."""
    end = start + len(text)
    return Sentence(
        id=sentence_id(article, start, end),
        article_id=article,
        lang="hi",
        index=index,
        start=start,
        end=end,
        text=text,
    )


def marked(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Read marks out of a text: the bare text, and the entities that were marked."""
    bare, entities, at = "", [], 0
    for mark in _MARK.finditer(text):
        bare += text[at : mark.start()]
        entities.append(Entity.at(len(bare), len(bare) + len(mark[1]), mark[2]))
        bare += mark[1]
        at = mark.end()
    return bare + text[at:], tuple(entities)


def shown(text: str, entities: tuple[Entity, ...]) -> str:
    """Write entities into the text as marks."""
    for entity in sorted(entities, key=lambda e: -e.start):
        name = f"[{text[entity.start : entity.end]}|{entity.label}]"
        text = text[: entity.start] + name + text[entity.end :]
    return text
