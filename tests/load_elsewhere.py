"""Load the committed release in fresh environments that have nothing of ours: `make compat`.

    python tests/load_elsewhere.py [--with REQUIREMENT …]

For each requirement (datasets 3.6 and the newest 5 by default) an environment with it, pandas, DuckDB and polars is
made in a temporary folder, and the release is read in it with all of them; rows must be as many as the manifest says.
It takes minutes and an index to install from, so it is no part of `make test`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

RELEASE = Path(__file__).resolve().parents[1] / "datasets" / "hindi-news" / "release"
DEFAULT = ("datasets==3.6.0", "datasets>=5,<6")

READER = """
import json, os, sys
from pathlib import Path
release = Path(sys.argv[1])
os.environ["HF_HOME"] = sys.argv[2]
os.environ["HF_HUB_OFFLINE"] = "1"
import datasets, duckdb, pandas, polars
datasets.disable_progress_bars()
counts = {}
for path in sorted(release.glob("*/*.parquet")):
    config, split = path.parent.name, path.stem
    read = {
        "datasets": len(datasets.load_dataset(str(release), config, split=split)),
        "pandas": len(pandas.read_parquet(path)),
        "duckdb": duckdb.sql(f"select count(*) from read_parquet('{path}')").fetchall()[0][0],
        "polars": polars.read_parquet(path).height,
    }
    assert len(set(read.values())) == 1, (path, read)
    counts[f"{config}/{split}"] = read["datasets"]
ner = datasets.load_dataset(str(release), "ner", split="train")
tags = ner.features["ner_tags"]
tags = tags[0] if isinstance(tags, list) else tags.feature  # a list of classes is a list in 3.6, a List in 5
first = ner[0]
assert tags.names[0] == "O" and len(first["tokens"]) == len(first["ner_tags"]) == len(first["offsets"])
assert [first["text"][start:end] for start, end in first["offsets"]] == first["tokens"]
versions = {it.__name__: it.__version__ for it in (datasets, pandas, duckdb, polars)}
print(json.dumps({"counts": counts, "versions": versions}))
"""


def main() -> int:
    """Make each environment, read in it, and compare with the manifest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--with", dest="requirements", nargs="+", default=DEFAULT, metavar="REQUIREMENT")
    for requirement in parser.parse_args().requirements:
        with tempfile.TemporaryDirectory() as name:
            found = _read(Path(name), requirement)
        if found["counts"] != _expected():
            raise SystemExit(f"{requirement}: {found['counts']} rows, the manifest says {_expected()}")
        versions = ", ".join(f"{package} {version}" for package, version in found["versions"].items())
        print(f"{requirement}: {sum(found['counts'].values())} rows in {len(found['counts'])} tables ({versions})")
    return 0


def _expected() -> dict[str, int]:
    tables = json.loads((RELEASE / "manifest.json").read_bytes())["tables"]
    return {table["file"].removesuffix(".parquet"): table["rows"] for table in tables}


def _read(folder: Path, requirement: str) -> dict[str, dict[str, int]]:
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, requirement, "pandas", "duckdb", "polars"], check=True)
    # Started elsewhere, so that nothing of the checkout can be imported.
    command = [python, "-I", "-c", READER, RELEASE, folder / "cache"]
    return dict(json.loads(subprocess.run(command, check=True, cwd=folder, stdout=subprocess.PIPE).stdout))


if __name__ == "__main__":
    sys.exit(main())
