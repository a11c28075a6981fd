"""Spelling variants of a word brought to one form, for look-up only: texts and offsets stay as they are."""

import re
from functools import lru_cache

__all__ = ["fold"]

# Nukta, virama joiners, zero-width space, soft hyphen and byte order mark say nothing about which name it is.
_DROPPED = "\u093c\u200b\u200c\u200d\u00ad\ufeff"
_FINAL = {"ी": "ि", "ू": "ु"}
_AFTER_GLIDE = {"ी": "ई", "े": "ए"}
_COMPOSED = {**{0x0958 + at: base for at, base in enumerate("कखगजडढफय")}, 0x0929: "न", 0x0931: "र", 0x0934: "ळ"}
_ENGLISH_VOWELS = {"ँ": "ं", "ऑ": "ओ", "ॉ": "ो", "ऍ": "ए", "ॅ": "े"}
_DIGITS = dict(zip("०१२३४५६७८९", "0123456789", strict=True))
_TABLE = {
    **dict.fromkeys(map(ord, _DROPPED)),
    **_COMPOSED,
    **{ord(letter): base for letter, base in (_ENGLISH_VOWELS | _DIGITS).items()},
}
# A nasal before a stop of its row is written as half letter or as anusvara: हिन्दी, हिंदी; मुम्बई, मुंबई.
_HALF_NASAL = re.compile("(?<=.)(?:ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ]))")


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Give the form under which a word is looked up.

    Nukta letters (composed or decomposed) lose the nukta, chandrabindu and half nasals become anusvara, ऑ becomes ओ,
    final यी and ये become ई and ए, a final long ई or ऊ sign becomes short (तुवालू, तुवालु), Devanagari digits become ASCII,
    Latin letters lower case, invisible characters go.
    """
    folded = _HALF_NASAL.sub("ं", word.translate(_TABLE)).lower()
    if len(folded) > 2 and folded[-2] == "य":
        folded = folded[:-2] + _AFTER_GLIDE.get(folded[-1], folded[-2:])
    # Short words are spared: की is not कि.
    return folded[:-1] + _FINAL.get(folded[-1], folded[-1]) if len(folded) > 3 else folded
