"""Makes the JSONL files of a corpus of its marked sources in source/; `--check` and `--stats` write nothing.

The marks are described in hindi-news/README.md, under "Source format". A corpus with a parts.toml, which names the
articles of its parts `dev` and `test`, gets a file of gold for each part instead of one.
"""

import argparse
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar
from unicodedata import category

from annotate.jsonl import open_out
from annotate.labels import AGAINST, DEFAULT, FAVOR, NEUTRAL
from annotate.records import Article, Entity, Gold, Record, Resolution, Span, Stance, sentence_id

T = TypeVar("T")

HERE = Path(__file__).resolve().parent
DEFAULT_CORPUS = "hindi-news"
TRAIN, HELD_BACK = "train", ("dev", "test")
HEADER = ("id", "title", "lang", "register", "published")
BY_AUTHOR = Resolution(method="author", annotators=("author",))

UNIT = re.compile(r"(?P<body>[^¶]*)¶(?P<kind>[hd]?)(?P<stances>(?:<[^<>¶\n]*>)*)")
MARK = re.compile(
    r"\[(?P<name>[^][{}|#<>\n]+)\|(?P<label>\w+)(?:#(?P<key>\w+))?\]|\{(?P<cue>\w+):(?P<words>[^][{}|#<>\n]+)\}"
)
STANCE = re.compile(r"<(?P<target>\w+) (?P<label>\w+)(?: by (?P<holder>\w+))?(?: cue (?P<cue>\w+))?>")
STRAY = re.compile(r"[][{}<>|#]")
KINDS = {"": "sentence", "h": "heading", "d": "dateline"}


class MarkError(ValueError):
    """A mark in a source that cannot be read; the message says what is wrong with it."""


class Problem(NamedTuple):
    """Where a source is wrong, and how."""

    file: str
    line: int  # 1-based
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class Corpus(NamedTuple):
    """What the sources give, in the order of the files that are written."""

    articles: list[Article]
    gold: list[Gold]
    problems: list[Problem]

    def files(self, out: Path) -> dict[Path, Sequence[Record]]:
        """The records of each file that is written to the folder `out`."""
        part = {article.id: (article.meta or {}).get("part") for article in self.articles}
        if not any(part.values()):
            return {out / "articles.jsonl": self.articles, out / "gold.jsonl": self.gold}
        by_part = {
            out / f"{name}.jsonl": [gold for gold in self.gold if part[gold.article_id] == name]
            for name in (TRAIN, *HELD_BACK)
        }
        return {out / "articles.jsonl": self.articles, **by_part}


