import logging

import pytest

from dunder import Ledger, Money, Order, discounted


@pytest.fixture
def ledger():
    ledger = Ledger()
    ledger.add(Order("Acme", 12, 599))
    ledger.add(Order("Vance", 3, 1000))
    return ledger


def free_for_vance(order):
    return 0 if order.customer == "Vance" else 100


def test_a_gift_is_a_price_and_is_written_down(ledger, caplog):
    prices = discounted(ledger, free_for_vance)
    assert prices == [Money(100), Money(0)]
    [record] = caplog.records
    assert (record.name, record.levelno) == (
        "dunder.rule",
        logging.WARNING,
    )
    assert (
        record.getMessage() == "given away: Order('Vance', 3, 1000)"
    )


def test_the_record_has_the_order_itself(ledger, caplog):
    discounted(ledger, free_for_vance)
    assert caplog.records[0].order is ledger[1]


def test_the_record_says_who_asked(ledger, caplog):
    discounted(ledger, free_for_vance)
    assert caplog.records[0].pathname == __file__


def test_a_price_is_not_written_down(ledger, caplog):
    discounted(ledger, lambda _: 1)
    assert caplog.records == []


@pytest.fixture
def logger():
    logger = logging.getLogger("dunder.rule")
    yield logger
    logger.setLevel(logging.NOTSET)


def test_a_level_set_later_counts(ledger, caplog, logger):
    for level in (logging.ERROR, logging.INFO, logging.ERROR):
        logger.setLevel(level)
        discounted(ledger, free_for_vance)
    assert len(caplog.records) == 1


def test_what_a_handler_raises_is_not_lost(ledger, logger):
    class Refuses(logging.Filter):
        def filter(self, record):
            raise PermissionError("not for you")

    refuses = Refuses()
    logger.addFilter(refuses)
    try:
        with pytest.raises(PermissionError, match="not for you"):
            discounted(ledger, free_for_vance)
    finally:
        logger.removeFilter(refuses)
