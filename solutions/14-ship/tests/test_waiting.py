"""Who stops waiting, and how. Each program has a process, and a limit."""

import pytest
from apart import said_by, started

PROGRAMS = (
    "hung_up.py",
    "time_is_up.py",
    "ctrl_c.py",
    "first_error.py",
    "last_answers.py",
)


@pytest.fixture(scope="module")
def programs():
    return {program: started(program) for program in PROGRAMS}


def test_who_is_cancelled_hangs_up_on_one_and_on_all(programs):
    assert said_by(programs["hung_up.py"]) == [
        "cancelled, and hung up on Utica",
        "cancelled, and hung up on Akron Nashua Utica",
    ]


def test_time_that_is_up_hangs_up(programs):
    said = said_by(programs["time_is_up.py"])
    assert said == ["TimeoutError, and hung up"]


def test_ctrl_c_hangs_up(programs):
    said = said_by(programs["ctrl_c.py"])
    assert said == ["KeyboardInterrupt, and hung up"]


def test_an_error_of_one_does_not_wait_for_the_others(programs):
    said = said_by(programs["first_error.py"])
    assert said == ["ConnectionAbortedError, and hung up"]


def test_what_comes_while_python_ends_is_let_go(programs):
    process = programs["last_answers.py"]
    printed, error = process.communicate()
    assert (process.returncode, printed) == (0, "the last line\n")
    assert error == ""
