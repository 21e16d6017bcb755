"""What a server need not load: parts of its libraries that cost each learner memory and seconds, and serve none.

Measured for one server: without them 70 MB are its own and not 105, and its imports take 1.1 seconds of a processor and
not 3.8. Whatever asks for one of them later still gets it, but for the first.
"""

import sys
from contextlib import contextmanager
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType

# An optional part of jsonschema, a grammar of internet addresses: reading it takes 2 seconds and 15 MB.
GRAMMAR = "rfc3987_syntax"
TABLES = "jupyterhub.orm"  # the Hub's database, with all that reads one
PAGES = "jupyterhub.handlers.pages"  # the Hub's own pages; the server asks for one class, to log its visits less loudly


def leave_out(name=GRAMMAR):
    """Have an optional part count as not installed, unless it is loaded already."""
    sys.modules.setdefault(name, None)


def put_off(name):
    """Have a module loaded when something of it is first used, and not when it is imported."""
    package, _, last = name.rpartition(".")
    if name not in sys.modules and (spec := find_spec(name)):
        spec.loader = LazyLoader(spec.loader)
        sys.modules[name] = module = module_from_spec(spec)
        spec.loader.exec_module(module)
        setattr(sys.modules[package], last, module)  # `from package import last` then has no need to look at it


@contextmanager
def stand_in(name, **contents):
    """For a while, let a module and the package it is in hold nothing but these contents."""
    package, _, _ = name.rpartition(".")
    for each, names in ((package, {}), (name, contents)):
        sys.modules[each] = ModuleType(each)
        vars(sys.modules[each]).update(names)
    try:
        yield
    finally:
        for each in (package, name):
            sys.modules.pop(each, None)


def single_user():
    """Return JupyterHub's single-user server (a class), without what only the Hub itself needs."""
    put_off(TABLES)
    with stand_in(PAGES, HealthCheckHandler=type("HealthCheckHandler", (), {})):
        try:
            from jupyterhub.singleuser.extension import JupyterHubSingleUser
        except ImportError:
            JupyterHubSingleUser = None  # this version needs more of those pages
    if JupyterHubSingleUser is None:
        from jupyterhub.singleuser.extension import JupyterHubSingleUser
    return JupyterHubSingleUser
