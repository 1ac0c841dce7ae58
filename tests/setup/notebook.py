"""Runs a notebook in a Jupyter kernel: from standard input to standard output.

`tests/setup/test_notebook.py` starts it with the Python of `.stage/test`.
What differs from run to run (times, the kernel's version) is left out.
"""

import sys

import nbclient
import nbformat

notebook = nbformat.read(sys.stdin, as_version=4)
nbclient.NotebookClient(
    notebook, timeout=300, record_timing=False
).execute()
notebook.metadata.pop("language_info", None)
nbformat.write(notebook, sys.stdout)
