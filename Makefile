# make run [HOST=0.0.0.0] [PORT=8501] [NETWORK=FOLDER]    serve the app
# make test                                              the tests, in a real browser too
HOST ?= 127.0.0.1
PORT ?= 8501
PYTHON ?= python3
export MNIST_NETWORK = $(NETWORK)
BIN = .venv/bin
SERVE = $(BIN)/streamlit run app.py --server.address $(HOST) --server.port $(PORT)

.PHONY: run dev test lint networks pictures bench

run: .venv/ready
	@test -z "$(NETWORK)" || test -f "$(NETWORK)/model.tflite" || { echo "NETWORK=$(NETWORK) is not a run folder."; exit 1; }
	@$(BIN)/python -m mnist_model.addresses $(HOST) $(PORT)
	@$(SERVE)

dev: .venv/ready
	@$(SERVE) --server.fileWatcherType auto --client.showErrorDetails full

test: .venv/tests-ready
	$(BIN)/python -m pytest

lint: .venv/tests-ready
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

networks: .venv/ready
	for name in dense dense-shifted conv conv-global robust; do \
		$(BIN)/python -m mnist_model train $$name --out assets/networks/$$name && \
		rm -r assets/networks/$$name/epochs && \
		$(BIN)/python -m mnist_model shift $$name || exit 1; \
	done
	$(BIN)/python -m mnist_model shift dense --centred
	for name in dense conv conv-global; do \
		$(BIN)/python -m mnist_model shuffle $$name --out assets/networks/$$name/shuffled.json || exit 1; \
	done

pictures: .venv/tests-ready
	PICTURES=1 $(BIN)/python -m pytest tests/test_browser.py

bench: .venv/tests-ready
	$(BIN)/python -m tests.bench

.venv/ready: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/tests-ready: tests/requirements.txt .venv/ready
	$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@
