import pytest

from dunder import LineError, Progress, tally

LEDGER = "Acme;Utica;12;599\nVance;Akron;3;500\nVance;Utica;1;12\n"


def test_a_branch_has_the_sum_of_its_lines():
    assert tally(LEDGER) == {"Akron": 1500, "Utica": 7200}
    assert tally("") == {}


def test_branches_are_ordered_by_name():
    ledger = "".join(
        f"Acme;{branch};1;100\n" for branch in ("b", "c", "B", "a")
    )
    assert list(tally(ledger)) == ["B", "a", "b", "c"]


def test_no_line_is_lost_between_blocks():
    lines = [f"Acme;{i % 3};1;{i}" for i in range(23_456)]
    assert tally("\n".join(lines)) == {
        str(branch): sum(range(branch, 23_456, 3))
        for branch in range(3)
    }


def test_an_empty_line_is_passed_over_and_counted():
    progress = Progress()
    assert tally(f"\n  \n{LEDGER}", progress=progress) == tally(
        LEDGER
    )
    assert progress.done == 5


def test_what_is_given_back_counts_against():
    assert tally(LEDGER + "Acme;Utica;-2;599") == {
        "Akron": 1500,
        "Utica": 7200 - 1198,
    }


def test_a_sum_may_be_larger_than_64_bits():
    most = 2**63 - 1
    assert tally(f"Acme;Utica;1;{most}\n" * 3) == {"Utica": 3 * most}


def test_a_line_that_comes_to_more_is_an_error():
    with pytest.raises(LineError, match=r"^line 2: line must come"):
        tally(f"Acme;Utica;1;1\nAcme;Utica;2;{2**62}")


@pytest.mark.parametrize("at", [1, 999, 1000, 10_001, 20_000])
def test_an_error_says_in_which_line(at):
    lines = ["Acme;Utica;1;599"] * 20_000
    lines[at - 1] = "Acme;Utica;twelve;599"
    with pytest.raises(LineError) as caught:
        tally("\n".join(lines))
    assert (caught.value.number, caught.value.field) == (at, "reams")


def test_of_many_bad_lines_the_first_is_named():
    lines = ["Acme;Utica;1;599"] * 345 + ["Acme"] * 9_000
    with pytest.raises(LineError, match="^line 346: "):
        tally("\n".join(lines))


def test_progress_counts_the_lines_of_every_tally():
    progress = Progress()
    assert progress.done == 0
    tally(LEDGER, progress=progress)
    tally("Acme;Utica;1;599\n" * 10_001, progress=progress)
    assert progress.done == 3 + 10_001


def test_a_block_with_an_error_is_not_done():
    progress = Progress()
    with pytest.raises(LineError):
        tally(
            "Acme;Utica;1;1\n" * 10_000 + "\nAcme", progress=progress
        )
    assert progress.done == 10_000


def test_a_pause_that_was_ended_is_none():
    progress = Progress()
    progress.pause()
    progress.resume()
    assert tally(LEDGER, progress=progress) == tally(LEDGER)


def test_nobody_writes_into_progress():
    with pytest.raises(AttributeError):
        Progress().done = 3


def test_progress_and_rule_are_said_by_name():
    with pytest.raises(TypeError):
        tally(LEDGER, Progress())
    with pytest.raises(TypeError, match="progress"):
        tally(LEDGER, progress=3)
