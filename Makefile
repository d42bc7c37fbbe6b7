# One command for everything.  Each target installs by name what it needs and does nothing twice.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

.PHONY: run test check bench messages requirements docs assets lock format clean

run: .venv/server assets
	@$(BIN)/shoumi run --demo

test: .venv/dev assets
	@scripts/debian.sh test
	@$(BIN)/python scripts/suite.py

check: .venv/dev assets
	@scripts/debian.sh check
	$(BIN)/ruff format --check src tests benchmarks scripts
	$(BIN)/ruff check src tests benchmarks scripts
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/shoumi manage makemigrations --check --dry-run
	$(BIN)/python scripts/messages.py --check
	$(BIN)/python scripts/reference.py --check
	$(BIN)/python scripts/requirements.py --quiet

bench: .venv/bench
	@for bench in benchmarks/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

messages: .venv/dev
	@scripts/debian.sh check
	$(BIN)/python scripts/messages.py

docs: .venv/dev
	$(BIN)/python scripts/reference.py

requirements: .venv/dev
	@$(BIN)/python scripts/requirements.py

assets: .venv/server
	@scripts/debian.sh run
	@$(BIN)/python scripts/assets.py
	@$(BIN)/python scripts/messages.py --compile

format: .venv/dev
	$(BIN)/ruff format src tests benchmarks scripts
	$(BIN)/ruff check --fix-only src tests benchmarks scripts

# The locks pin every file by its hash and name no place to fetch it from.
lock: .venv/dev
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --no-annotate pyproject.toml -o requirements/bare.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --no-annotate --extra server pyproject.toml -o requirements/server.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --no-annotate --extra server --extra cluster --extra dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate --extra server --extra cluster --extra dev --extra bench pyproject.toml -o requirements/bench.txt

.venv/python: requirements/build.txt
	@scripts/debian.sh venv
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) -r requirements/build.txt
	@touch $@

.venv/server: requirements/server.txt pyproject.toml .venv/python
	@echo "Installing Shoumi into .venv ..."
	@$(PIP) -r requirements/server.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: requirements/dev.txt .venv/server
	@echo "Installing the test tools into .venv ..."
	@$(PIP) --no-compile -r requirements/dev.txt
	@touch $@

.venv/bench: requirements/bench.txt .venv/dev
	@echo "Installing what benchmarks compare with into .venv ..."
	@$(PIP) -r requirements/bench.txt
	@touch $@

clean:
	rm -rf .venv node_modules build var src/shoumi/server/static/vendor
