PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint types unit soak bench system-deps format clean

run: $(VENV)/run
	$(BIN)/trunkline serve -c proxy.yaml $(ARGS)

test: lint types unit

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

unit: $(VENV)/dev
	$(BIN)/pytest -m "not soak"

soak: $(VENV)/dev
	$(BIN)/pytest -m soak -n 1 --timeout 3600

format: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

system-deps:
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$(cat tests/system-packages.txt)

$(VENV)/run: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e .
	touch $@

$(VENV)/dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e ".[dev]"
	touch $@ $(VENV)/run

clean:
	rm -rf $(VENV)
