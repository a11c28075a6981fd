"""Whether a mark ends a sentence, judged by the words on both sides of it."""

from annotate.split.grammar import Grammar

__all__ = ["ends_sentence"]

_REACH = 40
_INTERRUPTIONS = frozenset(",;:%/=+")
_FRONT = "([{<\"'“”‘’„‚«‹`´-–—*"
_WEB = ("://", "www.", "@")


def ends_sentence(text: str, start: int, mark: int, end: int, after: int, grammar: Grammar) -> bool:
    """Tell whether the marks `text[mark:end]` end the sentence begun at `start`; the next word is at `after`."""
    marks = text[mark:end]
    rules = grammar.rules
    if text[after] in _INTERRUPTIONS:
        return False
    if any(char in rules.ends for char in marks):
        return True
    following = _word_at(text, after, grammar)
    if following[:1].islower() or following in rules.continuations:
        return False
    if any(char in rules.asks for char in marks):
        return marks.find("(") < 0
    if marks[0] == "|":
        return mark > start and (end < after) and not text[mark - 1].isspace()
    before = text[max(start, mark - _REACH) : mark].rsplit(None, 1)[-1:] if mark > start else []
    if mark == start or text[mark - 1].isspace() or not before:
        return end < after
    chunk = before[0].lstrip(_FRONT)
    if marks.startswith("..") or marks[0] == "…":
        return end < after and _is_final(chunk, grammar)
    glued = end == after
    return _stop_ends(chunk, following, glued=glued, first=mark - len(before[0]) == start, grammar=grammar)


def _stop_ends(chunk: str, following: str, *, glued: bool, first: bool, grammar: Grammar) -> bool:
    rules = grammar.rules
    last = chunk.rpartition(".")[2].rpartition("-")[2]
    if glued:
        return (
            not any(part in chunk for part in _WEB)
            and "." not in chunk
            and len(following) > 1
            and not following[0].isdigit()
            and (last in rules.finals if not last.isascii() else last.islower() and len(last) > 2)
        )
    if last.isdigit():
        return not (first or following in rules.months)
    if chunk in rules.titles or last in rules.titles:
        return False
    if last in rules.before_number and following[:1].isdigit():
        return False
    if last in rules.finals:
        return True
    if last in rules.initials or chunk in rules.abbreviations or last in rules.abbreviations or "." in chunk:
        return following in rules.starters
    return not (grammar.akshara.fullmatch(last) and not last.isascii())


def _is_final(word: str, grammar: Grammar) -> bool:
    return word in grammar.rules.finals or word.endswith(grammar.rules.final_suffixes) or word.isascii()


def _word_at(text: str, at: int, grammar: Grammar) -> str:
    """The word at `at`, behind quotes and brackets."""
    while at < len(text) and text[at] in _FRONT:
        at += 1
    found = grammar.word.match(text, at, at + _REACH)
    return found[0] if found else ""
