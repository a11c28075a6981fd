"""Where a text may be cut: never inside what a reader sees as one character.

Follows the extended grapheme clusters of UAX 29 with its rule GB9c for Indic conjuncts. Stricter in one place: in
Gurmukhi and Kannada, too, a consonant stays with the virama before it, since readers see one akshara there.
"""

import unicodedata
from functools import lru_cache

__all__ = ["is_boundary", "snap"]

# A run of marks or flags longer than this is no writing. The bound keeps every answer local on hostile input.
_REACH = 64

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VIRAMAS = frozenset("\u094d\u09cd\u0a4d\u0acd\u0b4d\u0c4d\u0ccd\u0d4d")
_INDIC_CONSONANTS = (
    (0x0915, 0x0939), (0x0958, 0x095F), (0x0978, 0x097F),  # Devanagari
    (0x0995, 0x09B9), (0x09DC, 0x09DF), (0x09F0, 0x09F1),  # Bengali, Assamese
    (0x0A15, 0x0A39), (0x0A59, 0x0A5E),  # Gurmukhi
    (0x0A95, 0x0AB9), (0x0AF9, 0x0AF9),  # Gujarati
    (0x0B15, 0x0B39), (0x0B5C, 0x0B5F), (0x0B71, 0x0B71),  # Odia
    (0x0C15, 0x0C39), (0x0C58, 0x0C5A),  # Telugu
    (0x0C95, 0x0CB9), (0x0CDE, 0x0CDE),  # Kannada
    (0x0D15, 0x0D3A),  # Malayalam
)  # fmt: skip
# Thai and Lao AM are letters by category but lean on what is before them.
_LEANING_LETTERS = frozenset("\u0e33\u0eb3")
_HALFWIDTH_MARKS = frozenset("\uff9e\uff9f")
_PREPENDED = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e"
    "\U000110bd\U000110cd\U000111c2\U000111c3\U0001193f\U00011941\U00011a3a\U00011d46"
)


def is_boundary(text: str, at: int) -> bool:
    """Tell whether `text` may be cut before the code point at index `at` without cutting a character in two.

    Both ends of the text are boundaries. Looks at most 64 code points back, so it answers in constant time; beyond
    that many marks or flags in a row the answer is no.
    """
    if at <= 0 or at >= len(text):
        return 0 <= at <= len(text)
    after = text[at]
    before = text[at - 1]
    if after < "\u0300" and before < "\u0300":
        return not (before == "\r" and after == "\n")
    if after == " " or before == " ":  # most questions are about words between spaces
        return before not in _PREPENDED and not _leans_back(after)
    if _is_control(before) or _is_control(after):
        return True
    if _leans_back(after) or before in _PREPENDED:
        return False
    return not (
        _joins_conjunct(text, at) or _joins_emoji(text, at) or _joins_flag(text, at) or _joins_syllable(before, after)
    )


def snap(text: str, at: int) -> int:
    """The last boundary at or before `at`."""
    at = min(max(at, 0), len(text))
    while not is_boundary(text, at):
        at -= 1
    return at


@lru_cache(1 << 12)
def _is_control(char: str) -> bool:
    # ZWNJ, ZWJ, the tags of emoji and the prepended marks are format characters that UAX 29 does not count as controls.
    category = unicodedata.category(char)
    if category == "Cf":
        return not (char in (_ZWNJ, _ZWJ) or char in _PREPENDED or "\U000e0020" <= char <= "\U000e007f")
    return category in ("Cc", "Zl", "Zp", "Cs")


@lru_cache(1 << 12)
def _leans_back(char: str) -> bool:
    """Marks, joiners, skin tones, tags: whatever belongs to the character before it."""
    return (
        unicodedata.category(char) in ("Mn", "Mc", "Me")
        or char in (_ZWNJ, _ZWJ)
        or char in _LEANING_LETTERS
        or char in _HALFWIDTH_MARKS
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _joins_conjunct(text: str, at: int) -> bool:
    """GB9c: a consonant after a virama, whatever other marks stand between; a ZWNJ keeps them apart."""
    if not _is_consonant(text[at]):
        return False
    for back in range(at - 1, max(at - _REACH, 0) - 1, -1):
        if text[back] in _VIRAMAS:
            return True
        if text[back] == _ZWNJ or not _leans_back(text[back]):
            return False
    return at > _REACH


def _joins_emoji(text: str, at: int) -> bool:
    """GB11: pictograph, marks, ZWJ, pictograph."""
    if text[at - 1] != _ZWJ or not _is_pictograph(text[at]):
        return False
    for back in range(at - 2, max(at - _REACH, 0) - 1, -1):
        if _is_pictograph(text[back]):
            return True
        if not _leans_back(text[back]):
            return False
    return at > _REACH


def _joins_flag(text: str, at: int) -> bool:
    """GB12 and GB13: regional indicators pair up from where their run begins."""
    if not _is_flag(text[at]):
        return False
    count = 0
    while count < at and _is_flag(text[at - 1 - count]):
        count += 1
        if count > _REACH:
            return True
    return count % 2 == 1


def _is_consonant(char: str) -> bool:
    code = ord(char)
    return 0x0915 <= code <= 0x0D3A and any(first <= code <= last for first, last in _INDIC_CONSONANTS)


def _is_pictograph(char: str) -> bool:
    # The property is not in unicodedata; every pictograph is one of these, and few others ever meet a ZWJ.
    if "\U0001f3fb" <= char <= "\U0001f3ff" or _is_flag(char):
        return False
    return char in "©®‼⁉™ℹ〰〽" or (char >= "\u2190" and unicodedata.category(char) in ("So", "Sm", "Cn"))


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _joins_syllable(before: str, after: str) -> bool:
    """GB6 to GB8: the jamo of one Hangul syllable."""
    if not ("\u1100" <= before <= "\ud7fb" and "\u1100" <= after <= "\ud7fb"):
        return False
    first, second = _jamo(before), _jamo(after)
    return (
        (first == "L" and second in ("L", "V", "LV", "LVT"))
        or (first in ("LV", "V") and second in ("V", "T"))
        or (first in ("LVT", "T") and second == "T")
    )


def _jamo(char: str) -> str:
    code = ord(char)
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    return ""
