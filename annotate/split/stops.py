"""Whether a mark ends a sentence, judged by the words on both sides of it."""

from typing import NamedTuple

from annotate.split.grammar import Grammar
from annotate.split.rules import Rules

__all__ = ["Place", "ends_sentence"]

_REACH = 40
# What follows a mark inside a sentence: the mark belonged to an abbreviation, a number or a run of marks.
_INTERRUPTIONS = frozenset(",;:%/=+.?!…।॥؟۔")
_FRONT = "([{<\"'“”‘’„‚«‹`´-–—*"
_QUOTES = frozenset("\"'“‘”’»›`´)]}")
_FRONT_SET = frozenset(_FRONT)
_LONG = 5
_BEFORE_LABEL = "•◦▪●■►▶⁃‣∙·*-–— \t"
_WEB = ("://", "www.", "@", "/")


class Place(NamedTuple):
    """Where a mark stands, in code points."""

    start: int  # of the sentence it may end
    mark: int  # the first of the marks
    end: int  # behind the marks and what clings to them
    after: int  # behind the white space


def ends_sentence(text: str, place: Place, grammar: Grammar) -> bool:
    """Tell whether the marks at `place` end the sentence; something follows them in the line."""
    start, mark, end, after = place
    rules = grammar.rules
    marks = _latin_stops(text[mark:end], rules)
    if text[after] in _INTERRUPTIONS:
        return text[after] == "," and after > end and marks == "." and _follows_a_word(text, start, mark, grammar)
    following = _word_at(text, after, grammar)
    quoted = marks[-1] in _QUOTES
    if quoted and (following in rules.continuations or following in rules.quotatives):
        return False
    if not rules.ends_set.isdisjoint(marks):
        return True
    low = following[:1].islower() and not _may_go_low(text, mark, marks, quoted or end == after, rules)
    if low or text[mark - 1 : mark] in ("(", "[") or following in rules.continuations:
        return False
    if not rules.asks_set.isdisjoint(marks):
        return not (marks[0] == "!" and text[start:mark].strip() in rules.interjections)
    return mark > start and _weak_mark_ends(text, place, marks, following, grammar)


def _weak_mark_ends(text: str, place: Place, marks: str, following: str, grammar: Grammar) -> bool:
    """A pipe, dots or a full stop: marks that do other work as well."""
    start, mark, end, after = place
    apart = text[mark - 1].isspace()
    if marks[0] == "|":
        return end < after and not apart
    if marks.startswith("..") or "…" in marks:
        return end < after and _ellipsis_ends(text, mark, marks, text[after], grammar.rules)
    if apart:
        return _lone_stop_ends(text, start, mark, following)
    chunk = _chunk_before(text, start, mark, grammar.rules)
    if end == after and text[mark] == ".":
        return not _is_address(text, mark) and _glued_stop_ends(chunk, following, grammar.rules)
    if chunk.lstrip(_BEFORE_LABEL) == text[start:mark].lstrip(_BEFORE_LABEL) and _is_label(chunk.lstrip(_BEFORE_LABEL)):
        return False
    return _stop_ends(chunk, following, grammar)


def _chunk_before(text: str, start: int, mark: int, rules: Rules) -> str:
    """What stands before a mark up to white space, without quotes and brackets in front."""
    return _latin_stops(_last_word(text[max(start, mark - _REACH) : mark]).lstrip(_FRONT), rules)


def _last_word(part: str) -> str:
    return part.rsplit(maxsplit=1)[-1]


def _is_label(chunk: str) -> bool:
    """A letter or a short number that opens an item of a list."""
    return len(chunk) == 1 or (len(chunk) <= 3 and chunk.isdecimal())


