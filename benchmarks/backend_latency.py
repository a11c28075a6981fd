"""How long the ML backend takes to answer for one task, as Label Studio asks when a person opens it.

    python benchmarks/backend_latency.py [--requests N] [--backend NAME] [--stance NAME] [--json FILE]

The service runs as a process of its own and is asked over HTTP with a new connection each time, as Label Studio does,
for the sentences of datasets/hindi-news in turn. Requests for /health in between say what the connection alone costs.
Exit code 1 when the 95th percentile is 50 ms or more.
"""

import argparse
import http.client
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle, groupby, islice
from operator import attrgetter
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from annotate.check import records
from annotate.labels import DEFAULT
from annotate.prelabel import prelabel
from annotate.records import Gold, Prelabeled
from annotate.studio.codec import Context, result, task
from annotate.studio.interface import interface

CORPUS = Path(__file__).parent.parent / "datasets" / "hindi-news" / "gold.jsonl"
LIMIT_MS = 50.0
WARM_UP = 20


def main() -> int:
    """Print the table; say whether the limit is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=600)
    parser.add_argument("--backend", default="crf")
    parser.add_argument("--stance", default="classifier")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    proposed = [one.sentence() for one in records(CORPUS, Gold)]
    made = list(prelabel(proposed, options.backend, options.stance))
    secret = secrets.token_urlsafe(24)
    line = [sys.executable, "-m", "annotate", "studio", "backend", "--port", "0", "--json"]
    process = subprocess.Popen(
        [*line, "--backend", options.backend, "--stance", options.stance],
        env={**os.environ, "ANNOTATE_BACKEND_SECRET": secret},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        times = ask(told["url"].removeprefix("http://"), secret, made, options.requests)
    finally:
        process.terminate()
        process.wait(30)
    figures = {name: summed(found) for name, found in times.items()}
    print(f"{told['model_version']}; {options.requests} requests of one task, in turn with /health")
    print(f"{'':10}{'median ms':>11}{'p95 ms':>9}{'p99 ms':>9}{'most ms':>9}")
    for name, row in figures.items():
        print(f"{name:10}{row['median']:11.1f}{row['p95']:9.1f}{row['p99']:9.1f}{row['most']:9.1f}")
    if options.json:
        options.json.write_text(json.dumps({"model_version": told["model_version"], **figures}, indent=1), "utf-8")
    return int(figures["/predict"]["p95"] >= LIMIT_MS)


def ask(host: str, secret: str, made: list[Prelabeled], requests: int) -> dict[str, list[float]]:
    """Milliseconds of each request, by address; the first answers are compared with what `prelabel` gave."""
    page = interface(DEFAULT)
    bodies = [
        {"tasks": [{"id": number, "data": task(one, context)["data"]}], "label_config": page, "project": "1.1"}
        for number, (one, context) in enumerate(zip(made, around(made), strict=True))
    ]
    times: dict[str, list[float]] = {"/health": [], "/predict": []}
    alike = 0
    for number, (one, body) in enumerate(islice(cycle(zip(made, bodies, strict=True)), requests + WARM_UP)):
        content = json.dumps(body).encode()
        for path, method in (("/health", "GET"), ("/predict", "POST")):
            began = perf_counter()
            status, answer = send(host, method, path, content if method == "POST" else None, secret)
            took = perf_counter() - began
            assert status == http.client.OK, answer
            if number >= WARM_UP:
                times[path].append(took * 1000)
        if number < len(made):
            alike += json.loads(answer)["results"][0]["result"] == result(one)
    seen = min(len(made), requests + WARM_UP)
    # The others would need more of their article than the neighbours that a task shows.
    print(f"{alike} of {seen} predictions are those of the sentence within its article")
    return times


def around(made: list[Prelabeled]) -> Iterator[Context]:
    """What a push shows around each sentence: two neighbours on either side."""
    for _, group in groupby(made, key=attrgetter("article_id")):
        texts = [one.text for one in group]
        for at in range(len(texts)):
            yield Context(before=" ".join(texts[max(0, at - 2) : at]), after=" ".join(texts[at + 1 : at + 3]))


def send(host: str, method: str, path: str, body: bytes | None, secret: str) -> tuple[int, bytes]:
    """One request on a connection of its own; a library that makes a TLS context each time would measure itself."""
    connection = http.client.HTTPConnection(host, timeout=30)
    try:
        connection.request(method, path, body, {"X-Annotate-Secret": secret, "Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def summed(times: list[float]) -> dict[str, float]:
    """Percentiles of what was measured."""
    cuts = quantiles(times, n=100)
    return {"median": median(times), "p95": cuts[94], "p99": cuts[98], "most": max(times)}


if __name__ == "__main__":
    sys.exit(main())
