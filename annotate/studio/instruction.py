"""The guideline as the HTML that Label Studio shows as a project's instructions."""

import re

from annotate.labels import Topic

__all__ = ["instruction"]

# Label Studio's page shows no bullets, leaves no distance between blocks, and takes `style` out of what it is given.
_APART = {"<li>": "<li>• ", "<h2>": "<br><h2>", "</table>": "</table><br>"}


_TOPIC = """

## विषय · Topic

हर वाक्य पूरे का पूरा **{topic}** के पक्ष में है, विरोध में, या तटस्थ? उत्तर वाक्य के नीचे दीजिए; उसके बिना वाक्य जमा नहीं होता।
Is each sentence as a whole for **{topic}**, against it, or neutral? Answer below it, or it cannot be submitted.
{help}
"""
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
    return html
