"""Orders that cannot wait: a Python class over one of Rust."""

from dunder._dunder import Order


class RushOrder(Order):
    """An order that costs a fee.

    Parameters
    ----------
    customer, reams, unit_price_cents
        As for `Order`.
    fee_cents : int, default 990
        Added to the total, in cents; at least 0.

    Raises
    ------
    ValueError
        If `fee_cents` is below 0, or an `Order` would be refused.
    """

    __slots__ = ("fee_cents",)

    def __new__(cls, *order, fee_cents=990, **named):
        if fee_cents < 0:
            raise ValueError(
                f"fee_cents must be at least 0, not {fee_cents}"
            )
        instance = super().__new__(cls, *order, **named)
        instance.fee_cents = fee_cents
        return instance

    def total_cents(self):
        """Return the price with the fee, in cents."""
        return super().total_cents() + self.fee_cents
