# One door for everything: what README names, and what CI runs.
.PHONY: demo test lint docs bench bench-studio compat faults corpus release clean

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name))))
BIN := .venv/bin
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
FOLDER ?= demo
# Two processes: most tests are quick, and those that share the Label Studio server stay together in one of them.
PYTEST_ARGS ?= -n 2 --dist loadgroup

# Each stamp is an environment of these extras; it is made again when what it is made from changes.
MADE_FROM := pyproject.toml constraints.txt
and := ,
define install
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@# The pip that comes with Python 3.11 fails on an extra that is asked for twice (lxml[html-clean]).
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$(1)]'
	@touch $@
endef

.venv/.demo: $(MADE_FROM)
	$(call install,studio)

.venv/.test: $(MADE_FROM)
	$(call install,studio$(and)backend$(and)html$(and)spacy$(and)transformers$(and)test)

.venv/.lint: $(MADE_FROM)
	$(call install,lint)

.venv/.bench: $(MADE_FROM)
	$(call install,spacy$(and)bench)

# A browser for the page's tests, a font that has Devanagari and Arabic, and a database for the embedded server's.
DEBIAN := chromium fonts-noto-core openssl postgresql
.venv/.browser:
	dpkg -s $(DEBIAN) >/dev/null 2>&1 || { $(SUDO) apt-get update --quiet && $(SUDO) apt-get install --quiet --yes --no-install-recommends $(DEBIAN); }
	@mkdir -p .venv && touch $@

demo: .venv/.demo
	$(BIN)/annotate demo $(FOLDER) $(ARGS)

test: .venv/.test .venv/.browser
	$(BIN)/python -m pytest $(PYTEST_ARGS) $(ARGS)

lint: .venv/.test .venv/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: .venv/.demo
	$(BIN)/python docs/reference.py

# The release of the corpus that is checked in; when the corpus changes, VERSION must too, since a version never does.
VERSION ?= 1.0.0
release: .venv/.demo
	rm -rf build/releases datasets/hindi-news/release
	$(BIN)/annotate build datasets/hindi-news/gold.jsonl -w datasets/hindi-news --articles datasets/hindi-news/articles.jsonl -o build/releases --version $(VERSION)
	$(BIN)/annotate publish build/releases/$(VERSION) --to datasets/hindi-news/release

# SETS names files or a folder of segmentation sets, NER the same of sentences with entities; without them the corpora
# that ship are used.
bench: .venv/.demo .venv/.bench
	mkdir -p benchmarks/results
	$(BIN)/python benchmarks/split_quality.py $(SETS)
	$(BIN)/python benchmarks/split_speed.py $(SETS) --json benchmarks/results/split_speed.json
	$(BIN)/python benchmarks/release_speed.py --json benchmarks/results/release_speed.json
	$(BIN)/python benchmarks/export_speed.py --json benchmarks/results/export_speed.json
	$(BIN)/python benchmarks/ner_speed.py $(NER) --json benchmarks/results/ner_speed.json
	$(BIN)/python benchmarks/stance.py --json benchmarks/results/stance.json
	$(BIN)/python benchmarks/ner_quality.py $(NER) --json benchmarks/results/ner_quality.json

# Push and pull beside the SDK's own import and export, on a Label Studio of their own; how fast the ML backend answers.
bench-studio: .venv/.test
	mkdir -p benchmarks/results
	$(BIN)/python benchmarks/studio_sync.py --json benchmarks/results/studio_sync.json $(ARGS)
	$(BIN)/python benchmarks/backend_latency.py --json benchmarks/results/backend_latency.json

# Everything that can go wrong between us and Label Studio; the table of docs/reliability.md is what comes out.
faults: .venv/.test
	PYTHONPATH=. $(BIN)/python benchmarks/faults.py --write docs/reliability.md $(ARGS)

# The committed release in fresh environments with datasets 3.6 and 5, pandas, DuckDB and polars.
compat:
	$(PYTHON) tests/load_elsewhere.py $(ARGS)

clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
