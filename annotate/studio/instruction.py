"""The guideline as the HTML that Label Studio shows as a project's instructions, and how another one differs."""

import re
from html.parser import HTMLParser
from itertools import zip_longest

from annotate.labels import Topic

__all__ = ["difference", "instruction"]

# Label Studio's page shows no bullets, leaves no distance between blocks, and takes `style` out of what it is given.
_APART = {"<li>": "<li>• ", "</h1>": "</h1><br>", "<h2>": "<br><h2>", "</table>": "</table><br>"}


_TOPIC = """

## विषय · Topic

हर वाक्य पूरे का पूरा **{topic}** के पक्ष में है, विरोध में, या तटस्थ? उत्तर वाक्य के नीचे दीजिए; उसके बिना वाक्य जमा नहीं होता।
Is each sentence as a whole for **{topic}**, against it, or neutral? Answer below it, or it cannot be submitted.
{help}
"""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # Label Studio shows a question mark for each
_QUOTED = 60  # characters of a passage in a message
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")  # those that Markdown may take for markup


def instruction(markdown: str, topic: Topic | None = None) -> str:
    """Turn the guideline's Markdown (CommonMark and tables; HTML in it is shown, not obeyed) into HTML.

    Args:
        markdown: the guideline.
        topic: what the campaign asks about each sentence as a whole, which a part of its own then says.
    """
    from markdown_it import MarkdownIt

    if topic:
        text, explained = (_SIGNS.sub(r"\\\1", words) for words in (topic.text, topic.help))
        markdown += _TOPIC.format(topic=text, help=explained)
    html = str(MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown))
    for tag, apart in _APART.items():
        html = html.replace(tag, apart)
    return _CONTROLS.sub("", html)


def difference(theirs: str, ours: str) -> str | None:
    """Say in one line what a project's instructions have otherwise than those made here; None when they tell the same.

    Label Studio writes HTML anew and takes out what it does not want shown (`style`, the number a list begins with,
    addresses of schemes unknown to it), so words, tags and addresses are compared, and an address that is gone is none.

    Args:
        theirs: HTML, as the server gives it.
        ours: HTML, as `instruction` made it.
    """
    there, here = _Told.of(theirs), _Told.of(ours)
    if not theirs.strip():
        return None if not ours.strip() else "the project has none"
    pairs = [(a, b) for a, b in zip_longest(there.words, here.words) if a != b]
    if pairs:
        one, other = (_quoted(words) for words in pairs[0])
        return f"the first difference is {one} in the project, {other} here"
    if there.tags != here.tags:
        return "the same words, marked up otherwise"
    for old, new in zip(there.addresses, here.addresses, strict=True):
        if old is not None and old != new:
            return f"a link goes to {old!r} in the project, to {new!r} here"
    return None


class _Told(HTMLParser):
    """What a reader gets of HTML: words between tags, the tags, and where links and pictures lead."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, int]] = []  # each with how many words came before it
        self.addresses: list[str | None] = []  # of the links and pictures, in order

    @classmethod
    def of(cls, html: str) -> "_Told":
        made = cls()
        made.feed(html)
        made.close()
        return made

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, len(self.words)))
        if tag in ("a", "img"):
            self.addresses.append(dict(attrs).get("href" if tag == "a" else "src"))

    def handle_data(self, data: str) -> None:
        if words := " ".join(data.split()):
            self.words.append(words)


def _quoted(words: str | None) -> str:
    if words is None:
        return "nothing"
    return repr(words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…")
