"""Canny's edges: equal to OpenCV's, and what they say of plain pictures."""

import numpy as np

from generator.layer_diffusion.guidance.edges import blurred, canny, widened

# cv2.Canny(picture, 100, 200) of OpenCV 4 for `_picture`, eight pixels a byte.
EXPECTED = bytes.fromhex(
    "488003017181031842200a84444824824c8104e2490ee920521839141030191011642e1010486610"
    "10404c10208098101041b4111049241211624d161032180c52063098086de130ff880062041020c2"
    "0230038031a0061008c10c2182602803"
)


def _picture() -> np.ndarray:
    y, x = np.mgrid[0:24, 0:32]
    rings = (40 * np.hypot(x - 15, y - 11)).astype(int) % 256
    return np.stack([(x * x * 3 + y * y * 5) // 7 % 256, rings, (x * 11 + y * 7) % 256], 2).astype(
        np.uint8
    )


def test_edges_equal_opencvs() -> None:
    edges = canny(_picture())
    assert np.packbits(edges).tobytes() == EXPECTED


def test_an_even_picture_has_no_edges() -> None:
    assert not canny(np.full((20, 30, 3), 77, np.uint8)).any()


def test_a_square_has_a_closed_outline_a_pixel_wide() -> None:
    picture = np.zeros((40, 40, 1), np.uint8)
    picture[10:30, 12:28] = 255
    edges = canny(picture)
    assert 60 <= edges.sum() <= 72  # 2 x (20 + 16) less corners
    assert not edges[15:25, 16:24].any()
    assert edges[20].sum() == 2
    assert edges[:, 20].sum() == 2


def test_weak_edges_stay_only_where_they_hang_on_strong_ones() -> None:
    faint = np.zeros((40, 60, 1), np.uint8)
    faint[:, 30:] = 32  # a gradient of 128: weak
    assert not canny(faint).any()
    faint[:6, 30:] = 200
    joined = canny(faint)
    assert joined[30, 28:32].any()


def test_widened_grows_by_the_radius() -> None:
    dot = np.zeros((9, 9), bool)
    dot[4, 4] = True
    assert widened(dot, 2).sum() == 25
    assert widened(dot, 0).sum() == 1


def test_blur_keeps_an_even_picture_and_softens_an_edge() -> None:
    assert (blurred(np.full((8, 8, 2), 90, np.uint8), 1.5) == 90).all()
    step = np.zeros((8, 16, 1), np.uint8)
    step[:, 8:] = 255
    soft = blurred(step, 2.0)[4, :, 0]
    assert 0 < soft[6] < soft[7] < soft[8] < 255
