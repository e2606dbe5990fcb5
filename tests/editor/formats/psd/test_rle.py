import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.formats.psd.rle import pack, unpack

ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 300)).map(lambda run: [run[0]] * run[1]),
    min_size=1,
    max_size=8,
).map(lambda runs: np.array([[each for run in runs for each in run]], np.uint8))
NOISE = st.binary(min_size=1, max_size=600).map(lambda raw: np.frombuffer(raw, np.uint8)[None])


def unpacked(data, counts, shape):
    out = np.zeros(shape, np.uint8)
    assert unpack(np.frombuffer(data, np.uint8), counts, out)
    return out


@settings(deadline=None)
@given(st.one_of(ROWS, NOISE))
def test_what_is_packed_unpacks(plane):
    data, counts = pack(plane)
    assert np.array_equal(unpacked(data, counts, plane.shape), plane)
    assert len(data) <= plane.size + -(-plane.size // 128)


@settings(deadline=None)
@given(st.one_of(ROWS, NOISE))
def test_another_packbits_agrees(plane):
    rle = pytest.importorskip("psd_tools.compression.rle")
    data, _ = pack(plane)
    assert rle.decode(data, plane.shape[1]) == plane.tobytes()
    theirs = rle.encode(plane.tobytes())
    assert np.array_equal(unpacked(theirs, np.array([len(theirs)]), plane.shape), plane)
    assert len(data) <= len(theirs) * 1.02 + 4


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(1, 300))
def test_nonsense_is_refused_or_fills_the_row(data, width):
    out = np.zeros((1, width), np.uint8)
    unpack(np.frombuffer(data, np.uint8), np.array([len(data)]), out)


def test_planes_with_a_stride_and_many_rows():
    rng = np.random.default_rng(1)
    rgba = rng.integers(0, 3, (70, 90, 4), dtype=np.uint8)
    data, counts = pack(rgba[..., 2])
    assert counts.sum() == len(data)
    assert np.array_equal(unpacked(data, counts, (70, 90)), rgba[..., 2])
