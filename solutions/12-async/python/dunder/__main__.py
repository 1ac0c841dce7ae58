"""Reconcile the sample ledger: `python -m dunder --customers 200`."""

from argparse import ArgumentParser
from time import perf_counter

from dunder.names import near_duplicates
from dunder.rows import revenue_by_branch
from dunder.sample import sample_rows


def main() -> None:
    parser = ArgumentParser(
        prog="python -m dunder", description=__doc__
    )
    parser.add_argument("--customers", type=int, default=200)
    customers = parser.parse_args().customers

    rows = sample_rows(customers)
    names = list(dict.fromkeys(row.customer for row in rows))

    started = perf_counter()
    revenue = revenue_by_branch(rows)
    added_up = perf_counter()
    pairs = near_duplicates(names)
    compared = perf_counter()

    for branch, cents in sorted(revenue.items()):
        print(f"{branch:<10} {cents / 100:>12,.2f}")
    print(
        f"{len(pairs)} pairs of {len(names)} customers look like one."
    )
    print(f"revenue    {added_up - started:>8.3f} s")
    print(f"duplicates {compared - added_up:>8.3f} s")


if __name__ == "__main__":
    main()
