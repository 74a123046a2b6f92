# The few commands of daily work; `make` alone lists them. What they need, tools/setup.sh installs into .venv.
.DEFAULT_GOAL := help
WHOLE := $(addprefix test-,looks journeys flows)
MEASURED := $(addprefix test-,inside finding pages commands)
CHECKS := check-types check-form
PARTS := $(addprefix test-,inside flows journeys looks again pages commands finding)
.PHONY: help demo demo-clean test $(PARTS) check $(CHECKS) bench eval screenshots lighthouse format lock clean \
	setup-demo setup-test
MAKEFLAGS += --no-print-directory
# Where it is set, pytest rewrites all tests anew in each part, and each process that a test starts compiles the program.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
UV := build/uv/bin/uv
# The parts of the tests; what none of the others names is `inside`.
processes := tests/browser/test_first_run.py tests/flows/test_workers.py
looks := $(patsubst %,tests/browser/test_%.py,accessibility calendar keyboard language map weight)
journeys := tests/browser $(addprefix --ignore=,$(looks) $(processes))
flows := tests/flows tests/peers $(addprefix --ignore=,$(processes))
pages := $(addprefix tests/,accounts admin attendance bringing conversations desk discover engagements web)
finding := $(addprefix tests/,demo districts duplicates evaluation language matching meaning places search understanding)
commands := $(wildcard tests/test_*.py) tests/architecture tests/mutants $(processes)
within := tests $(addprefix --ignore=,tests/browser tests/flows tests/peers)
inside := $(within) $(addprefix --ignore=,$(pages) $(finding) $(commands))

COMPILE := $(UV) pip compile --system-certs --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-annotate

help: ## Diese Übersicht
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup-demo ## Drei Städte auf diesem Rechner starten; Strg+C beendet sie, die Daten bleiben
	@exec $(BIN)/ehrenamt demo

demo-clean: ## Die Daten der drei Städte löschen
	rm -rf demo-data

test: setup-test ## Alles prüfen: Werkzeuge und Server holen, check, alle Tests, Abdeckung
	@rm -rf build/coverage && mkdir -p build/coverage
	@echo "check und die Tests laufen in Teilen, je vier zugleich, rund eine Viertelstunde; jeder zeigt am Ende, was er fand."
	@$(MAKE) --jobs=4 --keep-going --output-sync=line $(PARTS) $(CHECKS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage json --quiet -o build/coverage.json
	@$(BIN)/python tools/coverage_gates.py build/coverage.json

# The longest first, so that short ones end last. Four at once on two processors, since each waits now and then, for a
# browser, a server or another town: of three at once, both processors waited for a third of the time. `looks` is each
# page by itself, `journeys` goes through many. Measured are those parts alone that try the program's own; what whole
# instances do with it goes the same ways, as does what ran on SQLite and runs on PostgreSQL once more. The measuring
# takes two fifths of a test's time; the mark `unmeasured` is for those that go many times where others go once.
$(WHOLE): test-%:
	$(BIN)/python -m pytest $($*)

$(MEASURED): test-%:
	$(BIN)/coverage run -m pytest -k "not postgresql" $($*)

test-again:
	$(BIN)/python -m pytest -k postgresql $(within)

check: setup-test ## Prüfen ohne Tests: Form, Lint, Typen, Importregeln, Abhängigkeiten, Vorlagen
	@$(MAKE) --jobs=2 --output-sync=line $(CHECKS)

check-types:
	$(BIN)/mypy

check-form:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .
	$(BIN)/djlint --quiet --lint --check fediverse_ehrenamt

bench: setup-test ## Messen, Ergebnis in build/bench.json; nur einen Teil: make bench BENCH=inbox
	$(BIN)/python -m tests.benchmarks $(BENCH)

eval: setup-test ## Beurteilen, wie gut verstanden wird, Ergebnis in build/eval.json; nur einen Teil: make eval EVAL=times
	$(BIN)/python -m tests.evaluation $(EVAL)

screenshots: setup-test ## Die zehn Hauptseiten in drei Breiten, hell und dunkel, als Bilder in build/screenshots
	$(BIN)/python -m tests.browser.screenshots

lighthouse: ## Start, Treffer, Angebot und Organisation von Lighthouse beurteilen lassen, Berichte in build/lighthouse
	@tools/setup.sh lighthouse
	$(BIN)/python -m tests.benchmarks lighthouse

format: setup-test ## Quelltext und Vorlagen in Form bringen
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --quiet --reformat fediverse_ehrenamt || true

lock: setup-demo ## Die Paketlisten neu erstellen (requirements.lock, requirements-dev.lock, requirements-uv.lock)
	@test -x $(UV) || $(BIN)/python -m pip install --quiet --target build/uv --require-hashes -r requirements-uv.lock
	echo uv | $(COMPILE) - --output-file requirements-uv.lock
	$(COMPILE) pyproject.toml --group build --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --output-file requirements-dev.lock

clean: ## Alles Erzeugte löschen, auch .venv; die Daten der Demo bleiben
	rm -rf .venv build dist tests/*/*/node_modules tests/lighthouse/node_modules .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find fediverse_ehrenamt tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

setup-demo:
	@tools/setup.sh demo

setup-test:
	@tools/setup.sh test
