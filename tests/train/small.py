"""A small set of labelled sentences, enough for a model that finds the names in sentences like these."""

from itertools import product
from pathlib import Path

__all__ = ["write_conll"]

_PEOPLE = ("मकरंद टेंभुर्णे", "सविता घोरपड़े", "राहुल गांधी", "ममता बनर्जी", "अनिल देशमुख", "किम जोंग उन")
_PLACES = ("दिल्ली", "पटना", "कोलकाता", "काठमांडू", "बलिया")
_BODIES = ("चुनाव आयोग", "जल निगम", "कांग्रेस", "पर्वतीय विकास मंच")
_FRAMES = (
    "{PER} ने {LOC} में कहा कि काम शुरू होगा ।",
    "{LOC} में {ORG} की बैठक हुई ।",
    "{ORG} ने {PER} को नोटिस भेजा ।",
    "मुख्यमंत्री {PER} गुरुवार को {LOC} पहुँचे ।",
    "बारिश के कारण सड़क बंद रही ।",
)


def write_conll(path: Path) -> Path:
    """Write 600 sentences as CoNLL."""
    lines = []
    for person, place, body, frame in product(_PEOPLE, _PLACES, _BODIES, _FRAMES):
        names = {"{PER}": person, "{LOC}": place, "{ORG}": body}
        for token in frame.split():
            name = names.get(token, "")
            label = token.strip("{}")
            lines += [f"{word}\t{'I' if at else 'B'}-{label}" for at, word in enumerate(name.split())]
            if not name:
                lines.append(f"{token}\tO")
        lines.append("")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
