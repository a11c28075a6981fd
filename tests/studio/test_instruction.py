"""The guideline becomes HTML that Label Studio can show."""

from annotate.labels import Topic
from annotate.studio.instruction import instruction


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
