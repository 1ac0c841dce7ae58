import importlib
from importlib.machinery import EXTENSION_SUFFIXES


def extension():
    return importlib.import_module("dunder._dunder")


def test_the_extension_module_is_a_shared_library():
    assert extension().__file__.endswith(tuple(EXTENSION_SUFFIXES))


def test_the_extension_module_says_what_it_is_for():
    assert extension().__doc__.startswith("The extension module")
