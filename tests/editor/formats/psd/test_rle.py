import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.formats import flatten
from editor.formats.psd import machine, rle
from editor.formats.psd.rle import pack, unpack

ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 300)).map(lambda run: [run[0]] * run[1]),
    min_size=1,
    max_size=8,
).map(lambda runs: np.array([[each for run in runs for each in run]], np.uint8))
NOISE = st.binary(min_size=1, max_size=600).map(lambda raw: np.frombuffer(raw, np.uint8)[None])


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Have the kernels compiled, so that it is they who are tested."""
    assert machine.wait()


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
    data, counts = pack(plane)
    out = np.zeros_like(plane)
    assert rle._slowly_unpacked(np.frombuffer(data, np.uint8), counts, out)
    assert np.array_equal(out, plane)
    theirs, counts = rle._slowly_packed(plane)
    assert np.array_equal(unpacked(theirs, counts, plane.shape), plane)
    assert len(data) <= len(theirs) * 1.02 + 4


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(1, 300))
def test_nonsense_is_refused_or_fills_the_row(data, width):
    raw, counts = np.frombuffer(data, np.uint8), np.array([len(data)])
    out = np.full((3, width + 8), 77, np.uint8)
    slow = np.zeros((1, width), np.uint8)
    fits = unpack(raw, counts, out[1:2, 4:-4])
    out[1:2, 4:-4] = 77
    assert (out == 77).all()  # nothing beside the row was touched
    if fits:
        unpack(raw, counts, out[1:2, 4:-4])
        assert rle._slowly_unpacked(raw, counts, slow)
        assert np.array_equal(out[1:2, 4:-4], slow)


@pytest.mark.parametrize("on_white", [False, True])
def test_channels_are_packed_as_their_alpha_says(on_white):
    rng = np.random.default_rng(2)
    rgba = rng.integers(0, 256, (40, 50, 4), dtype=np.uint8)
    rgba[rng.random((40, 50)) < 0.5, 3] = 0
    cleared = np.where(rgba[..., 3:] > 0, rgba[..., :3], 0)
    wanted = flatten.on_white(rgba) if on_white else cleared
    exact = (rgba[..., :3] / 255.0 * rgba[..., 3:] + 255 - rgba[..., 3:].astype(float)).round()
    assert not on_white or np.array_equal(wanted, exact)
    for channel in range(3):
        data, counts = rle.pack_channel(rgba, channel, on_white=on_white)
        assert np.array_equal(unpacked(data, counts, (40, 50)), wanted[..., channel])
    data, counts = rle.pack_channel(rgba, 3, on_white=on_white)
    assert np.array_equal(unpacked(data, counts, (40, 50)), rgba[..., 3])


def test_planes_with_a_stride_and_many_rows():
    assert rle.machine.codec() is not None
    rng = np.random.default_rng(1)
    rgba = rng.integers(0, 3, (70, 90, 4), dtype=np.uint8)
    data, counts = pack(rgba[..., 2])
    assert counts.sum() == len(data)
    assert np.array_equal(unpacked(data, counts, (70, 90)), rgba[..., 2])
