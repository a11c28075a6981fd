"""How fast entities are proposed, beside spaCy: ratios within one run, single thread; start-up; two processes.

    python benchmarks/ner_speed.py [FILE … | FOLDER …] [--rounds N] [--sentences N] [--json FILE]

Sentences of about 20 tokens are timed, each once, as in a long run: every round reads others. They come from the
files given, the training files of the folders given or named by ANNOTATE_NER_DATA, else from the corpora that ship.
Engines are timed by the processor's clock, which other processes disturb less; start-up and processes by the wall's.
Our time holds words, model, rules and article pass. spaCy's holds its tokenizer and the smallest statistical
recogniser that it makes by itself (language `xx`, the default network), trained here on a few sentences: its quality
is not looked at.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import mean, median

from ner_sets import DATASETS, corpora, data_folders

from annotate.labels import DEFAULT
from annotate.prelabel import entity_backend
from annotate.prelabel.protocol import EntityBackend
from annotate.prelabel.step import prelabel_file
from annotate.prelabel.words import words_of
from annotate.records import Labeled, Sentence, sentence_id
from annotate.split import tokenize
from annotate.train.examples import read_examples

# Read once by the libraries, when they are imported.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
TOKENS = range(14, 28)
ARTICLE = 15  # sentences
_WARM_UP = 10  # articles
_LEARNT = 40  # sentences that spaCy is trained on
_START = """
from annotate.labels import DEFAULT
from annotate.prelabel import entity_backend
from annotate.records import Sentence
text = "राहुल गांधी ने दिल्ली में कहा।"
entity_backend("crf", DEFAULT).entities([Sentence(id="a:0-1", article_id="a", lang="hi", index=0, start=0,
    end=len(text), text=text)])
"""

Articles = Sequence[Sequence[Sentence]]


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine under comparison."""

    name: str
    version: str
    run: Callable[[Articles], object]


