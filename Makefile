# Everything a newcomer needs: `make serve` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# What tests compile is kept, in one place, whatever the environment says: else each process that a test starts compiles all anew.
COMPILING := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/$(VENV)/bytecode

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{ printf "%-16s %s\n", $$1, $$2 }'

.PHONY: serve
serve: $(VENV)/runtime ## Serve the API with the five-article corpus; keeps what the database holds
	@$(BIN)/tasrih migrate
	@$(BIN)/tasrih load --if-empty
	@exec $(BIN)/tasrih serve

.PHONY: sandbox
sandbox: $(VENV)/runtime ## Serve a throw-away copy of the corpus with a token, for the tests of clients; POST /sandbox/reset undoes what they wrote
	@exec $(BIN)/tasrih sandbox

.PHONY: load
load: $(VENV)/runtime ## Load the five-article corpus into the database again, after it changed
	@$(BIN)/tasrih migrate
	@$(BIN)/tasrih load

.PHONY: test
test: $(VENV)/dev ## Run the tests that need no process but their own, on SQLite and on PostgreSQL
	@$(PYTEST) --ignore tests/system $(OPTIONS)

.PHONY: test-system
test-system: $(VENV)/mcp $(VENV)/browser $(VENV)/parquet ## Test what takes real processes: servers, signals, kills, full disks, the installed package
	@$(PYTEST) tests/system $(OPTIONS)

PYTEST := $(COMPILING) $(BIN)/python -m pytest --quiet --numprocesses auto --dist loadscope --no-loadscope-reorder

SYSTEM_PACKAGES := pgbouncer prometheus nginx apache2 chromium

.PHONY: system-packages
system-packages: ## Install the Debian packages that the system tests start programs of, as root (without them those tests are skipped)
	@apt-get update --quiet --quiet
	@RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes --no-install-recommends $(SYSTEM_PACKAGES)

.PHONY: prove-container
prove-container: $(VENV)/runtime ## Build the Dockerfile on a Debian made with debootstrap instead of an image from a registry, and run it (root; needs buildah)
	@$(BIN)/python .ci/prove_container.py

.PHONY: linguistics
linguistics: $(VENV)/linguistics ## Measure the search's stemmer on word lists, next to Snowball
	@$(BENCH).linguistics

SIZES ?= 10k,1M
ROUNDS ?= 3

BENCH := $(BIN)/python -m bench
PEERS := bench/.cache/peers
SERVER := $(if $(DATABASE_URL),--database-url $(DATABASE_URL))
LARGEST = $(lastword $(subst $(COMMA), ,$(SIZES)))
COMMA := ,

.PHONY: bench
bench: $(VENV)/dev $(PEERS)/ready ## Measure all that docs/performance.md tells of speed and size, at SIZES=10k,1M statements in ROUNDS=3 rounds (hours; needs wrk)
	@$(BENCH) --sizes $(SIZES) --rounds $(ROUNDS) $(SERVER)
	@$(BENCH).slow_questions --sizes $(LARGEST)
	@$(BENCH).footprint --sizes $(SIZES)
	@$(BENCH).writing --sizes $(SIZES) $(SERVER)
	@$(BENCH).importing --sizes 100k $(SERVER)
	@$(BENCH).renaming --sizes 10k
	@$(BENCH).peers --sizes $(LARGEST)

.PHONY: bench-reads
bench-reads: $(VENV)/dev ## Measure reads beside a Flask hello-world on both engines: worked out and cached, while nobody writes and beside a writer (needs wrk)
	@$(BENCH) --sizes $(SIZES) --rounds $(ROUNDS) $(SERVER)

.PHONY: bench-pages
bench-pages: $(VENV)/dev ## Measure the processor time of pages beside that of the JSON that they show
	@$(BENCH).pages

.PHONY: bench-peers
bench-peers: $(VENV)/dev $(PEERS)/ready ## Measure the works beside FastAPI with SQLAlchemy Core and Datasette, on the same SQLite database (needs wrk)
	@$(BENCH).peers

$(PEERS)/ready: bench/peers/requirements.txt
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r bench/peers/requirements.txt
	@touch $@

.PHONY: bench-search
bench-search: $(VENV)/dev ## Put judged questions and all names to the search and to plain engines, on SQLite and on PostgreSQL
	@$(BENCH).search

.PHONY: bench-import
bench-import: $(VENV)/dev ## Measure imports into an empty database on both engines: records per second and memory
	@$(BENCH).importing $(SERVER)

.PHONY: bench-writes
bench-writes: $(VENV)/dev ## Measure writes by one client and by eight over HTTP, on both engines, at SIZES=10k,1M statements
	@$(BENCH).writing --sizes $(SIZES) $(SERVER)

ARTICLES ?=

.PHONY: drafting
drafting: $(VENV)/dev ## Measure drafted statements against annotated articles; ARTICLES=FOLDER adds those of the corpus, whose texts are not here
	@$(BENCH).drafting $(if $(ARTICLES),--articles $(ARTICLES))

.PHONY: faults
faults: $(VENV)/dev ## Kill, starve and stop the service while clients write, on both engines, and prove that nothing is lost
	@PYTHONPATH=tests $(BIN)/python -m faults

