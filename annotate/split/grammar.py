"""The rules of a language, compiled: the patterns and look-up sets the engine goes over a text with."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from annotate.split.rules import Rules, load

__all__ = ["BREAKS", "CLOSERS", "INVISIBLE", "JOINERS", "OPENERS", "QUOTES", "SPACES", "Grammar", "compiled", "marks"]

# Classes of characters, to stand between square brackets of a pattern.
BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
SPACES = "\t \x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Seen as nothing, and no part of the character before: zero-width space, BOM, direction marks, soft hyphen and kin.
INVISIBLE = "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
JOINERS = "\u200c\u200d"
CLOSERS = ")\\]}”’»›"
QUOTES = "\"'“‘„‚«`´"
OPENERS = "(\\[{“‘«‹„‚"


@dataclass(frozen=True, slots=True)
class Grammar:
    """Patterns and look-up sets of one language; `rules` keeps the rest."""

    rules: Rules
    candidates: re.Pattern[str]  # a mark or line break, what clings to it, white space, then a quote if one follows
    tail: re.Pattern[str]  # the same with groups: 1 what clings, 2 white space
    space: re.Pattern[str]  # white space and invisible characters
    trailing: str  # the characters of `space` and the joiners
    clinging: re.Pattern[str]  # marks and joiners, which stay with what is before them
    word: re.Pattern[str]  # a word at its beginning
    akshara: re.Pattern[str]  # a whole string that is a single akshara
    plain: dict[str, int]  # matches of `candidates` that end a sentence in any case, and how long its mark is

    def lead(self, text: str) -> int:
        """Where the first character that is seen stands."""
        joiners = len(text) - len(text.lstrip(JOINERS))
        return self.skip(text, joiners if self.clinging.match(text, joiners).end() == joiners else 0)

    def skip(self, text: str, at: int) -> int:
        """Where the white space and invisible characters at `at` end."""
        found = self.space.match(text, at)
        return found.end() if found else at

    def trim(self, text: str, start: int, stop: int) -> int:
        """Where `text[start:stop]` ends without the white space and invisible characters at its end."""
        end = start + len(text[start:stop].rstrip(self.trailing))
        # A joiner right after a letter is part of that letter.
        found = self.clinging.match(text, end, stop) if end > start else None
        return found.end() if found else end


@cache
def compiled(lang: str) -> Grammar:
    """Compile the rules of a language once.

    Raises:
        UsageError: the language is not known.
    """
    rules = load(lang)
    clinging = marks()
    ending = re.escape(rules.ends + rules.asks + (".…|" if rules.pipe else ".…"))
    head = rf"[{ending}{BREAKS}]"
    body = rf"(?:(?<![{BREAKS}])[{ending}{CLOSERS}{QUOTES}{clinging}{JOINERS}]++)?"
    space = rf"(?:[{SPACES}][{JOINERS}]*+(?![{clinging}])|[{BREAKS}{INVISIBLE}](?:[{JOINERS}]++(?![{clinging}]))?)*+"
    letter = rf"[^\W\d_][{clinging}{JOINERS}]*+"
    return Grammar(
        rules=rules,
        candidates=re.compile(rf"{head}{body}{space}[{CLOSERS}{QUOTES}]*+"),
        tail=re.compile(rf"({head}{body})({space})"),
        space=re.compile(space),
        trailing=_members(f"{SPACES}{BREAKS}{INVISIBLE}{JOINERS}"),
        clinging=re.compile(rf"[{clinging}{JOINERS}]*+"),
        word=re.compile(rf"(?:[\w{clinging}{JOINERS}])*+"),
        akshara=re.compile(rf"(?:{letter}(?<=[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0c4d\u0ccd\u0d4d]))*{letter}"),
        plain={end + gap: len(end) for end in rules.ends for gap in (" ", "  ")},
    )


@cache
def marks() -> str:
    """Every combining mark, as the inside of a character class."""
    codes = [c for c in (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0)) if unicodedata.category(chr(c))[0] == "M"]
    codes += [*range(0x1F3FB, 0x1F400)]  # skin tones
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


@cache
def _members(inside: str) -> str:
    """The characters of a class, one by one."""
    return "".join(re.findall(f"[{inside}]", "".join(map(chr, range(0x10000)))))
