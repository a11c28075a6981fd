"""Whether a mark ends a sentence, judged by the words on both sides of it."""

from annotate.split.grammar import Grammar
from annotate.split.rules import Rules

__all__ = ["ends_sentence"]

_REACH = 40
# What follows a mark inside a sentence: the mark belonged to an abbreviation, a number or a run of marks.
_INTERRUPTIONS = frozenset(",;:%/=+.?!…।॥؟۔")
_FRONT = "([{<\"'“”‘’„‚«‹`´-–—*"
_QUOTES = frozenset("\"'“‘”’»›`´)]}")
_FRONT_SET = frozenset(_FRONT)
_LONG = 5
_BEFORE_LABEL = "•◦▪●■►▶⁃‣∙·*-–— \t"
_WEB = ("://", "www.", "@", "/")


def ends_sentence(text: str, start: int, mark: int, end: int, after: int, grammar: Grammar) -> bool:
    """Tell whether the marks `text[mark:end]` end the sentence begun at `start`; what follows is at `after`."""
    marks = text[mark:end]
    rules = grammar.rules
    if text[after] in _INTERRUPTIONS:
        return text[after] == "," and after > end and _is_plain_stop(text, start, mark, marks, grammar)
    following = _word_at(text, after, grammar)
    quoted = marks[-1] in _QUOTES
    if quoted and (following in rules.continuations or following in rules.quotatives):
        return False
    if not rules.ends_set.isdisjoint(marks):
        return True
    if text[mark - 1 : mark] in ("(", "[") or following in rules.continuations:
        return False
    asks = not rules.asks_set.isdisjoint(marks)
    if following[:1].islower() and not _goes_low(text, mark, marks, quoted or end == after, rules):
        return False
    if asks:
        return not (marks[0] == "!" and text[start:mark].strip() in rules.interjections)
    if marks[0] == "|":
        return start < mark and end < after and not text[mark - 1].isspace()
    if mark == start:
        return False
    if marks.startswith("..") or "…" in marks:
        return end < after and _ellipsis_ends(text, mark, marks, text[after], rules)
    if text[mark - 1].isspace():
        return _lone_stop_ends(text, start, mark, following)
    before = text[max(start, mark - _REACH) : mark].rsplit(maxsplit=1)[-1]
    chunk = before.lstrip(_FRONT)
    if end == after:
        return not _is_address(text, mark) and _glued_stop_ends(chunk, following, rules)
    return _stop_ends(chunk, following, chunk.lstrip(_BEFORE_LABEL) == text[start:mark].lstrip(_BEFORE_LABEL), grammar)


def _stop_ends(chunk: str, following: str, first: bool, grammar: Grammar) -> bool:
    """A full stop between two words; `chunk` is what stands before it up to white space, `first` in its sentence."""
    rules = grammar.rules
    last = chunk.rpartition(".")[2].rpartition("-")[2]
    chunk = chunk.lstrip(_BEFORE_LABEL) if first else chunk
    if first and (len(chunk) == 1 or (len(chunk) <= 3 and chunk.isdecimal())):
        return False  # the label of an item
    if last[-1:].isdigit():
        return following not in rules.months
    if _is_any(chunk, last, rules.titles):
        return False
    if following[:1].isdigit() and (last in rules.before_number or chunk in rules.before_number):
        return False
    if last in rules.finals:
        return True
    if last in rules.initials or _is_any(chunk, last, rules.abbreviations) or ("." in chunk and len(last) < 3):
        return following in rules.starters
    # One akshara with a full stop is an initial in all these scripts, unless the language lists it as a last word.
    return last.isascii() or not grammar.akshara.fullmatch(last)


def _is_plain_stop(text: str, start: int, mark: int, marks: str, grammar: Grammar) -> bool:
    """A full stop right behind a word that is no abbreviation."""
    if marks != "." or text[mark - 1 : mark].isspace() or mark == start:
        return False
    chunk = text[max(start, mark - _REACH) : mark].split()[-1].lstrip(_FRONT)
    return not chunk[-1:].isdigit() and _stop_ends(chunk, "", False, grammar)


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
    word = text[max(0, mark - _REACH) : mark].split()[-1]
    return not rules.final_suffixes or word in rules.finals or word.endswith(rules.final_suffixes)


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


def _goes_low(text: str, mark: int, marks: str, attached: bool, rules: Rules) -> bool:
    """Whether a sentence may begin in lower case here: where writers are careless, or before a word of another script."""
    if attached or "!" in marks or ".." in marks or "…" in marks:
        return False
    before = text[max(0, mark - _REACH) : mark].rstrip()[-1:]
    return rules.low_starts or not (before.islower() or before.isupper())


def _is_any(chunk: str, last: str, words: frozenset[str]) -> bool:
    return chunk in words or last in words or last.lower() in words or last.capitalize() in words


def _word_at(text: str, at: int, grammar: Grammar) -> str:
    """The word at `at`, behind quotes and brackets."""
    limit = at + _REACH
    while at < limit and text[at : at + 1] in _FRONT_SET:
        at += 1
    found = grammar.word.match(text, at, limit)
    return found[0] if found else ""
