"""The guideline becomes HTML that Label Studio can show, and is told from another one."""

import bleach
import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_studio.constants import SAFE_HTML_ATTRIBUTES, SAFE_HTML_TAGS

from annotate.labels import Topic
from annotate.studio.instruction import difference, instruction

MARKS = ["# ", "* ", "1. ", "7. ", "\n", "\n\n", "**", "`", "```\n", "<b>", "> ", "---\n", "\\", "  \n", "    "]
MARKS += ["[x](http://y.example/?a=1&b=2 'T')", "[x](ftp://a)", "![p](x.png)", "<http://a.example>"]
MARKS += ["&amp;", "&copy;", "&amp;copy;", "&#1;"]
TABLE = "\n\n| a | b |\n|:--|--:|\n| c | d |\n"
MARKDOWN = st.lists(st.text(max_size=6) | st.sampled_from([*MARKS, TABLE]), max_size=12).map("".join)


def test_markdown_becomes_html():
    """Headings, lists and tables keep their shape, with bullets of our own, since the page shows none."""
    html = instruction("# निर्देश\n\n- नाम **पहचानें**।\n\n| a |\n|---|\n| b |\n")
    assert "निर्देश</h1>" in html
    assert "<li>• नाम" in html
    assert "<strong>पहचानें</strong>" in html
    assert "<table>" in html


def test_html_in_the_guideline_is_shown_not_obeyed():
    """A script in a guideline is text."""
    assert "<script>" not in instruction("<script>alert(1)</script>")


def test_no_guideline_is_no_instruction():
    """Without a guideline the window stays away."""
    assert instruction("") == ""


def test_a_topic_has_a_part_of_its_own():
    """In the words of the configuration, whatever signs they hold; what belongs to it stands below."""
    html = instruction("# निर्देश", Topic("नागरिकता *कानून* <2019>", help="CAA, NRC"))
    assert html.startswith(instruction("# निर्देश"))
    assert html.count("<strong>नागरिकता *कानून* &lt;2019&gt;</strong>") == 2
    assert "CAA, NRC" in html


@given(MARKDOWN)
def test_what_label_studio_makes_of_it_is_no_difference(markdown):
    """It takes out styles, numbers of lists and addresses of schemes unknown to it, and writes the rest anew."""
    ours = instruction(markdown)
    theirs = bleach.clean(ours, tags=SAFE_HTML_TAGS, attributes=SAFE_HTML_ATTRIBUTES)
    assert difference(theirs, ours) is None


@pytest.mark.parametrize(
    ("theirs", "ours", "said"),
    [
        pytest.param("", "एक", "the project has none", id="none-there"),
        pytest.param("एक\n\nदो", "एक\n\nतीन", "the first difference is 'दो' in the project, 'तीन' here", id="word"),
        pytest.param("एक\n\nदो", "एक", "the first difference is 'दो' in the project, nothing here", id="less"),
        pytest.param("एक", "एक\n\nदो", "the first difference is nothing in the project, 'दो' here", id="more"),
        pytest.param("क" * 90, "ख", f"the first difference is '{'क' * 59}…' in the project, 'ख' here", id="long"),
        pytest.param("# एक", "एक", "the same words, marked up otherwise", id="heading"),
        pytest.param("- एक\n- दो", "1. • एक\n2. • दो", "the first difference is", id="bullets"),
        pytest.param(
            "[क](http://a.example)",
            "[क](http://b.example)",
            "a link goes to 'http://a.example' in the project, to 'http://b.example' here",
            id="link",
        ),
    ],
)
def test_a_difference_is_said(theirs, ours, said):
    """In one line, with the first words that differ."""
    found = difference(instruction(theirs), instruction(ours))
    assert found is not None
    assert found.startswith(said)
    assert "\n" not in found


def test_letters_composed_otherwise_are_a_difference_that_can_be_seen():
    """White space is not; a sign that cannot be printed is shown by its number."""
    assert difference("<p>क  ख\r\nग</p>", "<p>क ख ग</p>\n") is None
    assert difference("<p>क\u200dख</p>", "<p>कख</p>") == r"the first difference is 'क\u200dख' in the project, 'कख' here"
