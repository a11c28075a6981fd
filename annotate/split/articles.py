"""The sentences of an article as records."""

from annotate.records import Article, Sentence, sentence_id
from annotate.split.engine import segment

__all__ = ["sentences"]


def sentences(article: Article, wrapped: bool = False) -> list[Sentence]:
    """Split an article into sentence records, with ids and indices, in reading order.

    Args:
        article: `lang` decides the rules.
        wrapped: lines are broken at a width, so that only a blank line ends a paragraph.

    Raises:
        UsageError: the article's language is not known.
    """
    return [
        Sentence(
            id=sentence_id(article.id, start, end),
            article_id=article.id,
            lang=article.lang,
            index=index,
            start=start,
            end=end,
            text=article.text[start:end],
            kind=kind,
        )
        for index, (start, end, kind) in enumerate(segment(article.text, article.lang, wrapped))
    ]
