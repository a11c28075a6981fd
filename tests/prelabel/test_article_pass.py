"""A name found surely in one sentence is found in the whole article, and so are its parts, but not plain words."""

import pytest

from annotate.labels import DEFAULT
from annotate.prelabel.entity_rules import RulesEntities
from tests.prelabel.marked import marked, sentence, shown


def labelled(*texts: str) -> list[str]:
    """Find the entities of an article of these sentences, as marks in its text."""
    found = RulesEntities(DEFAULT).entities([sentence(text, index=index) for index, text in enumerate(texts)])
    return [shown(text, entities) for text, entities in zip(texts, found, strict=True)]


ARTICLES = [
    pytest.param(
        ["श्री [मकरंद टेंभुर्णे|PER] ने कहा।", "इस पर [टेंभुर्णे|PER] चुप रहे।"],
        id="last-name",
    ),
    pytest.param(
        ["नेता [किम जोंग उन|PER] आए।", "[किम जोंग|PER] की यात्रा है।", "फिर [किम|PER] गए।"],
        id="beginnings",
    ),
    pytest.param(
        ["नेता [किम जोंग उन|PER] आए।", "यह बात उन लोगों ने कही।"],
        id="function-word-is-no-part",
    ),
    pytest.param(
        ["श्री [विकास दुबे|PER] ने कहा।", "यहां विकास हुआ है।", "बाद में [विकास|PER] ने मना किया।"],
        id="ordinary-word-only-before-ne",
    ),
    pytest.param(
        ["[राष्ट्रीय महासागर संस्थान|ORG] ([रामसं|ORG]) ने बताया।", "बाद में [रामसं|ORG] ने मना किया।"],
        id="abbreviation",
    ),
    pytest.param(
        ["वे [झुमरीतलैया|LOC] शहर के हैं।", "[झुमरीतलैया|LOC] में बाजार बंद रहा।"],
        id="place",
    ),
]


@pytest.mark.parametrize("article", ARTICLES)
def test_names_spread(article):
    """What is sure in one sentence helps in the others."""
    assert article == labelled(*(marked(text)[0] for text in article))


@pytest.mark.parametrize("article", ARTICLES)
def test_order_makes_no_difference(article):
    """The same sentences in reverse order get the same entities."""
    texts = [marked(text)[0] for text in article]
    assert labelled(*texts) == labelled(*reversed(texts))[::-1]


def test_alone_the_part_is_unknown():
    """Without the sentence that explains it, an unknown last name is not found: the pass made the difference."""
    assert labelled("इस पर टेंभुर्णे चुप रहे।") == ["इस पर टेंभुर्णे चुप रहे।"]
