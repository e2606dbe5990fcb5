"""The four-letter names of Photoshop's blend modes and numbers of its colour labels, both ways."""

from editor.document.layer import BlendMode, Label

BLEND_KEYS = {
    BlendMode.PASS_THROUGH: b"pass",
    BlendMode.NORMAL: b"norm",
    BlendMode.DISSOLVE: b"diss",
    BlendMode.DARKEN: b"dark",
    BlendMode.MULTIPLY: b"mul ",
    BlendMode.COLOR_BURN: b"idiv",
    BlendMode.LINEAR_BURN: b"lbrn",
    BlendMode.DARKER_COLOR: b"dkCl",
    BlendMode.LIGHTEN: b"lite",
    BlendMode.SCREEN: b"scrn",
    BlendMode.COLOR_DODGE: b"div ",
    BlendMode.LINEAR_DODGE: b"lddg",
    BlendMode.LIGHTER_COLOR: b"lgCl",
    BlendMode.OVERLAY: b"over",
    BlendMode.SOFT_LIGHT: b"sLit",
    BlendMode.HARD_LIGHT: b"hLit",
    BlendMode.VIVID_LIGHT: b"vLit",
    BlendMode.LINEAR_LIGHT: b"lLit",
    BlendMode.PIN_LIGHT: b"pLit",
    BlendMode.HARD_MIX: b"hMix",
    BlendMode.DIFFERENCE: b"diff",
    BlendMode.EXCLUSION: b"smud",
    BlendMode.SUBTRACT: b"fsub",
    BlendMode.DIVIDE: b"fdiv",
    BlendMode.HUE: b"hue ",
    BlendMode.SATURATION: b"sat ",
    BlendMode.COLOR: b"colr",
    BlendMode.LUMINOSITY: b"lum ",
}
MODES_BY_KEY = {key: mode for mode, key in BLEND_KEYS.items()}

# In these eight, fill opacity is not the same as opacity: it moves the source, not the result.
FILL_DIFFERS = frozenset(
    {
        BlendMode.COLOR_BURN,
        BlendMode.LINEAR_BURN,
        BlendMode.COLOR_DODGE,
        BlendMode.LINEAR_DODGE,
        BlendMode.VIVID_LIGHT,
        BlendMode.LINEAR_LIGHT,
        BlendMode.HARD_MIX,
        BlendMode.DIFFERENCE,
    }
)

LABELS = (
    Label.NONE,
    Label.RED,
    Label.ORANGE,
    Label.YELLOW,
    Label.GREEN,
    Label.BLUE,
    Label.VIOLET,
    Label.GRAY,
)
LOCK_ALPHA, LOCK_PIXELS, LOCK_POSITION, LOCK_ALL = 1, 2, 4, 1 << 31
