import doctest
import sys

import dunder.names
import dunder.rows
import dunder.sample
from dunder.__main__ import main


def test_the_examples_in_the_docstrings_are_true():
    for module in (dunder.names, dunder.rows, dunder.sample):
        assert doctest.testmod(module).failed == 0


def test_the_program_prints_revenue_and_suspects(capsys, monkeypatch):
    arguments = ["python -m dunder", "--customers", "12"]
    monkeypatch.setattr(sys, "argv", arguments)
    main()
    printed = capsys.readouterr().out
    assert "Scranton" in printed
    assert "pairs of 12 customers look like one." in printed
