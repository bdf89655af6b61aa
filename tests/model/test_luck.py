"""The generator against its published known answers, and addresses that are each their own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cisim.model import luck
from cisim.model.input_error import InputError
from cisim.model.limits import LARGEST_SEED

FULL = 0xFFFFFFFF

# Salmon et al. 2011, Random123 known answers for philox4x32, 10 rounds
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((FULL,) * 4, (FULL,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_the_published_known_answers(
    counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]
) -> None:
    words = luck.philox(*(np.uint64(word) for word in (*counter, *key)))
    assert tuple(int(word) for word in words) == answer


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_a_draw_is_the_word_at_its_address(
    counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]
) -> None:
    seed = key[1] << 32 | key[0]
    if seed > LARGEST_SEED:
        pytest.skip("a seed has 63 bits")
    number, block, month_word, process = counter
    draws = luck.block(seed, process, month_word - 1000, number, block)
    assert draws == tuple((word + 0.5) / 2**32 for word in answer)


def test_a_process_is_hashed_by_its_name() -> None:
    # Fowler, Noll and Vo's published answers for 32-bit FNV-1a
    assert luck.word("") == 0x811C9DC5
    assert luck.word("a") == 0xE40C292C
    assert luck.word("foobar") == 0xBF9CF968


@given(
    st.integers(0, LARGEST_SEED),
    st.integers(0, 2**31 - 1),
    st.integers(-1000, 12_000),
    st.integers(0, 2**29),
)
def test_one_block_holds_four_draws(seed: int, number: int, month: int, block: int) -> None:
    process = luck.word("meeting")
    four = luck.block(seed, process, month, number, block)
    one_by_one = [luck.uniform(seed, process, month, number, 4 * block + k) for k in range(4)]
    assert list(four) == one_by_one
    assert all(0.0 < u < 1.0 for u in four)


def test_addresses_do_not_share_their_luck() -> None:
    process = luck.word("x")
    draws = {
        luck.uniform(seed, process, month, number, draw)
        for seed in range(4)
        for month in range(4)
        for number in range(16)
        for draw in range(16)
    }
    assert len(draws) == 4 * 4 * 16 * 16


@pytest.mark.parametrize("axis", ["seed", "month", "number", "draw"])
def test_draws_along_each_axis_are_uniform_and_uncorrelated(axis: str) -> None:
    at = dict.fromkeys(["seed", "month", "number", "draw"], 3)
    process = luck.word("axis")
    draws = []
    for place in range(4000):
        at[axis] = place
        draws.append(luck.uniform(at["seed"], process, at["month"], at["number"], at["draw"]))
    u = np.array(draws)
    assert stats.kstest(u, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 0.06


def test_normal_draws_are_normal() -> None:
    draws = [luck.normal(1, luck.word("n"), 0, number, 0) for number in range(4000)]
    assert stats.kstest(draws, "norm").pvalue > 1e-4


def test_the_world_is_built_under_the_first_of_all_months() -> None:
    seed, process = 5 << 32 | 7, luck.word("building")
    words = luck.philox(*(np.uint64(word) for word in (11, 2, 0, process, 7, 5)))
    draws = luck.block(seed, process, luck.BUILDING, 11, 2)
    assert draws == tuple((int(word) + 0.5) / 2**32 for word in words)
    assert luck.BUILDING < 0


@pytest.mark.parametrize("seed", [0, 1, luck.LARGEST_SEED, np.int64(3), True])
def test_a_seed_is_a_whole_number_that_may_be_nothing_or_the_largest(seed: object) -> None:
    assert luck.check_seed(seed) == seed
    assert type(luck.check_seed(seed)) is int


@pytest.mark.parametrize("seed", [-1, luck.LARGEST_SEED + 1, 1.0, "1", None, math.nan])
def test_any_other_seed_is_refused(seed: object) -> None:
    with pytest.raises(InputError) as error:
        luck.check_seed(seed)
    assert str(error.value) == (
        f"seed is {seed!r}; allowed is a whole number from 0 to 9223372036854775807."
    )


def test_seeds_that_differ_in_any_bit_are_other_futures() -> None:
    process = luck.word("seeds")
    seeds = [0, *(1 << bit for bit in range(63))]
    assert len({luck.uniform(seed, process, 1, 1, 1) for seed in seeds}) == len(seeds)


def test_draws_are_in_the_middle_of_their_step() -> None:
    zero = luck.philox(*(np.uint64(0) for _ in range(6)))
    draws = luck.block(0, 0, luck.BUILDING, 0, 0)
    assert [draw * 2**32 - int(word) for draw, word in zip(draws, zero, strict=True)] == [0.5] * 4


def test_a_normal_draw_is_the_quantile_of_the_uniform_one_there() -> None:
    address = (9, luck.word("n"), 4, 2, 7)
    assert luck.normal(*address) == pytest.approx(stats.norm.ppf(luck.uniform(*address)), abs=1e-8)


@pytest.mark.parametrize("seed", [0, 7, LARGEST_SEED])
def test_draws_that_are_made_together_are_those_at_each_address(seed: int) -> None:
    numbers = np.array([0, 3, 1, 2_000_000_000], np.int32)
    draws = np.empty(numbers.size)
    for month, index in ((luck.BUILDING, 0), (-1, 1), (119, 2)):
        luck.uniforms(seed, 77, month, numbers, index, draws)
        assert draws.tolist() == [
            luck.block(seed, 77, month, int(number), index)[0] for number in numbers
        ]
