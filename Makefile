# make run [HOST=0.0.0.0] [PORT=8501] [NETWORK=FOLDER] [LESSON=my.toml]   serve the app
# make many [SERVERS=4] [HOST=0.0.0.0] [PORT=8501]       as many servers behind one address, by nginx
# make keys                                              once, for a lab: keys/, to copy to each of its machines
# make cluster [CLUSTER=tls://0.0.0.0:8786]              its scheduler; then MNIST_CLUSTER=tls://teacher:8786 make run
# make worker CLUSTER=tls://teacher:8786                 this machine trains for it
# make test                                              the tests, in a real browser too
# make lint                                              ruff, mypy, and tsc for the browser's part
SERVERS ?= 4
HOST ?= 127.0.0.1
PORT ?= 8501
PYTHON ?= python3
CLUSTER ?= tls://0.0.0.0:8786
export MNIST_NETWORK = $(NETWORK)
export MNIST_LESSON = $(LESSON)
BIN = .venv/bin
NUDGE = $(BIN)/python -m mnist_model
SERVE = $(BIN)/streamlit run app.py --server.address $(HOST) --server.port $(PORT)
PIP = $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: run many dev keys cluster worker test lint networks study pictures bench mutants lock

run: .venv/ready
	@test -z "$(NETWORK)" || test -f "$(NETWORK)/model.tflite" || { echo "NETWORK=$(NETWORK) is not a run folder."; exit 1; }
	@test -z "$(LESSON)" || $(NUDGE) lesson "$(LESSON)" --check
	@$(NUDGE) addresses $(HOST) $(PORT)
	@$(SERVE)

many: .venv/ready
	@exec $(BIN)/python -m mnist_model.many.serve $(HOST) $(PORT) $(SERVERS)

dev: .venv/ready
	@$(SERVE) --server.fileWatcherType auto --client.showErrorDetails full

keys: .venv/ready
	@$(BIN)/python -m mnist_model.engine.keys

cluster: .venv/ready
	@$(BIN)/python -m mnist_model.engine.lab_scheduler $(CLUSTER)

worker: .venv/ready
	@$(BIN)/python -m mnist_model.engine.join_lab $(CLUSTER)

test: .venv/tests-ready
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not browser and not engine"
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "browser or engine"

lint: .venv/tests-ready node_modules
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	npm run --silent lint

networks: .venv/ready
	rm -f assets/networks/SHA256SUMS
	for name in $$($(NUDGE) networks); do \
		$(NUDGE) train $$name --out assets/networks/$$name && rm -r assets/networks/$$name/epochs && \
		$(NUDGE) shift $$name || exit 1; \
	done
	for name in $$($(NUDGE) networks --centred); do $(NUDGE) shift $$name --centred || exit 1; done
	for name in $$($(NUDGE) networks --shuffled); do \
		$(NUDGE) shuffle $$name --out assets/networks/$$name || exit 1; \
	done
	$(BIN)/python -m mnist_model.networks.sums assets/networks

study: .venv/ready
	$(NUDGE) study && cp study/study.json assets/networks/
	$(BIN)/python -m mnist_model.networks.sums assets/networks

pictures: .venv/tests-ready
	PICTURES=1 $(BIN)/python -m pytest -n 2 --dist loadfile -m browser

bench: .venv/tests-ready
	$(BIN)/python -m tests.bench

mutants: .venv/tests-ready
	$(BIN)/python -m tests.mutants

# What `make run` installs: the same versions everywhere, checked by their hashes.
lock: .venv/tests-ready
	$(BIN)/uv pip compile requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --quiet --upgrade --output-file requirements.lock

.venv/ready: requirements.lock
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	@touch $@

.venv/tests-ready: tests/requirements.txt .venv/ready
	$(PIP) -r tests/requirements.txt
	@touch $@

node_modules: package-lock.json
	npm ci --silent
	@touch $@
