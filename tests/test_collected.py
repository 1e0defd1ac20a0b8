"""What fails in a loop of many cases is named, all of it."""

import pytest

from tests.collected import collected


def tries(tried: list[int], numbers: range) -> None:
    with collected() as cases:
        for number in numbers:
            with cases.case(f"number {number}"):
                tried.append(number)
                assert number % 2 == 0, "odd"
                assert 1 / (number - 4)


def breaks() -> None:
    with collected() as cases:
        with cases.case("one"):
            raise AssertionError
        raise LookupError("beside")


def test_each_that_fails_is_named_and_the_others_are_tried() -> None:
    tried: list[int] = []
    with pytest.raises(pytest.fail.Exception) as told:
        tries(tried, range(5))
    assert tried == [0, 1, 2, 3, 4]
    said = str(told.value)
    assert said.startswith("3 of 5 failed:\nnumber 1: AssertionError\n    odd")
    assert "number 3: AssertionError" in said
    assert "number 4: ZeroDivisionError" in said


def test_nothing_tried_is_a_failure() -> None:
    with pytest.raises(AssertionError, match="nothing to try"):
        tries([], range(0))


def test_what_breaks_the_loop_itself_is_no_case() -> None:
    with pytest.raises(LookupError, match="beside"):
        breaks()
