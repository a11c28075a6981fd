"""The rules of a language, compiled: the patterns and look-up sets the engine goes over a text with."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from annotate.aksharas import is_boundary
from annotate.split.characters import (
    BREAKS,
    BULLETS,
    CASED,
    CLOSERS,
    CONTROLS,
    INVISIBLE,
    JOINERS,
    QUOTES,
    SPACES,
    VIRAMAS,
    any_of,
    clinging,
    marks,
)  # fmt: skip
from annotate.split.datelines import opening, special
from annotate.split.rules import Rules, load

__all__ = ["Grammar", "compiled"]

# A word this long before a full stop is no initial, and abbreviations are excepted one by one.
_LONG = 6
_LONG_LATIN = 2


@dataclass(frozen=True, slots=True)
class Grammar:
    """Patterns and look-up sets of one language; `rules` keeps the rest."""

    rules: Rules
    candidates: re.Pattern[str]  # two characters where a sentence ends in any case, else a mark or break to judge
    tail: re.Pattern[str]  # a mark: 1 it and what clings to it, 2 white space
    space: re.Pattern[str]  # white space and invisible characters
    trailing: str  # the characters of `space` and the joiners
    clinging: re.Pattern[str]  # marks and joiners, which stay with what is before them
    word: re.Pattern[str]  # a word at its beginning
    akshara: re.Pattern[str]  # a whole string that is a single akshara
    special: re.Pattern[str]  # the beginning of a line that may open with a dateline or a list item, quickly told
    opening: re.Pattern[str]  # what may be a dateline
    item: re.Pattern[str]  # what a list item opens with: 1 bullet, 2 number or letter, 3 what closes it

    def lead(self, text: str) -> int:
        """Where the first character that is seen stands."""
        if text[:1].isalnum():
            return 0
        joiners = len(text) - len(text.lstrip(JOINERS))
        found = self.clinging.match(text, joiners)
        return self.skip(text, 0 if found and found.end() > joiners else joiners)

    def skip(self, text: str, at: int) -> int:
        """Where the white space and invisible characters at `at` end."""
        found = self.space.match(text, at)
        return found.end() if found else at

    def trim(self, text: str, start: int, stop: int) -> int:
        """Where `text[start:stop]` ends without the white space and invisible characters at its end."""
        end = start + len(text[start:stop].rstrip(self.trailing))
        # A joiner right after a letter is part of that letter.
        found = self.clinging.match(text, end, stop) if end > start else None
        end = found.end() if found else end
        while not is_boundary(text, end):  # a sign that is written before the space it sits on
            end += 1
        return end


@cache
def compiled(lang: str) -> Grammar:
    """Compile the rules of a language once.

    Raises:
        UsageError: the language is not known.
    """
    rules = load(lang)
    mark = marks(0x300, 0xFFFF)
    ending = re.escape(rules.ends + rules.asks + rules.stops + ("…|" if rules.pipe else "…"))
    head = rf"[{ending}{BREAKS}]"
    body = rf"[{ending}{CLOSERS}{QUOTES}{mark}{JOINERS}]*+"
    unmarked = rf"[{BREAKS}{CONTROLS}{INVISIBLE}](?:[{JOINERS}]++(?!{clinging()}))?+"
    space = rf"(?:[{SPACES}][{JOINERS}]*+(?!{clinging()})|{unmarked})*+"
    letter = rf"[^\W\d_][{mark}{JOINERS}]*+"
    return Grammar(
        rules=rules,
        candidates=re.compile(rf"{head}(?:{_plain(rules)}|{_no_initial(rules)})"),
        tail=re.compile(rf"({head}{body})({space})"),
        space=re.compile(space),
        trailing=_members(f"{SPACES}{BREAKS}{CONTROLS}{INVISIBLE}{JOINERS}"),
        clinging=re.compile(rf"{clinging()}*+"),
        word=re.compile(rf"[\w{mark}{JOINERS}]*+"),
        akshara=re.compile(rf"(?:{letter}(?<=[{VIRAMAS}]))*+{letter}|{letter}(?<=[{VIRAMAS}])"),
        special=special(rules),
        opening=opening(rules),
        item=re.compile(rf"(?:([{BULLETS}])[ \t]*)?(?:(\d{{1,3}}|[a-z])(\.\)|[.)]))?(?<!\w)[ \t]*(?=\S)"),
    )


def _plain(rules: Rules) -> str:
    """What stands on both sides of a mark when nothing needs a closer look: a space, then a word."""
    word = rf"[\w{marks(0x300, 0xFFFF)}{JOINERS}]"
    no_word = rf"(?!{any_of(rules.continuations | rules.quotatives)}(?!{word}))"
    short = {w for w in rules.abbreviations | rules.titles | rules.initials | rules.before_number if len(w) > 1}
    stops = re.escape(rules.stops)
    finals = _behind(r"\s", rules.finals - rules.initials - rules.titles - rules.before_number, stops)
    stop = (
        rf"(?:(?<=[a-z]{{{_LONG_LATIN}}}\.)|(?<=[^\x00-\x7f]{{{_LONG}}}[{stops}])"
        rf"|(?<=[^\s{stops}…] [{stops}])|{finals})"
        rf"{_not_behind('', short | {w.lower() for w in short}, stops)}"
    )
    ends = rf"(?<=[{re.escape(rules.ends)}])" if rules.ends else "(?!)"
    asks = re.escape(rules.asks.replace("!", "") if rules.interjections else rules.asks)
    return (
        rf"{ends} (?=[\"'“‘(]?\w)|{ends}[\"”’] (?=\w){no_word}"
        rf"|(?:(?<=[{asks}])|{stop}) (?=\w)(?![{CASED}]){no_word}"
    )


def _no_initial(rules: Rules) -> str:
    """Passes over the full stops that are settled the other way: within a number, between and behind initials."""
    if rules.starters:  # then a sentence may begin behind an initial, which takes a closer look
        return r"(?<!\.)|(?!\d)"
    stops = re.escape(rules.stops)
    initials = _not_behind(r"[\s.(]", rules.initials - rules.finals, stops)
    short = _not_behind(r"[\s.(]", rules.titles | (rules.abbreviations - rules.finals), stops)
    return rf"(?<![{stops}])|(?!\d){initials}(?:(?! \w)|{short})"


def _behind(before: str, words: Iterable[str], stops: str) -> str:
    """A pattern that matches behind one of `words` and a full stop."""
    return "|".join(rf"(?<={before}{same}[{stops}])" for same in _by_length(words)) or "(?!)"


def _not_behind(before: str, words: Iterable[str], stops: str) -> str:
    """A pattern that fails behind one of `words` and a full stop."""
    return "".join(rf"(?<!{before}{same}[{stops}])" for same in _by_length(words))


def _by_length(words: Iterable[str]) -> Iterator[str]:
    """A pattern for the words of each length, as a look-behind has one width."""
    by_length: dict[int, list[str]] = {}
    for word in words:
        by_length.setdefault(len(word), []).append(word)
    return (any_of(same) for _, same in sorted(by_length.items()))


@cache
def _members(inside: str) -> str:
    """The characters of a class, one by one."""
    return "".join(re.findall(f"[{inside}]", "".join(map(chr, range(0x10000)))))
