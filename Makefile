# A convenience: each target is one command that can be typed by hand.
.PHONY: help run test check bench
.DEFAULT_GOAL := help
PYTHON ?= python

help:  ## say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run:  ## make a picture with the model that ships
	safelight run workflows/text_to_image.json

test:  ## run the tests
	$(PYTHON) -m pytest

check:  ## lint, formatting and types
	ruff check .
	ruff format --check .
	mypy
	$(PYTHON) -m pytest tests/test_architecture.py

bench:  ## time the engine and the sampler
	$(PYTHON) -m bench.engine
	$(PYTHON) -m bench.sampling
