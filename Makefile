# The environment is one folder, .venv; requirements*.txt pin and hash all that goes into it.
PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2
BIN := .venv/bin

.PHONY: serve env test soak quality bench bench-scale bench-streams bench-related bench-search bench-writing lock

serve: env
	@$(BIN)/dateline serve --sample --port $(PORT)

env: .venv/.ready

test: .venv/.ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder  # else the longest files come last

# Longer runs of what `test` proves in short ones; not a part of it.
soak: .venv/.ready-dev
	$(BIN)/pytest -m soak --numprocesses $(JOBS)

# How good related stories and storylines are, by the gold data beside the checkout; `CORPORA=dated` for one of them.
quality: .venv/.ready-dev
	$(BIN)/python -m tests.quality $(CORPORA)

# What reads cost beside bare uvicorn, in eight minutes; writes docs/benchmarks.md. Needs `wrk`. DATELINE_BENCH_DIR=FOLDER keeps
# the archives.
bench: .venv/.ready-dev
	$(BIN)/python -m tests.bench.reads

# How reads grow with the archive: hours and 70 GB of disk, goes on where it was interrupted. `make bench-scale READ_SIZES=1000,10000`.
READ_SIZES ?= 1000,10000,100000,1000000
bench-scale: .venv/.ready-dev
	$(BIN)/python -m tests.bench.scale --sizes $(READ_SIZES)

# 5,000 live streams on one process.
bench-streams: .venv/.ready-dev
	$(BIN)/python -m tests.bench.streams

# What related stories and search cost, in CPU time. Growth: `make bench-related BASE=10000
# SIZES=10000,100000,1000000`, two hours and 60 GB of disk.
BASE ?= 2000
SIZES ?= 10000
bench-related bench-search: bench-%: .venv/.ready-dev
	$(BIN)/python -m tests.bench.$* --base $(BASE) --sizes $(SIZES)

# What importing and publishing cost, in two minutes; writes docs/benchmarks.md.
bench-writing: .venv/.ready-dev
	$(BIN)/python -m tests.bench.writing

.venv/.ready: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Dateline needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/.ready-dev: requirements-dev.txt .venv/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# After a change of pyproject.toml. Needs uv.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
lock:
	$(LOCK) pyproject.toml --group build -o requirements.txt
	$(LOCK) pyproject.toml --group build --group dev -c requirements.txt -o requirements-dev.txt
