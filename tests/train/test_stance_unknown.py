"""Copies of a sentence in which some telling words are unknown: what changes, what stays, and always the same ones."""

import pytest

from annotate.prelabel.stance_rules import readings
from annotate.prelabel.stance_rules.findings import findings
from annotate.train.stance_unknown import with_unknown_words
from tests.prelabel.marked import marked, sentence

TEXT = "[राव|PER] ने [सपा|ORG] की कड़ी आलोचना की।"


def read(text):
    """Read a marked sentence as the rules do."""
    bare, entities = marked(text)
    (reading,) = readings([sentence(bare)], [entities])
    return reading


def test_rules_find_nothing_by_words_they_do_not_know():
    """With every telling word unknown no rule states the stance; names, cases and the words' endings stay."""
    reading = read(TEXT)
    found = findings(reading)
    unsure = with_unknown_words(reading, found, 0, 1.0)
    assert len(found) == 1
    assert findings(unsure) == []
    changed = [(one, other) for one, other in zip(reading.fold, unsure.fold, strict=True) if one != other]
    assert [one for one, _ in changed] == ["आलोचना"]
    assert changed[0][1].endswith("ना")
    assert unsure.entity_at == reading.entity_at


def test_nothing_to_hide():
    """There is no copy where no word tells, and none where none is drawn."""
    plain, telling = read("[राव|PER] ने [सपा|ORG] से बात की।"), read(TEXT)
    assert with_unknown_words(plain, findings(plain), 0, 1.0) is None
    assert with_unknown_words(telling, findings(telling), 0, 0.0) is None


@pytest.mark.parametrize("text", [TEXT, "[राव|PER] की आलोचनाओं पर [सपा|ORG] ने आलोचना की।"])
def test_a_word_is_unknown_in_the_whole_of_a_copy(text):
    """Whether a word is drawn hangs on its stem and the copy; about half of the copies have it at a share of a half."""
    reading = read(text)
    hidden = [with_unknown_words(reading, findings(reading), copy, 0.5) for copy in range(40)]
    assert all(
        sum(word.startswith("आलोच") for word in one.fold) in (0, sum(word.startswith("आलोच") for word in reading.fold))
        for one in hidden
        if one is not None
    )
    assert 8 < sum(one is not None for one in hidden) < 32
    again = [with_unknown_words(reading, findings(reading), copy, 0.5) for copy in range(40)]
    assert [one and one.fold for one in hidden] == [one and one.fold for one in again]
