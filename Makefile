# The commands of Vermeld; `make` or `make help` lists them.
CORPUS  ?= corpus/sample
OUTPUTS ?= outputs
MODEL   ?= nl_vermeld_news
BENCH   ?= quick
PYTHON  ?= $(firstword $(foreach p,python3.12 python3.13 python3.11 python3,$(shell $(p) -c 'import sys; print(sys.executable if (3, 11) <= sys.version_info < (3, 14) else "")' 2>/dev/null)))
NL_CORE_NEWS_LG = https://github.com/explosion/spacy-models/releases/download/nl_core_news_lg-3.8.0/nl_core_news_lg-3.8.0-py3-none-any.whl

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: run report notebook test check bench gate repin model clean help

run: .venv/installed ## Run all stages: make run CORPUS=dir OUTPUTS=dir MODEL=name
	@$(BIN)/vermeld run "$(CORPUS)" --out "$(OUTPUTS)" --model "$(MODEL)"

report: .venv/installed ## One HTML page of the tables in OUTPUTS (the sample's are made first if there are none)
	@test -f "$(OUTPUTS)/run.json" || $(BIN)/vermeld run "$(CORPUS)" --out "$(OUTPUTS)" --model "$(MODEL)"
	@$(BIN)/vermeld report --out "$(OUTPUTS)"

notebook: .venv/installed ## Run notebooks/tour.ipynb on the tables in OUTPUTS, into OUTPUTS/tour.ipynb
	@test -f "$(OUTPUTS)/run.json" || $(BIN)/vermeld run "$(CORPUS)" --out "$(OUTPUTS)" --model "$(MODEL)"
	@VERMELD_OUTPUTS="$(abspath $(OUTPUTS))" $(BIN)/jupyter execute notebooks/tour.ipynb --output="$(abspath $(OUTPUTS))/tour"
	@echo "$(OUTPUTS)/tour.ipynb"

test: .venv/installed ## Run the tests
	@$(BIN)/python -m pytest

check: .venv/installed ## Style, types and safety: ruff, mypy --strict, bandit
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/bandit --quiet --configfile pyproject.toml --severity-level medium --recursive pipeline

bench: .venv/installed ## Speed and memory, side by side with spaCy and Frog: make bench BENCH=full takes hours
	@$(BIN)/python -m pipeline.bench "$(BENCH)"

gate: .venv/installed ## Compare the sample and the linking cases with what is pinned; say what moved, and why
	@$(BIN)/python -m tests.gate

repin: .venv/installed ## The same, and pin it: make repin ALLOW=--allow-regression where a score falls
	@$(BIN)/python -m tests.gate --write $(ALLOW)

model: .venv/installed ## Install nl_core_news_lg 3.8.0 from its makers' release page, for MODEL=nl_core_news_lg
	@$(BIN)/pip install --no-deps "$(NL_CORE_NEWS_LG)"

clean: ## Remove the tables and caches (not .venv)
	@rm -rf outputs/* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find pipeline tests -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# One environment for running and testing; made anew when the pins change.
.venv/installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Vermeld needs Python 3.11, 3.12 or 3.13; none was found." >&2; exit 2; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	@echo "Installing the pinned packages into .venv (once, a few minutes) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@
