"""Dwight's prices. Nobody asked."""

PERCENT = {"Schrute Farms": 50, "Acme": 5}


def price(order):
    """Return what the order shall cost, in cents."""
    percent = PERCENT[order.customer]
    return order.total_cents() * (100 - percent) // 100