class Unit(NamedTuple):
    """One sentence without its marks; `lead` is the white space before it."""

    lead: str
    text: str
    kind: str
    entities: tuple[Entity, ...]
    stances: tuple[Stance, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the script; return its exit code: 1 when a source is wrong or, with `--check`, a file is stale."""
    parser = argparse.ArgumentParser(description="Make the JSONL files of a corpus of its source/*.txt.")
    parser.add_argument("corpus", nargs="?", default=DEFAULT_CORPUS, help="folder beside this script")
    parser.add_argument("--source", type=Path, help="folder of marked articles")
    parser.add_argument("--out", type=Path, help="folder of the JSONL files")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="exit 1 when the files are not what the sources give")
    mode.add_argument("--stats", action="store_true", help="print the counts as Markdown")
    options = parser.parse_args(arguments)

    source = options.source or HERE / options.corpus / "source"
    corpus = compile_folder(source)
    if corpus.problems:
        print(*corpus.problems, sep="\n", file=sys.stderr)
        return 1
    files = corpus.files(options.out or HERE / options.corpus)
    if options.stats:
        print("\n".join(stats(corpus)))
        return 0
    if options.check:
        stale = [path for path, records in files.items() if not path.exists() or path.read_bytes() != encode(records)]
        for path in stale:
            print(f"{path}: is not what the sources give; run {Path(__file__).name}", file=sys.stderr)
        return int(bool(stale))
    for path, records in files.items():
        with open_out(path) as stream:
            stream.write(encode(records))
    print(f"{len(corpus.articles)} articles, {len(corpus.gold)} sentences", file=sys.stderr)
    return 0


def compile_folder(folder: Path) -> Corpus:
    """Read every source of a folder, sorted by article id; a wrong sentence is a problem and hides no other."""
    corpus = Corpus([], [], [])
    parts = read_parts(folder.parent / "parts.toml", corpus)
    for path in sorted(folder.glob("*.txt"), key=lambda path: path.stem):
        compile_source(path, corpus, parts)
    if not corpus.articles and not corpus.problems:
        corpus.problems.append(Problem(str(folder), 0, "no source in it"))
    return corpus


def read_parts(path: Path, corpus: Corpus) -> dict[str, str] | None:
    """The part of each article that is not in `train`; None when the corpus has no parts."""
    if not path.is_file():
        return None
    data = tomllib.loads(path.read_text("utf-8"))
    parts = {article: name for name in HELD_BACK for article in data[name]}
    corpus.problems.extend(
        Problem(path.name, 0, f"{article} is no article")
        for article in parts
        if not (path.parent / "source" / f"{article}.txt").is_file()
    )
    return parts


def compile_source(path: Path, corpus: Corpus, parts: dict[str, str] | None = None) -> None:
    """Read one marked article into `corpus`; `parts` names the part of each article that is not in `train`."""
    raw = path.read_bytes().decode("utf-8")  # not read_text, which would turn a CR LF of the text into LF
    head, line, body = raw.partition("\n---\n")
    body = body.removesuffix("\n")
    first = head.count("\n") + 3
    wrong = [Problem(path.name, 1, what) for what in _header_faults(path, head, line)]
    text = ""
    gold: list[Gold] = []
    header = dict(row.split(": ", 1) for row in head.split("\n") if ": " in row)
    at = 0
    for match in UNIT.finditer(body):
        at = match.end()
        lead = len(match["body"]) - len(match["body"].lstrip())
        number = first + body.count("\n", 0, match.start() + lead)
        try:
            unit = read_unit(match["body"], match["kind"], match["stances"])
        except MarkError as error:
            wrong.append(Problem(path.name, number, str(error)))
            continue
        start = len(text) + len(unit.lead)
        text += unit.lead + unit.text
        gold.append(
            Gold(
                id=sentence_id(header.get("id", ""), start, len(text)),
                article_id=header.get("id", ""),
                lang=header.get("lang", ""),
                index=len(gold),
                start=start,
                end=len(text),
                text=unit.text,
                kind=unit.kind,
                entities=unit.entities,
                stances=unit.stances,
                resolution=BY_AUTHOR,
            )
        )
    if body[at:].strip():
        number = first + body.count("\n", 0, at + len(body[at:]) - len(body[at:].lstrip()))
        wrong.append(Problem(path.name, number, f"no ¶ ends {body[at:].strip()[:40]!r}"))
    if wrong:
        corpus.problems.extend(wrong)
        return
    corpus.gold.extend(gold)
    corpus.articles.append(
        Article(
            id=header["id"],
            text=text + body[at:],
            lang=header["lang"],
            title=header["title"],
            source="annotate-kit",
            published=header["published"],
            meta={"register": header["register"]} | ({} if parts is None else {"part": parts.get(header["id"], TRAIN)}),
        )
    )


def read_unit(body: str, kind: str, stances: str) -> Unit:
    """Take the marks out of one sentence.

    Args:
        body: the sentence with its entity and cue marks and the white space before it.
        kind: what stands after its ¶: nothing, `h` or `d`.
        stances: the stance marks after that.

    Raises:
        MarkError: a mark is malformed, refers to nothing, or breaks a rule of the corpus.
    """
    lead = body[: len(body) - len(body.lstrip())]
    marked = body.lstrip()
    if not marked or marked != marked.rstrip():
        raise MarkError(f"white space stands before the ¶ of {marked[-40:]!r}")
    text = ""
    entities: list[Entity] = []
    keys: dict[str, Entity] = {}
    cues: dict[str, Span] = {}
    at = 0
    for match in MARK.finditer(marked):
        text += _plain(marked[at : match.start()])
        at = match.end()
        words = match["name"] or match["words"]
        span = Span(len(text), len(text) + len(words))
        text += words
        if words != words.strip():
            raise MarkError(f"white space at the border of {match[0]}")
        if match["cue"]:
            _put(cues, match["cue"], span, match[0])
            continue
        if match["label"] not in DEFAULT.entity_names:
            raise MarkError(f"unknown type in {match[0]}")
        entities.append(Entity.at(span.start, span.end, match["label"]))
        if match["key"]:
            _put(keys, match["key"], entities[-1], match[0])
    text += _plain(marked[at:])
    for span in [*(Span(entity.start, entity.end) for entity in entities), *cues.values()]:
        if span.end < len(text) and category(text[span.end]).startswith("M"):
            raise MarkError(f"{text[span.start : span.end]!r} is cut before a mark of its last letter")
    return Unit(lead, text, KINDS[kind], tuple(entities), tuple(_stances(stances, entities, keys, cues)))


def stats(corpus: Corpus) -> Iterator[str]:
    """Yield the counts of the corpus as lines of Markdown."""
    kinds = Counter(gold.kind for gold in corpus.gold)
    types = Counter(entity.label for gold in corpus.gold for entity in gold.entities)
    tuples = [stance for gold in corpus.gold for stance in gold.stances]
    signs = Counter(stance.label for stance in tuples)
    rows = {
        "Articles": len(corpus.articles),
        "Code points": sum(len(article.text) for article in corpus.articles),
        "Units": len(corpus.gold),
        "… sentences": kinds["sentence"],
        "… headings": kinds["heading"],
        "… datelines": kinds["dateline"],
        "Entity mentions": sum(types.values()),
        **{f"… {name}": types[name] for name in DEFAULT.entity_names},
        "Stance tuples": len(tuples),
        **{f"… {name}": signs[name] for name in DEFAULT.stance_names},
        "… with a named holder": sum(stance.holder is not None for stance in tuples),
    }
    yield "| What | Count |"
    yield "| --- | ---: |"
    yield from (f"| {name} | {count:,} |" for name, count in rows.items())
    yield ""
    yield from part_counts(corpus)
    yield "| Register | Articles |"
    yield "| --- | ---: |"
    registers = Counter(article.meta["register"] for article in corpus.articles if article.meta)
    yield from (f"| {name} | {count} |" for name, count in sorted(registers.items()))


def part_counts(corpus: Corpus) -> Iterator[str]:
    """Yield the sizes of the parts as lines of Markdown; nothing when the corpus has none."""
    part = {article.id: (article.meta or {}).get("part") for article in corpus.articles}
    if not any(part.values()):
        return
    yield "| Part | Articles | Units | Mentions | FAVOR | AGAINST |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name in (TRAIN, *HELD_BACK):
        gold = [one for one in corpus.gold if part[one.article_id] == name]
        signs = Counter(label for one in gold for label in {s.target: s.label for s in one.stances}.values())
        row = (
            list(part.values()).count(name),
            len(gold),
            sum(len(one.entities) for one in gold),
            signs[FAVOR],
            signs[AGAINST],
        )
        yield f"| {name} | " + " | ".join(f"{count:,}" for count in row) + " |"
    yield ""


def encode(records: Sequence[Record]) -> bytes:
    """Write records as JSONL."""
    return b"".join(record.to_json() + b"\n" for record in records)


def _header_faults(path: Path, head: str, line: str) -> Iterator[str]:
    if not line:
        yield "no line --- after the header"
    rows = [row.partition(": ") for row in head.split("\n")]
    if tuple(key for key, _, value in rows if value.strip()) != HEADER:
        yield f"the header must be {', '.join(HEADER)}, in this order and each with a value"
    elif rows[0][2] != path.stem:
        yield f"id {rows[0][2]!r} is not the file's name"
    elif not re.fullmatch(r"\d{4}-\d\d-\d\d", rows[-1][2]):
        yield f"published {rows[-1][2]!r} is not a date like 2026-03-14"


def _plain(text: str) -> str:
    if stray := STRAY.search(text):
        raise MarkError(f"broken mark at {text[max(0, stray.start() - 15) : stray.end() + 25]!r}")
    return text


def _put(known: dict[str, T], key: str, value: T, mark: str) -> None:
    if key in known:
        raise MarkError(f"{mark} takes a key that the sentence has already")
    known[key] = value


def _stances(
    marks: str, entities: Sequence[Entity], keys: dict[str, Entity], cues: dict[str, Span]
) -> Iterator[Stance]:
    taken: dict[str, list[Stance]] = {}
    unused = set(keys) | set(cues)
    for mark in re.findall("<[^>]*>", marks):
        match = STANCE.fullmatch(mark)
        if not match or match["label"] not in (FAVOR, AGAINST):
            raise MarkError(f"{mark} is not like <p FAVOR by k cue c1>")
        for part, known in (("target", keys), ("holder", keys), ("cue", cues)):
            if match[part] and match[part] not in known:
                raise MarkError(f"{mark}: nothing in the sentence is marked {match[part]!r}")
        unused -= {match["target"], match["holder"], match["cue"]}
        target = keys[match["target"]]
        holder = keys[match["holder"]].id if match["holder"] else None
        before = taken.setdefault(target.id, [])
        if any(stance.holder == holder for stance in before):
            raise MarkError(f"{mark}: this holder has a stance toward it already")
        if any(stance.label != match["label"] for stance in before):
            raise MarkError(f"{mark}: a mention is either for or against, as annotators choose one")
        before.append(
            Stance(
                target=target.id, label=match["label"], holder=holder, cue=cues[match["cue"]] if match["cue"] else None
            )
        )
    if unused:
        raise MarkError(f"no stance refers to {', '.join(sorted(unused))}")
    for entity in entities:
        yield from taken.get(entity.id) or [Stance(target=entity.id, label=NEUTRAL)]


if __name__ == "__main__":
    sys.exit(main())
