import numpy as np
import pytest

from generator.light.cast import cast_shadow


@pytest.fixture
def post():
    """A post of 10 x 60 pixels whose foot is row 99, on 160 x 200 pixels."""
    alpha = np.zeros((160, 200), np.uint8)
    alpha[40:100, 95:105] = 255
    return alpha


def centre(row):
    return float((np.arange(row.size) * row.astype(float)).sum() / row.sum())


def test_it_is_black_and_falls_away_from_the_viewer(post):
    layer = cast_shadow(post, direction=90, length=0.5, contact=0)
    assert layer.shape == (160, 200, 4)
    assert layer[..., :3].max() == 0
    shade = layer[..., 3]
    assert shade[105:].max() == 0
    # 60 pixels high x 0.5: rows 70 to 99, as wide as the post, straight up.
    assert shade[85, 99] > 120
    assert shade[60].max() < 5
    assert centre(shade[80]) == pytest.approx(99.5, abs=0.5)


@pytest.mark.parametrize("direction", [30, 60, 120, 150, 210, 300, 330])
def test_it_falls_in_its_direction(post, direction):
    shade = cast_shadow(post, direction, length=0.6, softness=0.02, contact=0)[..., 3]
    row = round(99 - 0.3 * 60 * np.sin(np.radians(direction)))
    column = 99.5 + 0.3 * 60 * np.cos(np.radians(direction))
    assert shade[row].max() > 100
    assert centre(shade[row]) == pytest.approx(column, abs=2)


def test_its_edge_softens_with_the_distance_from_the_foot(post):
    shade = cast_shadow(post, 90, 1.0, softness=0.1, contact=0)[..., 3].astype(float)

    def width_of_edge(row):  # from 1/4 to 3/4 of the row's highest, at the left
        left = shade[row, :100] / shade[row].max()
        return np.interp(0.75, left, np.arange(100)) - np.interp(0.25, left, np.arange(100))

    near, middle, far = (width_of_edge(row) for row in (95, 80, 60))
    assert near < middle < far
    # The quartiles of a Gaussian edge lie 1.35 sigma apart; at row 80 sigma is 0.1 x 20.
    assert middle == pytest.approx(1.35 * 2, rel=0.25)


def test_softness_zero_keeps_the_form(post):
    shade = cast_shadow(post, 90, 1.0, softness=0, contact=0, opacity=1)[..., 3]
    assert shade[45:95, 97:103].min() > 250
    assert shade[45:95, :92].max() < 5


def test_contact_darkens_the_foot_alone(post):
    with_contact = cast_shadow(post, 90, 0.5, contact=0.8)[..., 3].astype(int)
    without = cast_shadow(post, 90, 0.5, contact=0)[..., 3].astype(int)
    darker = with_contact - without
    assert darker[99, 99] > 60
    assert darker[101, 99] > 20, "the ground before the foot is touched, too"
    assert np.abs(darker[:90]).max() == 0
    assert np.abs(darker[:, :85]).max() == 0


def test_opacity_is_the_darkest_there_is(post):
    shade = cast_shadow(post, 45, 0.5, softness=0, contact=0, opacity=0.4)[..., 3]
    assert shade.max() == round(0.4 * 255)


def test_alpha_shades_as_much_as_it_hides(post):
    glass = (post // 255 * 102).astype(np.uint8)
    solid = cast_shadow(post, 60, contact=0)[..., 3].astype(float)
    thin = cast_shadow(glass, 60, contact=0)[..., 3].astype(float)
    assert np.abs(thin - 0.4 * solid).max() <= 1


def test_a_short_shadow_of_fine_bars_has_no_moire(post):
    bars = np.zeros_like(post)
    bars[41:100:2, 80:120] = 255
    shade = cast_shadow(bars, 90, 0.23, softness=0, contact=0, opacity=1)[..., 3]
    inside = shade[90:98, 90:110].astype(float)
    assert inside.mean() == pytest.approx(127.5, abs=12)
    assert inside.std() < 25


@pytest.mark.parametrize("direction", [0, 180, 360, -540])
def test_light_along_the_ground_still_leaves_a_shadow(post, direction):
    shade = cast_shadow(post, direction, 0.5, contact=0)[..., 3]
    assert shade.max() > 50


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (2, 2)])
@pytest.mark.parametrize("level", [0, 1, 255])
def test_tiny_and_full_and_empty_alphas(shape, level):
    layer = cast_shadow(np.full(shape, level, np.uint8))
    assert layer.shape == (*shape, 4)
    assert layer.dtype == np.uint8
    if level == 0:
        assert layer.max() == 0


def test_the_alpha_stays_as_it_was(post):
    before = post.copy()
    cast_shadow(post)
    assert np.array_equal(post, before)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"direction": float("nan")}, "direction"),
        ({"length": 0}, "length"),
        ({"length": 11}, "length"),
        ({"softness": -0.1}, "softness"),
        ({"softness": float("nan")}, "softness"),
        ({"contact": 1.1}, "Contact and opacity"),
        ({"opacity": -1}, "Contact and opacity"),
    ],
)
def test_numbers_out_of_range_are_refused(post, wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        cast_shadow(post, **wrong)


def test_what_is_no_alpha_is_refused():
    for alpha in (np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4)), np.zeros((0, 4), np.uint8)):
        with pytest.raises(ValueError, match="not a plane of 8-bit values"):
            cast_shadow(alpha)
