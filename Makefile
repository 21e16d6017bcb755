# make lab    sets everything up and opens the workbook
# make test   sets everything up and runs all tests, including those in a real browser
# make site   builds the folder site/ for any web server: the workbook with a kernel in the page
#             (it loads Pyodide from the network; PYODIDE=folder lays that Pyodide beside it, for a school without)
# make site-test  runs the site's tests, which `make test` leaves out
# make hub-test   runs the tests with a real JupyterHub, which `make test` leaves out: as root, as they make accounts
# make proof  installs PyTorch and scikit-learn, against which some of the tests check the numerics
# make lessons  executes the notebooks again and writes their outputs
# make layouts   writes anew where words and tiles stand, after an intended change (the tests compare)
# make format   formats the code
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

SITE_VENV := .venv-site
# Only with the version of Python that Pyodide has, the site gets compiled files: its first panel comes sooner.
SITE_PYTHON ?= $(shell python3.12 -c 'import venv; print("python3.12")' 2>/dev/null || echo $(PYTHON))

# Learners' accounts run programs in it: it must not lie in a folder that is closed to others.
HUB_VENV ?= .venv-hub

.PHONY: lab test site site-test hub-test proof lessons layouts format

lab: $(VENV)/lab.done
	$(BIN)/python -m tinymlp lab

test: $(VENV)/test.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python tests/get_browser.py
	$(BIN)/python -m pytest -n 2 --dist loadfile -rs -m "not site and not hub"
	@echo "Not run here: the tests of the site and of a JupyterHub. \`make site-test\` and \`make hub-test\` run them."

site: $(SITE_VENV)/site.done
	$(SITE_VENV)/bin/python -m tinymlp site $(if $(PYODIDE),--pyodide='$(PYODIDE)')

site-test: $(VENV)/test.done $(SITE_VENV)/site.done
	$(BIN)/python tests/get_browser.py
	$(BIN)/python tests/get_pyodide.py
	$(BIN)/python -m pytest -n 2 --dist load -rs -m site tests

hub-test: $(VENV)/test.done $(HUB_VENV)/hub.done
	$(BIN)/python tests/get_browser.py
	TINYMLP_HUB_VENV='$(HUB_VENV)' $(BIN)/python -m pytest -p no:xdist -rs -m hub tests/test_hub.py

lessons: $(VENV)/test.done
	$(BIN)/python tests/execute_lessons.py

layouts: $(VENV)/test.done
	$(BIN)/python -m pytest -q -p no:xdist tests/test_layouts.py tests/test_browser.py -k "stand" --write-layouts

format: $(VENV)/test.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(BIN)/python:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed, this is ' + sys.version)"
	$(PYTHON) -m venv $(VENV)

# A stamp file for each set of packages: the second time, nothing uses the network.
$(VENV)/lab.done: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[lab]'
	touch $@

$(VENV)/test.done: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[lab,test]'
	touch $@ $(VENV)/lab.done

$(SITE_VENV)/site.done: pyproject.toml constraints-site.txt
	$(SITE_PYTHON) -m venv $(SITE_VENV)
	$(SITE_VENV)/bin/python -m pip install --quiet --constraint constraints-site.txt --editable '.[site]'
	touch $@

# The package is installed as on a school's machine, not linked: what changed in it is installed anew.
$(HUB_VENV)/hub.done: pyproject.toml constraints.txt tests/get_hub.py $(shell find tinymlp notebooks -name '*.*' -type f -not -path '*/__pycache__/*') | $(VENV)/test.done
	$(BIN)/python tests/get_hub.py '$(HUB_VENV)'
	touch $@

proof: $(VENV)/proof.done

$(VENV)/proof.done: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[proof]'
	touch $@
