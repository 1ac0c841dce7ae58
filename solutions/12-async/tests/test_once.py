from apart import said_by, started


def test_what_is_made_once_keeps_nobody_waiting_for_ever():
    assert sorted(said_by(started("decimal_once.py"))) == [
        "first: Decimal('5.99')",
        "second: Decimal('1.00')",
    ]
