"""English: where sentences end. ⏐ marks each boundary."""

import pytest

from annotate.split import split

CASES = [
    "The rain stopped.⏐ People went out.",
    "Who won the seat?⏐ Nobody knows yet.",
    "Order was restored!⏐ Shops opened again.",
    "Minister Ramesh K. Nair spoke last.",
    "The figures are on p. 12.",
    "Did Tata and co. sign the deal?",
    "They sold it to Mehta, Rao & Co. in March.",
    "Ask Tata and co.⏐ They may know.",
    "They sold it to Mehta, Rao & Co.⏐ It was announced today.",
    "The team climbed Mt. Kailash in June.",
    "St. Xavier's College stands on Park st. near the river.",
    "That was Robert Jr.'s car.",
    "She moved to the U.K. last year.",
    "She lives in the U.K.⏐ What about you?",
    "He works for the U.S. Treasury in Washington.",
    "He stayed in the U.S. for ten years.",
    "At 9 p.m. the polls closed.",
    "The fee is $20.50 per head.",
    "The fee is $20.50.⏐ It was lower before.",
    "He runs a school (It was founded in 1960 by his father.) in the old town.",
    "Write to news.desk@example.org.⏐ We read every letter.",
    "See https://www.example.org/2023/report_v1.2.html.⏐ It has all tables.",
    "He told the court, 'I was away.' he repeated it twice.",
    'He told the court, "I was away." he repeated it twice.',
    'He told the court, "I was away."⏐ The judge took note.',
    "Hurrah!!⏐ We won the cup.",
    "What??⏐ Nobody told us.",
    "Really!?⏐ When was that?",
    "Really?!⏐ When was that?",
    "1.) Boil the water⏐ 2.) Add the tea",
    "1.) Boil the water.⏐ 2.) Add the tea.",
    "1) Boil the water⏐ 2) Add the tea",
    "1) Boil the water.⏐ 2) Add the tea.",
    "1. Boil the water⏐ 2. Add the tea",
    "1. Boil the water.⏐ 2. Add the tea.",
    "• 4. Boil the water⏐ • 5. Add the tea",
    "⁃4. Boil the water⏐ ⁃5. Add the tea",
    "a. Boil the water⏐ b. Add the tea⏐ c. Serve",
    "The file is N°. 2201.114.⏐ That is the last one.",
    "She joined Yahoo! as an editor.",
    "It was only you and I.⏐ Was Peter I. Rao there?",
    "The poet ends, “and all the rivers fall silent. . . .”",
    '"The report [...] names no one [...]" (Rao 12).',
    "Three dots mark what is left out and a fourth ends it . . . .⏐ The rest follows.",
    "We never asked for that....⏐ They sent it anyway.",
    "I thought ... no, I was told...wait . . . they said . . . I forget.",
    "The clerk left.⏐Nobody saw him.",
    "Prof. Sen, Dr. Rao and Gen. Singh met Rep. Lee.⏐ They talked for an hour.",
    "The meeting, scheduled for Jan. 5, was put off.⏐ No date was given.",
    "Prices rose by approx. 5 per cent.⏐ Wages did not.",
]


@pytest.mark.parametrize("marked", CASES)
def test_english(marked):
    """A sentence ends after its mark and what closes with it, not at an abbreviation, number, address or label."""
    text = marked.replace("⏐", "")
    assert [part.strip() for part in marked.split("⏐")] == [text[s.start : s.end] for s in split(text, "en")]