def _stop_ends(chunk: str, following: str, grammar: Grammar) -> bool:
    """A full stop between `chunk` and the word that follows."""
    rules = grammar.rules
    last = chunk.rpartition(".")[2].rpartition("-")[2]
    if last[-1:].isdigit():
        return following not in rules.months
    if _is_any(chunk, last, rules.titles) or (
        following[:1].isdigit() and (last in rules.before_number or chunk in rules.before_number)
    ):
        return False
    if last in rules.finals:  # which may be the name of a letter, too: it is one beside another
        return last not in rules.initials or not ("." in chunk or following in rules.initials)
    if last in rules.initials or _is_any(chunk, last, rules.abbreviations) or ("." in chunk and len(last) < 3):
        return following in rules.starters
    # One akshara with a full stop is an initial in all these scripts, unless the language lists it as a last word.
    return last.isascii() or not grammar.akshara.fullmatch(last)


def _follows_a_word(text: str, start: int, mark: int, grammar: Grammar) -> bool:
    """A full stop right behind a word that is no abbreviation and no number."""
    if mark == start or text[mark - 1].isspace():
        return False
    chunk = _chunk_before(text, start, mark, grammar.rules)
    return not chunk[-1:].isdigit() and _stop_ends(chunk, "", grammar)


def _is_address(text: str, mark: int) -> bool:
    return any(part in text[mark : mark + _REACH].split(maxsplit=1)[0] for part in _WEB)


def _glued_stop_ends(chunk: str, following: str, rules: Rules) -> bool:
    """A full stop with no space behind it: part of a name, number or address more often than not."""
    if "." in chunk or len(following) < 2 or following[0].isdigit() or any(part in chunk for part in _WEB):
        return False
    if following[0].isupper():
        return len(chunk) > 2 and (chunk.islower() or chunk[-1].isdigit() or chunk.istitle()) and following[1].islower()
    if chunk.isascii() or chunk in rules.titles or chunk in rules.abbreviations:
        return False
    return chunk in rules.finals or (len(chunk) >= _LONG and len(following) >= 3)


def _ellipsis_ends(text: str, mark: int, marks: str, after: str, rules: Rules) -> bool:
    """Dots trail off at the end of a sentence or pause within one; four are three and a full stop, two are a slip."""
    if marks.count(".") in (2, 4) or marks[-1] in _QUOTES or after.isupper() or after in _FRONT:
        return True
    word = _last_word(text[max(0, mark - _REACH) : mark])
    return not rules.dots_pause or word in rules.finals or word.endswith(rules.final_suffixes)


def _lone_stop_ends(text: str, start: int, mark: int, following: str) -> bool:
    """A full stop with a space before it: the end in tokenized text, or the last of some dots that are set apart."""
    dots = 0
    at = mark
    while at >= start and (text[at] in ".…" or text[at].isspace()) and dots < 5:
        dots += 3 if text[at] == "…" else text[at] == "."
        at -= 1
    if dots == 3:  # left out, where a capital would tell; else trailing off
        return not (following[:1].isupper() or following[:1].islower())
    return dots < 5


def _may_go_low(text: str, mark: int, marks: str, attached: bool, rules: Rules) -> bool:
    """Tell whether a sentence may begin in lower case here: writers are careless, or the scripts are mixed."""
    if attached or "!" in marks or ".." in marks or "…" in marks:
        return False
    before = text[max(0, mark - _REACH) : mark].rstrip()[-1:]
    return rules.low_starts or not (before.islower() or before.isupper())


def _latin_stops(part: str, rules: Rules) -> str:
    """The part with the stops of another script written as Latin ones, so that one set of rules serves both."""
    for stop in rules.stops:
        part = part.replace(stop, ".")
    return part


def _is_any(chunk: str, last: str, words: frozenset[str]) -> bool:
    return chunk in words or last in words or last.lower() in words or last.capitalize() in words


def _word_at(text: str, at: int, grammar: Grammar) -> str:
    """The word at `at`, behind quotes and brackets."""
    limit = at + _REACH
    while at < limit and text[at : at + 1] in _FRONT_SET:
        at += 1
    found = grammar.word.match(text, at, limit)
    return found[0] if found else ""
