from collections import deque

import numpy as np
import pytest

from editor.document.geometry import Point, Rect
from editor.document.pixels import Pixels
from editor.render.flood import connected, similar

CANVAS = Rect(0, 0, 300, 200)


def walked(flags: np.ndarray, at: Point) -> np.ndarray:
    """The same, from pixel to pixel."""
    found = np.zeros_like(flags)
    queue = deque([at] if flags[at.y, at.x] else [])
    while queue:
        x, y = queue.popleft()
        if found[y, x]:
            continue
        found[y, x] = True
        for nx, ny in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if 0 <= ny < flags.shape[0] and 0 <= nx < flags.shape[1] and flags[ny, nx]:
                queue.append(Point(nx, ny))
    return found


@pytest.mark.parametrize("share", [0.4, 0.6, 0.65, 0.9, 1.0])
def test_what_hangs_together_is_what_can_be_walked_to(share: float) -> None:
    rng = np.random.default_rng(int(share * 100))
    for _ in range(8):
        flags = rng.random((40, 53)) < share
        at = Point(int(rng.integers(53)), int(rng.integers(40)))
        np.testing.assert_array_equal(connected(flags, at), walked(flags, at))


def test_a_maze_is_followed_to_its_end() -> None:
    flags = np.ones((41, 60), bool)
    flags[1::2] = False
    flags[1::4, -1] = flags[3::4, 0] = True
    assert connected(flags, Point(0, 0)).sum() == flags.sum()
    flags[21] = False
    np.testing.assert_array_equal(connected(flags, Point(0, 0)), walked(flags, Point(0, 0)))


def picture() -> Pixels:
    """Two red squares and a greener one between, on nothing."""
    array = np.zeros((200, 300, 4), np.uint8)
    array[50:150, 20:100] = array[50:150, 200:280] = (200, 30, 30, 255)
    array[50:150, 100:200] = (200, 50, 30, 255)
    return Pixels.from_array(array)


def found(at: tuple[int, int], tolerance: int, *, contiguous: bool = True) -> Rect:
    region = similar(picture().read, CANVAS, Point(*at), tolerance, contiguous=contiguous)
    return region.content


def test_tolerance_decides_what_is_alike() -> None:
    assert found((30, 60), 19) == (20, 50, 100, 150)
    assert found((30, 60), 20) == (20, 50, 280, 150)
    assert found((30, 60), 0, contiguous=False) == (20, 50, 280, 150)


def test_transparent_pixels_are_alike_whatever_their_colour() -> None:
    array = picture().read(CANVAS)
    array[0:40, :, :3] = np.arange(300, dtype=np.uint16)[None, :, None] % 256
    region = similar(Pixels.from_array(array).read, CANVAS, Point(0, 0), 0, contiguous=True)
    assert region.read(CANVAS).astype(bool).sum() == 300 * 200 - 260 * 100


def test_beyond_the_canvas_is_nothing() -> None:
    assert found((-1, 5), 255) == (0, 0, 0, 0)