.PHONY: cluster
cluster: $(VENV)/dev ## Start PostgreSQL under Patroni, two nodes of the service and HAProxy on 127.0.0.1, until Ctrl-C (needs etcd-server, patroni, postgresql, haproxy)
	@PYTHONPATH=tests $(BIN)/python -m clustering

.PHONY: prove-cluster
prove-cluster: $(VENV)/dev ## Switch the cluster over, kill its primary 20 times, kill parts of it at random for 15 minutes, and prove that nothing is lost (besides: pgbouncer)
	@PYTHONPATH=tests $(BIN)/python -m clustering --switchovers 10 --kills 20 --minutes 15

.PHONY: release-copies
release-copies: $(VENV)/dev ## Keep copies of small databases of this version, which later versions are tested to upgrade
	@PYTHONPATH=.:tests $(BIN)/python -P -m releasing

.PHONY: lint
lint: $(VENV)/dev ## Check style, types, dependencies between packages, and the contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/openapi-spec-validator openapi.yaml

.PHONY: lint-contract
lint-contract: .ci/contract/node_modules/.package-lock.json ## Lint openapi.yaml with Redocly and Spectral and compile a TypeScript client from it (needs npm)
	@npm --prefix .ci/contract run --silent check

.ci/contract/node_modules/.package-lock.json: .ci/contract/package-lock.json
	@npm --prefix .ci/contract ci --silent --no-audit --no-fund
	@touch $@

# Outside of CI, whoever has no npm can go without; in CI its absence is an error.
CLIENTS := $(if $(or $(CI),$(shell command -v npm)),$(VENV)/dev .ci/clients/.venv/ready .ci/clients/node_modules/.package-lock.json)

.PHONY: clients
clients: $(CLIENTS) ## Build, pack and test the TypeScript client; make clients of openapi.yaml with six generators and drive each (needs npm)
	@$(if $(CLIENTS),$(BIN)/python .ci/clients/check.py,echo "Skipped: npm is not installed, which the generators of TypeScript clients need.")

.ci/clients/.venv/ready: .ci/clients/requirements.txt
	@$(PYTHON) -m venv .ci/clients/.venv
	@.ci/clients/.venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r .ci/clients/requirements.txt
	@touch $@

.ci/clients/node_modules/.package-lock.json: .ci/clients/package-lock.json
	@npm --prefix .ci/clients ci --silent --no-audit --no-fund
	@touch $@

.PHONY: format
format: $(VENV)/dev ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: openapi
openapi: $(VENV)/runtime ## Write openapi.yaml anew from the code, and from that the records of the Python client
	@$(BIN)/tasrih openapi --output openapi.yaml
	@$(BIN)/python clients/python/generate_records.py

.PHONY: lock
lock: $(VENV)/dev ## Resolve the dependencies and pin them in requirements/
	@$(LOCK) --extra build setup.cfg --output-file requirements/runtime.txt
	@$(LOCK) --extra build --extra dev setup.cfg --constraint requirements/runtime.txt --output-file requirements/dev.txt
	@$(LOCK) --extra linguistics setup.cfg --constraint requirements/dev.txt --output-file requirements/linguistics.txt
	@$(LOCK) --extra browser setup.cfg --constraint requirements/dev.txt --output-file requirements/browser.txt
	@$(LOCK) --extra mcp setup.cfg --constraint requirements/dev.txt --output-file requirements/mcp.txt
	@$(LOCK) --extra parquet setup.cfg --constraint requirements/dev.txt --output-file requirements/parquet.txt
	@$(LOCK) .ci/clients/requirements.in --output-file .ci/clients/requirements.txt
	@$(LOCK) bench/peers/requirements.in --output-file bench/peers/requirements.txt

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
	--custom-compile-command "make lock"

.PHONY: clean
clean: ## Remove the environment and caches, but no database
	@rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
	@find . -name __pycache__ -not -path './.ci/*' -type d -prune -exec rm -rf {} +

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python lacks its venv module; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/runtime: $(VENV)/python requirements/runtime.txt setup.cfg pyproject.toml
	@echo "Installing the pinned dependencies ..."
	@$(PIP) install --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/runtime requirements/dev.txt
	@echo "Installing the pinned development tools ..."
	@$(COMPILING) $(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/mcp: $(VENV)/dev requirements/mcp.txt
	@echo "Installing the pinned packages of the extra mcp ..."
	@$(PIP) install --require-hashes -r requirements/mcp.txt
	@touch $@

$(VENV)/parquet: $(VENV)/dev requirements/parquet.txt
	@echo "Installing the pinned packages of the extra parquet ..."
	@$(PIP) install --require-hashes -r requirements/parquet.txt
	@touch $@

$(VENV)/linguistics: $(VENV)/dev requirements/linguistics.txt
	@echo "Installing the pinned dictionaries and word lists ..."
	@$(PIP) install --require-hashes -r requirements/linguistics.txt
	@touch $@

$(VENV)/browser: $(VENV)/dev requirements/browser.txt
	@echo "Installing what drives a browser ..."
	@$(PIP) install --require-hashes -r requirements/browser.txt
	@touch $@
