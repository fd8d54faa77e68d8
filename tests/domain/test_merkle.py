"""One root speaks for every row (RFC 6962, 2.1)."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.domain import merkle

# The inputs and the roots of the first 0 to 8 of them, by which implementations of Certificate
# Transparency (RFC 6962) test theirs.
INPUTS = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Paths of those tests, for all eight and for the first three and five of them: size, index, path.
PATHS = [
    (1, 0, []),
    (
        8,
        0,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        8,
        5,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 2, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        5,
        1,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
SIZES = st.integers(1, 40)


def leaves_of(inputs):
    return b"".join(merkle.leaf(b"", each) for each in inputs)


def some_leaves(size):
    return leaves_of(str(at).encode() for at in range(size))


def naive_root(leaves):
    """The definition of RFC 6962, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def naive_path(leaves, index):
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*naive_path(leaves[:split], index), naive_root(leaves[split:])]
    return [*naive_path(leaves[split:], index - split), naive_root(leaves[:split])]


def apart(leaves):
    return [leaves[at : at + 32] for at in range(0, len(leaves), 32)]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_certificate_transparency(size):
    assert merkle.root(leaves_of(INPUTS[:size])).hex() == ROOTS[size]


@pytest.mark.parametrize(("size", "index", "expected"), PATHS)
def test_the_paths_are_those_of_certificate_transparency(size, index, expected):
    assert [each.hex() for each in merkle.path(leaves_of(INPUTS[:size]), index)] == expected


@settings(max_examples=60)
@given(SIZES, st.data())
def test_roots_and_paths_are_what_the_definition_says(size, data):
    index = data.draw(st.integers(0, size - 1))
    leaves = some_leaves(size)

    assert merkle.root(leaves) == naive_root(apart(leaves))
    assert merkle.path(leaves, index) == naive_path(apart(leaves), index)


@settings(max_examples=60)
@given(SIZES, st.data())
def test_a_path_leads_from_its_own_leaf_to_its_own_root_and_from_nowhere_else(size, data):
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    leaves = some_leaves(size)
    way, root, own = merkle.path(leaves, index), merkle.root(leaves), apart(leaves)[index]

    assert merkle.check(own, index, size, way, root)
    assert not merkle.check(own, index, size, way, sha256(root).digest())
    assert not merkle.check(sha256(own).digest(), index, size, way, root)
    assert not merkle.check(own, index, size, [*way, root], root)
    assert merkle.check(own, other, size, way, root) is (other == index)
    if way:
        assert not merkle.check(own, index, size, way[:-1], root)
        assert not merkle.check(own, index, size, [way[0][:31], *way[1:]], root)


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_path_from_a_leaf_that_is_not_there(index):
    with pytest.raises(IndexError):
        merkle.path(some_leaves(3), index)
    assert not merkle.check(b"", index, 3, [], b"")


@settings(max_examples=40)
@given(SIZES, st.integers(0, 6), st.data())
def test_the_roots_of_subtrees_stand_for_their_leaves(size, height, data):
    """So that a path needs no more than a block of leaves and the roots over all blocks."""
    index = data.draw(st.integers(0, size - 1))
    leaves, width = some_leaves(size), 2**height
    tops = merkle.subtrees(leaves, height)
    begin = (index >> height) * width * 32
    block = leaves[begin : begin + width * 32]

    below = merkle.path(block, index % width)
    above = merkle.path(tops, index >> height)

    assert merkle.root(tops) == merkle.root(leaves)
    assert [*below, *above] == merkle.path(leaves, index)


def test_a_salt_belongs_to_one_record_of_one_release():
    salts = {
        merkle.row_salt(b"secret", "budgets", 1, "abc"),
        merkle.row_salt(b"secret", "budgets", 2, "abc"),
        merkle.row_salt(b"secret", "budgets", 1, "abd"),
        merkle.row_salt(b"secret", "budget", 1, "abc"),
        merkle.row_salt(b"another", "budgets", 1, "abc"),
    }

    assert {len(each) for each in salts} == {32}
    assert len(salts) == 5


def test_the_same_row_under_another_salt_is_another_leaf():
    assert merkle.leaf(b"a" * 32, b"{}") != merkle.leaf(b"b" * 32, b"{}")