def main() -> int:
    """Time the engines in turns, then the start of one process, then the command with one and two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sentences", type=int, default=40_000, help="size of the file for one and two processes")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    if not ONE_THREAD.items() <= os.environ.items():
        return subprocess.call([sys.executable, *sys.argv], env={**os.environ, **ONE_THREAD})
    articles = read_articles(data_folders(options.data))
    counts = [len(tokenize(sentence.text, "hi")) for article in articles for sentence in article]
    print(f"{len(counts):,} sentences of {mean(counts):.1f} tokens, articles of {ARTICLE}; {options.rounds} rounds")
    figures: dict[str, object] = {"engines": compare(articles, options.rounds), "start_up": start_up()}
    figures["two_processes"] = two_processes(articles, options.sentences)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return 0


def read_articles(given: Sequence[Path]) -> list[list[Sentence]]:
    """Sentences of about 20 tokens, in articles of equal size."""
    files = [file for path in given for file in (sorted(path.glob("*-train.conll.gz")) if path.is_dir() else [path])]
    files = [file for file in files if file.suffix != ".txt"]  # a text whose entities are measured, too short to time
    if files:
        texts = [example.text for file in files for example in read_examples(file)]
    else:
        golds = sorted(file for file in DATASETS.glob("*/*.jsonl") if file.name != "articles.jsonl")
        texts = [one.text for file in golds for article in corpora(file) for one in article]
    fitting = [text for text in dict.fromkeys(texts) if len(tokenize(text, "hi")) in TOKENS]
    return [
        [_sentence(text, f"a{at}", number) for number, text in enumerate(fitting[at : at + ARTICLE])]
        for at in range(0, len(fitting), ARTICLE)
    ]


def _sentence(text: str, article: str, index: int) -> Sentence:
    end = len(text)
    name = sentence_id(article, 1000 * index, 1000 * index + end)
    return Sentence(
        id=name, article_id=article, lang="hi", index=index, start=1000 * index, end=1000 * index + end, text=text
    )


def compare(articles: Articles, rounds: int) -> dict[str, object]:
    """Sentences a second of each engine, and how many times as long as the default it takes (median, spread)."""
    rivals = [*_ours(), *_spacy()]
    warm_up, rest = articles[:_WARM_UP], articles[_WARM_UP:]
    for peer in rivals:
        peer.run(warm_up)  # files are read before the clock starts
    times: dict[str, list[float]] = {peer.name: [] for peer in rivals}
    for turn in range(rounds):
        part = rest[turn::rounds]
        # The default engine comes first, so no other has folded the round's words for it.
        for peer in rivals:
            words_of.cache_clear()
            times[peer.name].append(timed(partial(peer.run, part), time.process_time) / sum(map(len, part)))
    figures: dict[str, object] = {}
    for peer in rivals:
        ratios = sorted(a / b for a, b in zip(times[peer.name], times[rivals[0].name], strict=True))
        speed = 1 / median(times[peer.name])
        print(f"{peer.name:20} {peer.version:14} {speed:8,.0f} sentences/s  {median(ratios):6.2f} × the time of crf "
              f"({ratios[0]:.2f}–{ratios[-1]:.2f})")  # fmt: skip
        figures[peer.name] = {
            "version": peer.version,
            "sentences_per_s": speed,
            "ratio": median(ratios),
            "spread": [ratios[0], ratios[-1]],
        }
    return figures


def start_up(times: int = 5) -> dict[str, float]:
    """Seconds that a fresh process takes for its first sentence, by both clocks; the least of a few."""
    program = [sys.executable, "-c", _START]
    wall = min(timed(partial(subprocess.run, program, check=True)) for _ in range(times))
    processor = min(timed(partial(subprocess.run, program, check=True), _children) for _ in range(times))
    print(f"start-up to the first sentence: {processor:.2f} s of processor time, {wall:.2f} s by the wall")
    return {"processor_s": processor, "wall_s": wall}


def two_processes(articles: Articles, size: int) -> dict[str, float]:
    """How many times as fast the step `prelabel`, stances included, is with two processes as with one.

    That takes two cores that nobody else uses, so the part of the work that cannot be shared is given too: what the
    first process does itself while two others label.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "sentences.jsonl", Path(folder) / "out.jsonl"
        with source.open("wb") as stream:
            for number, article in enumerate(islice(cycle(articles), size // ARTICLE)):
                for one in article:
                    stream.write(_sentence(one.text, f"b{number}", one.index).to_json() + b"\n")
        one = timed(partial(prelabel_file, source, out, jobs=1))
        own, others = time.process_time(), _children()
        two = timed(partial(prelabel_file, source, out, jobs=2))
        own, others = time.process_time() - own, _children() - others
    print(f"the step prelabel with stances: {size / one:,.0f} sentences/s with one process, {size / two:,.0f} with two,"
          f" {one / two:.2f} × as fast; {own / (own + others):.0%} of the work is not shared")  # fmt: skip
    return {"ratio": one / two, "not_shared": own / (own + others)}


def _children() -> float:
    """Seconds of processor time of the processes that have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


def timed(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds of one call."""
    began = clock()
    work()
    return clock() - began


def _ours() -> Iterable[Peer]:
    engines = {name: entity_backend(name, DEFAULT) for name in ("crf", "rules")}
    # Read again, the sums of all words are there: what long runs over similar text come near to.
    for title, engine in (("crf", engines["crf"]), ("crf, read again", engines["crf"]), ("rules", engines["rules"])):

        def run(articles: Articles, engine: EntityBackend = engine) -> None:
            for article in articles:
                engine.entities(article)

        yield Peer(title, engine.engine.version, run)


def _spacy() -> Iterable[Peer]:
    try:
        import spacy
        from spacy.training import Example
    except ImportError:
        print("spaCy is not installed, so it is not compared")
        return
    nlp = spacy.blank("xx")
    nlp.add_pipe("ner")
    gold = [one for article in corpora(DATASETS / "hindi-news" / "gold.jsonl") for one in article][:_LEARNT]
    examples = [Example.from_dict(nlp.make_doc(one.text), {"entities": _aligned(nlp, one)}) for one in gold]
    learning = nlp.initialize(lambda: examples)
    for _ in range(3):
        nlp.update(examples, sgd=learning)

    def run(articles: Articles) -> None:
        texts = [sentence.text for article in articles for sentence in article]
        for document in nlp.pipe(texts):
            _ = document.ents

    yield Peer("spaCy", spacy.__version__, run)


def _aligned(nlp, one: Labeled) -> list[tuple[int, int, str]]:
    """The entities that fall on spaCy's tokens."""
    document = nlp.make_doc(one.text)
    return [(e.start, e.end, e.label) for e in one.entities if document.char_span(e.start, e.end) is not None]


if __name__ == "__main__":
    sys.exit(main())
