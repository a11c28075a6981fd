"""Characters by what they do at the end of a sentence or token, as the insides of character classes."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

__all__ = [
    "BREAKS",
    "BULLETS",
    "CASED",
    "CLOSERS",
    "CONTROLS",
    "INVISIBLE",
    "JOINERS",
    "QUOTES",
    "SPACES",
    "VIRAMAS",
    "any_of",
    "clinging",
    "clinging_ranges",
    "marks",
]

BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
BULLETS = "•◦▪●■►▶⁃‣∙·"
CONTROLS = "\t\x1f"  # white space that no mark can sit on
SPACES = " \xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Seen as nothing, and no part of the character before: zero-width space, BOM, direction marks, soft hyphen and kin.
INVISIBLE = "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
JOINERS = "\u200c\u200d"
CLOSERS = ")\\]}”’»›"
QUOTES = "\"'“‘„‚«`´"
# Lower-case letters, generously: what has case and is not plainly a capital.
CASED = (
    "a-z\xaa\xb5\xba\xdf-\u058f\u10a0-\u10ff\u13a0-\u13ff\u1c80-\u1cbf\u1d00-\u2184\u2c00-\u2d2f\ua640-\uab6f"
    "\ufb00-\ufb17\uff41-\uff5a\U00010000-\U0010ffff"
)
_LEANING = "\u0e33\u0eb3\uff9e\uff9f"  # letters by category
_LAST = 0xE01EF  # behind it there are no marks
VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0c4d\u0ccd\u0d4d"


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of `words`, the longest first; never matches if there is none."""
    return rf"(?:{'|'.join(map(re.escape, sorted(words, key=lambda w: (-len(w), w)))) or '(?!)'})"


def clinging() -> str:
    """A pattern for one character that stays with the one before it: a combining mark or a joiner."""
    # Astral marks inside the class would be compared one by one at each character that is none.
    return rf"(?:[{marks(0x300, 0xFFFF)}{JOINERS}{_LEANING}]|(?=[\U00010000-\U0010ffff])[{marks(0x10000, _LAST)}])"


def clinging_ranges() -> Iterator[tuple[int, int]]:
    """First and last code point of every run of characters that `clinging` matches."""
    yield from _marks(0x300, 0xFFFF)
    yield from _marks(0x10000, _LAST)
    yield from ((ord(char), ord(char)) for char in JOINERS + _LEANING)


def marks(first: int, last: int) -> str:
    """The combining marks between two code points, as the inside of a character class."""
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in _marks(first, last))


@cache
def _marks(first: int, last: int) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for code in range(first, last + 1):
        if 0x20000 <= code < 0xE0000:  # ideographs and nothing: no marks
            continue
        leans = unicodedata.category(chr(code)) in ("Mn", "Mc", "Me") or 0x1F3FB <= code <= 0x1F3FF
        if leans or 0xE0020 <= code <= 0xE007F:  # skin tones and the tags of flags count as marks
            if ranges and code == ranges[-1][1] + 1:
                ranges[-1] = ranges[-1][0], code
            else:
                ranges.append((code, code))
    return ranges
