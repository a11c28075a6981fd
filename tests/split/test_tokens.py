"""Tokens: what stays whole, what stands alone."""

import pytest

from annotate.errors import UsageError
from annotate.split import tokenize

# Tokens are set apart by ·, and what lies between them in the text by a space or nothing.
CASES = {
    "words-and-danda": ("वह गया।", "वह · गया · ।"),
    "marks-and-nukta": ("क़लम ज़रूर फ़ैसला पढ़ें", "क़लम · ज़रूर · फ़ैसला · पढ़ें"),
    "decomposed-nukta": ("प\u0922\u093cना", "प\u0922\u093cना"),
    "conjuncts": ("राष्ट्रीय स्त्री", "राष्ट्रीय · स्त्री"),
    "zwj-and-zwnj": ("क्\u200dष क्\u200cष", "क्\u200dष · क्\u200cष"),
    "abbreviation": ("डॉ. राव", "डॉ · . · राव"),
    "initials": ("ए.पी.जे.", "ए · . · पी · . · जे · ."),
    "separators": ("1,000 और 12,34,567.50", "1,000 · और · 12,34,567.50"),
    "devanagari-digits": ("७.५ फीसदी", "७.५ · फीसदी"),
    "time-and-date": ("10:30 बजे 13/09/2023 को", "10:30 · बजे · 13/09/2023 · को"),
    "number-at-the-end": ("सन 1947.", "सन · 1947 · ."),
    "number-and-letters": ("5जी 13वीं", "5 · जी · 13 · वीं"),
    "letters-and-number": ("जी20 में", "जी20 · में"),
    "hyphen": ("अलग-थलग", "अलग · - · थलग"),
    "range": ("2004-05", "2004 · - · 05"),
    "quotes": ("‘साम्राज्यवाद‘ “हां”", "‘ · साम्राज्यवाद · ‘ · “ · हां · ”"),
    "marks-apart": ("क्या?!", "क्या · ? · !"),
    "dots-apart": ("वह...", "वह · . · . · ."),
    "percent-and-rupee": ("₹500 यानी 5%", "₹ · 500 · यानी · 5 · %"),
    "url": ("देखें https://a.in/ख-1?x=2&y=3।", "देखें · https://a.in/ख-1?x=2&y=3 · ।"),
    "url-and-stop": ("See http://a.in/b.html.", "See · http://a.in/b.html · ."),
    "url-in-brackets": ("(www.a.in)", "( · www.a.in · )"),
    "e-mail": ("a.b+c@d.co.in, को", "a.b+c@d.co.in · , · को"),
    "hashtag": ("#किसान_आंदोलन!", "#किसान_आंदोलन · !"),
    "handle": ("@PMOIndia ने", "@PMOIndia · ने"),
    "lone-hash": ("# नंबर", "# · नंबर"),
    "latin": ("COVID-19 don't", "COVID · - · 19 · don · ' · t"),
    "emoji": ("जीत 🎉👍🏽👨\u200d👩\u200d👧🇮🇳!", "जीत · 🎉 · 👍🏽 · 👨\u200d👩\u200d👧 · 🇮🇳 · !"),
    "urdu": ("یہ ہے۔ کیا؟", "یہ · ہے · ۔ · کیا · ؟"),
    "arabic-digits": ("۵٫۷ فیصد", "۵٫۷ · فیصد"),
    "tamil": ("தி.மு.க.", "தி · . · மு · . · க · ."),
    "malayalam-chillu": ("അവൾ ന്\u200d", "അവൾ · ന്\u200d"),
    "bengali": ("বাংলা। ক্ষুদ্র", "বাংলা · । · ক্ষুদ্র"),
    "odia": ("ଓଡ଼ିଆ ଭାଷା", "ଓଡ଼ିଆ · ଭାଷା"),
    "bom-and-nbsp": ("\ufeffवह\xa0गया\u200b।", "वह · गया · ।"),
    "line-ends": ("वह\r\nगया\n", "वह · गया"),
}


@pytest.mark.parametrize(("text", "tokens"), [pytest.param(*row, id=name) for name, row in CASES.items()])
def test_tokens(text, tokens):
    """Words keep their marks, numbers their separators, addresses stay whole; every other sign is one token."""
    assert tokens.split(" · ") == [text[t.start : t.end] for t in tokenize(text)]


def test_languages_share_tokens():
    """Tokens do not depend on the language."""
    text = "वह 1,000 रु. لایا۔"
    assert tokenize(text, "hi") == tokenize(text, "ur") == tokenize(text, "ta")


def test_unknown_language():
    """An unknown language is refused and the known ones are named."""
    with pytest.raises(UsageError, match=r"xx.*known.*hi"):
        tokenize("वह", "xx")


def test_what_is_not_seen_is_no_token():
    """Every kind of white space and every direction mark, isolate and joiner stands between tokens, never as one."""
    unseen = ["\u2003", "\u205f", "\u3000", "\u200b", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F))]
    unseen += [*map(chr, range(0x2060, 0x2065)), *map(chr, range(0x2066, 0x2070)), "\xad", "\ufeff"]
    for char in unseen:
        assert tokenize(char) == [], f"U+{ord(char):04X}"
        assert tokenize(f"वह{char} {char}गया") == [(0, 2), (5, 8)], f"U+{ord(char):04X}"
