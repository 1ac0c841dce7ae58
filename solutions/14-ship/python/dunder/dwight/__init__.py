"""What Dwight tries against a `Board`: `python -m dunder.dwight`.

Each module holds the attacks of one kind; `referee` runs them, each
in a process of its own.
"""
