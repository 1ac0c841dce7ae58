import json
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

import dunder
from dunder import (
    Ledger,
    Money,
    Order,
    RuleError,
    discounted,
    load_rule,
)

DWIGHT = Path(__file__).parent / "rules" / "dwight.py"


@pytest.fixture
def write(tmp_path):
    def write(text, name="rule.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def ledger_of(*orders):
    ledger = Ledger()
    for order in orders:
        ledger.add(order)
    return ledger


def test_dwights_file_has_its_say():
    ledger = ledger_of(
        Order("Acme", 12, 599), Order("Schrute Farms", 2, 500)
    )
    prices = discounted(ledger, load_rule(DWIGHT))
    assert prices == [Money(6828), Money(500)]


def test_a_path_may_be_text():
    assert callable(load_rule(str(DWIGHT)))


def test_an_error_points_at_his_file():
    with pytest.raises(RuleError) as caught:
        discounted(
            ledger_of(Order("Vance", 3, 1000)), load_rule(DWIGHT)
        )
    cause = caught.value.__cause__
    last = traceback.extract_tb(cause.__traceback__)[-1]
    assert last.filename == str(DWIGHT)
    assert last.line == "percent = PERCENT[order.customer]"


def test_a_file_may_import_and_define_what_it_likes(write):
    rule = load_rule(
        write(
            "import math\n"
            "HALF = 0.5\n"
            "def half(cents): return math.floor(cents * HALF)\n"
            "def price(order): return half(order.total_cents())\n"
        )
    )
    assert rule(Order("Acme", 1, 599)) == 299


def test_a_file_is_read_as_utf_8(write):
    rule = load_rule(write("def price(order): return 'Żółć'\n"))
    assert rule(None) == "Żółć"


def test_whatever_the_locale_says_it_is_utf_8(write):
    path = write("def price(order): return 'Żółć'\n")
    asks = f"import dunder; dunder.load_rule({str(path)!r})"
    strict = [
        "-X",
        "warn_default_encoding",
        "-W",
        "error::EncodingWarning",
    ]
    ran = subprocess.run(
        [sys.executable, *strict, "-c", asks],
        cwd=Path(dunder.__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_two_files_share_no_names(write, tmp_path):
    one = load_rule(
        write("RATE = 1\ndef price(order): return RATE\n")
    )
    (tmp_path / "other").mkdir()
    two = load_rule(
        write("def price(order): return RATE\n", "other/rule.py")
    )
    assert one(None) == 1
    with pytest.raises(NameError, match="RATE"):
        two(None)


def test_a_file_loaded_again_begins_anew(write):
    old = load_rule(
        write("RATE = 1\ndef price(order): return RATE\n")
    )
    new = load_rule(write("def price(order): return RATE\n"))
    with pytest.raises(NameError, match="RATE"):
        new(None)
    assert old(None) == 1


def test_a_file_called_like_a_module_is_not_that_module(
    write, monkeypatch
):
    monkeypatch.setitem(sys.modules, "json", json)
    path = write("def price(order): return 1\n", "json.py")
    load_rule(path)
    assert sys.modules.get("json") is json
    assert not hasattr(json, "price")
    assert [name for name in sys.modules if str(path) in name] == []


def test_it_finds_no_names_of_the_main_program(write, monkeypatch):
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "SECRET", 1, raising=False)
    rule = load_rule(write("def price(order): return SECRET\n"))
    with pytest.raises(NameError, match="SECRET"):
        rule(None)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        load_rule(tmp_path / "angela.py")
    assert caught.value.filename == str(tmp_path / "angela.py")


def test_a_file_without_a_price_is_named(write):
    path = write("cost = 1\n")
    with pytest.raises(AttributeError, match="price") as caught:
        load_rule(path)
    assert str(path) in str(caught.value)


def test_a_typo_points_at_the_line(write):
    path = write("\ndef price(order) return 1\n")
    with pytest.raises(SyntaxError) as caught:
        load_rule(path)
    assert caught.value.filename == str(path)
    assert caught.value.lineno == 2


def test_what_a_file_raises_is_passed_on(write):
    with pytest.raises(ZeroDivisionError):
        load_rule(write("1 / 0\n"))
