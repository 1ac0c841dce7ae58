"""Orders that cannot wait: a Python class over one of Rust."""

from typing import Self

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
    fee_cents: int

    def __new__(
        cls,
        customer: str,
        reams: int,
        unit_price_cents: int,
        *,
        fee_cents: int = 990,
    ) -> Self:
        if fee_cents < 0:
            raise ValueError(
                f"fee_cents must be at least 0, not {fee_cents}"
            )
        instance = super().__new__(
            cls, customer, reams, unit_price_cents
        )
        instance.fee_cents = fee_cents
        return instance

    def total_cents(self) -> int:
        """Return the price with the fee, in cents."""
        return super().total_cents() + self.fee_cents
