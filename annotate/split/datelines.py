"""Datelines: the place, date and agency that a news report opens with.

मॉस्को, 13 सितम्बर। · नई दिल्ली (एजेंसी)। · लखनऊ, जागरण संवाददाता। · NEW DELHI, Sept 13 (PTI) — · पटना:
"""

import re
from functools import cache

from annotate.split.characters import BREAKS, BULLETS, any_of
from annotate.split.rules import Rules, load

__all__ = ["is_dateline", "opening", "special"]

_LINE_REACH = 600
_WORDS = 4  # a place or an agency has no more than these
_DIGITS = "0-9٠-٩۰-۹०-९০-৯੦-੯૦-૯୦-୯௦-௯౦-౯೦-೯൦-൯"


def special(rules: Rules) -> re.Pattern[str]:
    """A quick test that passes over the lines which can open with neither a dateline nor the item of a list.

    They hold no mark of a dateline near their beginning, as nearly all of running text.
    """
    ends = re.escape(rules.ends + rules.stops)
    words, marks = _words(ends), rf"(\[:—–{ends}{_DIGITS}-"
    # What lets `opening` through must get through here: behind a comma comes a date, a second name or a bracket.
    place = rf"{words}(?:[{marks}]|,[ \xa0]?(?:[{_DIGITS}(\[]|{words}[,{marks}]))"
    return re.compile(rf"{place}|[(\[\d{BULLETS}]|[a-z][.)]")


def opening(rules: Rules) -> re.Pattern[str]:
    """A pattern for what may be a dateline, up to and with its mark: names, a date, an agency in brackets."""
    ends = re.escape(rules.ends + rules.stops)
    words = rf"{_words(ends)}(?:-[^\W\d_][^,():;—–{ends}{BREAKS}-]{{0,20}}+)?+"
    month = any_of(rules.months)
    date = (
        rf"(?:{any_of(rules.weekdays)},?[ \xa0])?(?:\d{{1,2}}[ \xa0]{month}|{month}\.?[ \xa0]\d{{1,2}}(?!\d)"
        rf"|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}})(?:,?[ \xa0]\d{{4}})?"
    )
    mark = rf"[:—–{ends}]|(?<=\s)-(?=\s)"
    return re.compile(
        rf"(?:(?P<place>{words})(?=[,(\[:—–{ends}{_DIGITS}-])(?:,[ \xa0]?(?!{date})(?P<second>{words}))?"
        rf"(?:,?[ \xa0]?(?P<date>{date}))?|(?=[(\[]))"
        rf"(?:,?[ \xa0]?[(\[](?P<bracketed>[^(){BREAKS}\[\]]{{2,40}}+)[)\]]"
        rf"(?:[ \xa0]?(?P<closed>{mark}))?|[ \xa0]?(?P<alone>{mark}))"
    )


def _words(ends: str) -> str:
    # No class of letters here: a negated list of signs is what keeps this fast on the lines that open with no dateline.
    return rf"[^(),:;—–?!…|\[\]\"“”‘’{ends}{_DIGITS}{BREAKS}-]{{2,40}}+"


def is_dateline(found: re.Match[str], rules: Rules) -> bool:
    """Tell whether what `opening` found at the beginning of a line is a dateline.

    A date or a known agency makes a dateline of any words beside it. A place alone must be a known one, or written in
    capitals, and a whole sentence must follow it in the line: otherwise the line is a heading.
    """
    names = [part.strip() for part in found.group("place", "second") if part]
    if any(name.count(" ") >= _WORDS for name in names):
        return False
    date, bracketed, closed, mark = found.group("date", "bracketed", "closed", "alone")
    if bracketed:
        known = bool(names) and all(_is_place(name, rules, closed) for name in names)
        if _names_agency(bracketed, rules):
            return not names or bool(date or closed) or known
        return bracketed.isupper() and (bool(date) or (known and bool(closed)))
    if date or (len(names) > 1 and any(_names_agency(name, rules) for name in names)):
        return True
    if not all(_is_place(name, rules, mark) for name in names):
        return False
    end = found.end()
    return mark in rules.ends + rules.stops or bool(_closing(rules.lang).match(found.string, end, end + _LINE_REACH))


def _names_agency(words: str, rules: Rules) -> bool:
    return not rules.agencies.isdisjoint(words.replace("/", " ").split())


def _is_place(words: str, rules: Rules, mark: str | None) -> bool:
    """One or more known places; capitals stand for one, but not before a full stop, which may abbreviate them."""
    return all(
        part.strip() in rules.places or (part.isupper() and len(part) > 2 and mark != ".") for part in words.split("/")
    )


@cache
def _closing(lang: str) -> re.Pattern[str]:
    """The rest of a line that holds a mark which may end a sentence."""
    rules = load(lang)
    marks = re.escape(rules.ends + rules.asks + rules.stops)
    return re.compile(rf"[^{BREAKS}{marks}]*+[{marks}]")
