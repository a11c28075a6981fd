"""English: where sentences end. ⏐ marks each boundary."""

import pytest

from annotate.split import split

CASES = [
    "The rain stopped. People went out.",
    "Who won the seat? Nobody knows yet.",
    "Order was restored! Shops opened again.",
    "Minister Ramesh K. Nair spoke last.",
    "The figures are on p. 12.",
    "Did Tata and co. sign the deal?",
    "They sold it to Mehta, Rao & Co. in March.",
    "Ask Tata and co. They may know.",
    "They sold it to Mehta, Rao & Co. It was announced today.",
    "The team climbed Mt. Kailash in June.",
    "St. Xavier's College stands on Park st. near the river.",
    "That was Robert Jr.'s car.",
    "She moved to the U.K. last year.",
    "She lives in the U.K. What about you?",
    "He works for the U.S. Treasury in Washington.",
    "He stayed in the U.S. for ten years.",
    "At 9 p.m. the polls closed.",
    "The fee is $20.50 per head.",
    "The fee is $20.50. It was lower before.",
    "He runs a school (It was founded in 1960 by his father.) in the old town.",
    "Write to news.desk@example.org. We read every letter.",
    "See https://www.example.org/2023/report_v1.2.html. It has all tables.",
    "He told the court, 'I was away.' he repeated it twice.",
    'He told the court, "I was away." he repeated it twice.',
    'He told the court, "I was away." The judge took note.',
    "Hurrah!! We won the cup.",
    "What?? Nobody told us.",
    "Really!? When was that?",
    "Really?! When was that?",
    "1.) Boil the water 2.) Add the tea",
    "1.) Boil the water. 2.) Add the tea.",
    "1) Boil the water 2) Add the tea",
    "1) Boil the water. 2) Add the tea.",
    "1. Boil the water 2. Add the tea",
    "1. Boil the water. 2. Add the tea.",
    "• 4. Boil the water • 5. Add the tea",
    "⁃4. Boil the water ⁃5. Add the tea",
    "a. Boil the water b. Add the tea c. Serve",
    "The file is N°. 2201.114. That is the last one.",
    "She joined Yahoo! as an editor.",
    "It was only you and I. Was Peter I. Rao there?",
    "The poet ends, “and all the rivers fall silent. . . .”",
    '"The report [...] names no one [...]" (Rao 12).',
    "Three dots mark what is left out and a fourth ends it . . . . The rest follows.",
    "We never asked for that.... They sent it anyway.",
    "I thought ... no, I was told...wait . . . they said . . . I forget.",
    "The clerk left.Nobody saw him.",
    "Prof. Sen, Dr. Rao and Gen. Singh met Rep. Lee. They talked for an hour.",
    "The meeting, scheduled for Jan. 5, was put off. No date was given.",
    "Prices rose by approx. 5 per cent. Wages did not.",
]
CUTS = {  # before which words the cases are cut, where it is more than one sentence
    0: ["People"], 1: ["Nobody"], 2: ["Shops"], 7: ["They"], 8: ["It was"], 13: ["What"], 18: ["It was"], 20: ["We read"],
    21: ["It has"], 24: ["The judge"], 25: ["We won"], 26: ["Nobody"], 27: ["When"], 28: ["When"], 29: ["2.)"], 30: ["2.)"],
    31: ["2)"], 32: ["2)"], 33: ["2."], 34: ["2."], 35: ["• 5."], 36: ["⁃5."], 37: ["b.", "c."], 38: ["That is"],
    40: ["Was Peter"], 43: ["The rest"], 44: ["They sent"], 46: ["Nobody"], 47: ["They talked"], 48: ["No date"], 49: ["Wages"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "cuts"), [pytest.param(text, CUTS.get(n, []), id=str(n + 1)) for n, text in enumerate(CASES)]
)
def test_english(text, cuts):
    """A sentence ends after its mark and what closes with it, not at an abbreviation, number, address or label."""
    assert cuts == [cut for cut in cuts if cut in text]
    edges = [0, *(text.index(cut, 1) for cut in cuts), len(text)]
    expected = [text[a:b].strip() for a, b in zip(edges, edges[1:], strict=False)]
    assert expected == [text[s.start : s.end] for s in split(text, "en")]
