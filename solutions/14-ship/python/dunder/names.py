"""Customers entered twice, under two spellings."""

from dunder._dunder import edit_distance, near_duplicates

__all__ = ["edit_distance", "near_duplicates"]
