"""What threads do at once. Each program has a process, and a limit."""

import pytest
from apart import said_by, started

PROGRAMS = ("resume.py", "interrupt.py", "rule.py", "rule_errors.py")


@pytest.fixture(scope="module")
def programs():
    return {program: started(program) for program in PROGRAMS}


def test_one_thread_resumes_what_another_one_runs(programs):
    assert said_by(programs["resume.py"]) == [
        "paused after 10000",
        "{'Utica': 179700000} after 25000",
    ]


def test_ctrl_c_ends_a_tally_paused_or_not(programs):
    said = said_by(programs["interrupt.py"])
    assert said == ["interrupted after 10000"] * 2


def test_a_rule_is_asked_on_all_cores(programs):
    assert said_by(programs["rule.py"]) == [
        "{'Akron': 750, 'Nashua': 99900, 'Utica': 3594}",
        "2 threads, False",
    ]


def test_what_a_rule_does_wrong_is_an_error_of_the_tally(programs):
    assert said_by(programs["rule_errors.py"]) == [
        "LookupError after 0: Utica",
        "TypeError after 0: rule must return cents as an int, not None",
        "OverflowError after 0: too large",
    ]
