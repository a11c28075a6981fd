"""Which articles are found to say the same."""

import pytest

from annotate.release.duplicates import Fingerprints, near_duplicates, shingles


def found(articles):
    """Pairs of near-duplicates among articles, given as lists of sentences."""
    prints = Fingerprints()
    sentences = [(name, sentence) for name, article in articles.items() for sentence in article]
    for name, sentence in sentences:
        prints.add(name, sentence)
    return [pair[:2] for pair in near_duplicates(prints.candidates(), sentences)], [p[:2] for p in prints.sharing()]


def test_copies_and_rewrites_are_found(prose):
    """A copy and a version with one sentence changed are near-duplicates, other prose is not."""
    text, other = prose(1), prose(2)
    alike, _ = found({"a": text, "b": other, "c": text, "d": [*text[:9], other[0]]})
    assert alike == [("a", "c"), ("a", "d"), ("c", "d")]


def test_order_of_sentences_does_not_matter(prose):
    """Sentences may come in any order, articles interleaved."""
    text = prose(1)
    assert found({"a": text, "b": text[::-1]})[0] == [("a", "b")]


def test_white_space_and_normal_form_do_not_matter():
    """Line breaks, double spaces and decomposed letters are the same text."""
    assert shingles("ज़िला अदालत  ने\nकहा") == shingles("ज\u093cिला अदालत ने कहा")


def test_long_sentence_in_common(prose):
    """Articles that share one long sentence belong together; a short phrase may stand anywhere."""
    a, b, c = prose(1), prose(2), prose(3)
    short = "जाँच जारी है।"
    assert found({"a": [*a, short], "b": [*b[1:], a[0], short], "c": [*c, short]}) == ([], [("a", "b")])


def test_boilerplate_binds_nothing(prose):
    """A sentence that stands in very many articles does not chain them together."""
    notice = "यह समाचार एजेंसी से लिया गया है और इसमें कोई बदलाव नहीं किया गया है।"
    assert found({f"a{number}": [*prose(number), notice] for number in range(12)}) == ([], [])


@pytest.mark.parametrize("text", ["", " ", "न", "न्यूज़।"])
def test_short_texts_have_a_shingle(text):
    """A text shorter than a shingle is its own."""
    assert len(shingles(text)) == 1
