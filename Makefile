# `make run` and `make test` do everything, their own set-up included.
.DEFAULT_GOAL := help
.PHONY: help run load build docs docs-serve status lint format test lock clean
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
CDI := $(BIN)/cdi
CUSTOMERS ?= 2000

export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## Show what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: .venv/run ## Everything, on a made-up company: generate, serve, load, build, docs, status
	@$(CDI) sandbox generate --customers $(CUSTOMERS)
	@$(CDI) sandbox serve -- $(CDI) load
	@$(CDI) build --quiet
	@$(CDI) docs
	@$(CDI) status

load: .venv/run ## Load from the sources whose credentials are set
	@$(CDI) load

build: .venv/run ## Build and test every model (dbt build)
	@$(CDI) build

docs: .venv/run ## Write the lineage site, one static file
	@$(CDI) docs

docs-serve: .venv/run ## Write the lineage site and serve it
	@$(CDI) docs --serve

status: .venv/run ## Show what is loaded and built
	@$(CDI) status

lint: .venv/dev ## Lint Python (ruff, mypy) and SQL (sqlfluff)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(CDI) contracts sync --check
	@$(CDI) pii sync --check
	@$(CDI) reference sync --check
	@$(BIN)/sqlfluff lint

format: .venv/dev ## Mend what the linters can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix

test: lint ## Lint, then pytest, which also runs the whole dbt build with its tests
	@$(BIN)/pytest

lock: .venv/dev ## Pin every dependency anew, with hashes
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras \
		--extra sandbox --extra dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras \
		--extra sandbox -c requirements-dev.lock pyproject.toml -o requirements.lock

clean: ## Remove what was generated: sandbox, site, logs, caches (the warehouse stays)
	rm -rf data/sandbox target logs .pytest_cache .ruff_cache .mypy_cache build ./*.egg-info

# The sandbox and the pipelines need requirements.lock; lint and tests need the rest too.
.venv/run: requirements.lock pyproject.toml
	@$(call install,requirements.lock)

.venv/dev: requirements-dev.lock pyproject.toml
	@$(call install,requirements-dev.lock)
	@touch .venv/run

define install
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	echo "installing from $(1) …"
	$(BIN)/pip install --quiet --require-hashes -r $(1)
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@
endef
