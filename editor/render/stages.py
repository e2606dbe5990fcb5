"""What happens to a strip besides blending: unpack, mask, dissolve, set alpha aside, pack.

Compiled together with the kernels; the same rules about float32 and divisors hold.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators
# The compiler gives these functions their types; hints would be ignored by it, and wrong.

import numpy as np
from llvmlite import ir
from numba import carray, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from editor.document.pixels import TILE
from editor.render.strip import (
    ALPHA,
    ASIDE,
    BLUE,
    FAST,
    FUSED,
    GREEN,
    INLINE,
    PLANES,
    RED,
    SOURCE_X,
    SOURCE_Y,
    STRIP,
    STRIP_ROWS,
    TILES,
    TINY,
    F,
)

ZERO, HALF, ONE, WHITE = F(0), F(0.5), F(1), F(255)
LEVEL = F(1 / 255)
PIXELS = TILE * TILE
KERNEL = types.void(types.int64, types.int64)  # addresses of top and source
# addresses of top and of RGBA8, how many pixels, opacity by 255
FUSED_KERNEL = types.void(types.int64, types.int64, types.int64, types.float32)
CACHE_LINE = 64  # bytes
COLUMN_BITS = TILE.bit_length() - 1


@intrinsic
def pointer(typing_context, address, kind):
    """Turn an address into a pointer to a kind of value; numba has no such call of its own."""
    target = types.CPointer(kind.dtype)

    def build(context, builder, signature, args):
        return builder.inttoptr(args[0], context.get_value_type(target))

    return target(types.int64, kind), build


@intrinsic
def blend(typing_context, kernel, top, source):
    """Call the kernel at an address with the addresses of two pictures in work."""
    signature = types.void(types.int64, types.int64, types.int64)

    def build(context, builder, signature, args):
        function = ir.FunctionType(ir.VoidType(), [ir.IntType(64), ir.IntType(64)])
        builder.call(builder.inttoptr(args[0], function.as_pointer()), args[1:])
        return context.get_dummy_value()

    return signature, build


@intrinsic
def blend_pixels(typing_context, kernel, top, pixels, count, strength):
    """Call the fused kernel at an address with the places of top and pixels, and how many."""
    signature = types.void(types.int64, types.int64, types.int64, types.int64, types.float32)

    def build(context, builder, signature, args):
        words = [ir.IntType(64)] * 3
        function = ir.FunctionType(ir.VoidType(), [*words, ir.FloatType()])
        builder.call(builder.inttoptr(args[0], function.as_pointer()), args[1:])
        return context.get_dummy_value()

    return signature, build


@intrinsic
def _ask_for(typing_context, address):
    """Tell the processor to fetch the cache line at an address."""

    def build(context, builder, signature, args):
        byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        line = builder.inttoptr(args[0], byte)
        builder.call(function, [line, word(0), word(2), word(1)])  # to be read, near, data
        return context.get_dummy_value()

    return types.void(types.int64), build


@njit(**FAST)
def floats(address):
    """Return the planes of the picture in work at an address."""
    return carray(pointer(address, types.float32), (PLANES,))


@njit(**FAST)
def clear(picture):
    for i in range(4 * STRIP):
        picture[i] = ZERO


@njit(**FAST)
def copy(source, picture):
    for i in range(4 * STRIP):
        picture[i] = source[i]


@njit(**FAST)
def _prefetch(tile, first, count):
    if tile != 0:
        for line in range(0, 4 * count, CACHE_LINE):
            _ask_for(tile + 4 * first + line)


@njit(**FAST)
def prefetch_row(step, row):
    """Ask for a row of the layer that comes next, while the one before is being blended.

    Layers lie far apart in memory, where no processor guesses what comes next. Over 4096 x 4096
    pixels in Normal: without 0.73 ns a pixel and layer, and 0.56 with it.
    """
    if row >= TILE:
        return
    left, y = step[SOURCE_X], row + step[SOURCE_Y]
    pair = TILES
    if y >= TILE:
        y -= TILE
        pair = TILES + 2
    _prefetch(step[pair], y * TILE + left, TILE - left)
    _prefetch(step[pair + 1], y * TILE, left)


@njit(**INLINE)
def channel(value, shift):
    """Return one channel of a straight RGBA8 pixel, 0 to 255."""
    return F(np.int32((value >> np.uint32(shift)) & np.uint32(255)))


@njit(**FAST)
def _unpack(address, count, planes, strength):
    """Unpack straight RGBA8, one uint32 a pixel, into planes; `strength` is opacity by 255.

    Places come as addresses and not as indices, for a variable start would cost the wide loads.
    """
    pixels = carray(pointer(address, types.uint32), (PIXELS,))
    source = floats(planes)
    for i in range(count):
        value = pixels[i]
        source[RED + i] = channel(value, 0) * LEVEL
        source[GREEN + i] = channel(value, 8) * LEVEL
        source[BLUE + i] = channel(value, 16) * LEVEL
        source[ALPHA + i] = F(np.int32(value >> np.uint32(24))) * strength


@njit(**FAST)
def _unpack_piece(tile, first, count, planes, strength):
    if tile != 0:
        _unpack(tile + 4 * first, count, planes, strength)
        return
    source = floats(planes)
    for i in range(count):
        source[ALPHA + i] = ZERO


@njit(**FAST)
def unpack_layer(step, row, planes, strength):
    """Unpack a strip of a layer from the one, two or four of its tiles that lie there."""
    left, top = step[SOURCE_X], step[SOURCE_Y]
    if left == 0 and top == 0:
        _unpack_piece(step[TILES], row * TILE, STRIP, planes, strength)
        return
    for i in range(STRIP_ROWS):
        y = row + i + top
        pair = TILES
        if y >= TILE:
            y -= TILE
            pair = TILES + 2
        first, start = y * TILE, planes + 4 * i * TILE
        _unpack_piece(step[pair], first + left, TILE - left, start, strength)
        _unpack_piece(step[pair + 1], first, left, start + 4 * (TILE - left), strength)


@njit(**FAST)
def _lay_piece(kernel, top, tile, first, count, strength):
    if tile != 0 and count > 0:
        blend_pixels(kernel, top, tile + 4 * first, count, strength)


@njit(**FAST)
def lay_layer(step, row, top, strength, after, next_row):
    """Blend a strip of a layer as `unpack_layer` and a kernel would, in one go.

    Rows of the step after this one are asked for in between, a row at a time: all at once is more
    than the processor keeps track of.
    """
    kernel, left, y0 = step[FUSED], step[SOURCE_X], step[SOURCE_Y]
    for i in range(STRIP_ROWS):
        prefetch_row(after, next_row + i)
        y = row + i + y0
        pair = TILES
        if y >= TILE:
            y -= TILE
            pair = TILES + 2
        first, start = y * TILE, top + 4 * i * TILE
        _lay_piece(kernel, start, step[pair], first + left, TILE - left, strength)
        _lay_piece(kernel, start + 4 * (TILE - left), step[pair + 1], first, left, strength)


@njit(**FAST)
def straighten(picture, opacity):
    """Divide colour by alpha, and alpha by what opacity takes away, in place."""
    for i in range(STRIP):
        alpha = picture[ALPHA + i]
        inverse = ONE / max(alpha, TINY)
        picture[RED + i] = min(ONE, picture[RED + i] * inverse)
        picture[GREEN + i] = min(ONE, picture[GREEN + i] * inverse)
        picture[BLUE + i] = min(ONE, picture[BLUE + i] * inverse)
        picture[ALPHA + i] = alpha * opacity


@njit(**FAST)
def mask(coverage, row, source):
    """Multiply alpha by a strip of a mask, given by the address of its 128 x 128 bytes."""
    values = carray(pointer(coverage + row * TILE, types.uint8), (STRIP,))
    for i in range(STRIP):
        source[ALPHA + i] *= F(np.int32(values[i])) * LEVEL


@njit(**FAST)
def dissolve(x, y, source):
    """Make alpha 0 or 1 by a hash of the place; the same as `reference.dissolved`."""
    low = np.uint64(0xFFFFFFFF)
    for i in range(STRIP):
        column = np.uint64((x + (i & (TILE - 1))) & 0xFFFFFFFF)
        line = np.uint64((y + (i >> COLUMN_BITS)) & 0xFFFFFFFF)
        mixed = (column * np.uint64(0x9E3779B1) + line * np.uint64(0x85EBCA77)) & low
        mixed = ((mixed ^ (mixed >> np.uint64(15))) * np.uint64(0x2C1B3C6D)) & low
        mixed = ((mixed ^ (mixed >> np.uint64(12))) * np.uint64(0x297A2D39)) & low
        mixed = mixed ^ (mixed >> np.uint64(15))
        threshold = (F(np.int32(mixed >> np.uint64(8))) + HALF) * F(1 / (1 << 24))
        source[ALPHA + i] = ONE if source[ALPHA + i] > threshold else ZERO


@njit(**FAST)
def set_aside(picture):
    for i in range(STRIP):
        picture[ASIDE + i] = picture[ALPHA + i]
    straighten(picture, ONE)
    for i in range(STRIP):
        picture[ALPHA + i] = ONE


@njit(**FAST)
def restore(picture):
    for i in range(STRIP):
        alpha = picture[ASIDE + i]
        picture[RED + i] *= alpha
        picture[GREEN + i] *= alpha
        picture[BLUE + i] *= alpha
        picture[ALPHA + i] = alpha


@njit(**FAST)
def lerp(top, ended, opacity, coverage, row):
    """Move the top towards what was popped, by opacity times mask."""
    for i in range(STRIP):
        ended[ASIDE + i] = opacity
    if coverage != 0:
        values = carray(pointer(coverage + row * TILE, types.uint8), (STRIP,))
        for i in range(STRIP):
            ended[ASIDE + i] *= F(np.int32(values[i])) * LEVEL
    for i in range(STRIP):
        part = ended[ASIDE + i]
        top[RED + i] += (ended[RED + i] - top[RED + i]) * part
        top[GREEN + i] += (ended[GREEN + i] - top[GREEN + i]) * part
        top[BLUE + i] += (ended[BLUE + i] - top[BLUE + i]) * part
        top[ALPHA + i] += (ended[ALPHA + i] - top[ALPHA + i]) * part


@njit(**FAST)
def lerp_within(top, ended, within):
    """Move the top towards what was popped, by the share of its alpha that is also `within`."""
    for i in range(STRIP):
        part = min(ONE, within[ALPHA + i] / max(top[ALPHA + i], TINY))
        top[RED + i] += (ended[RED + i] - top[RED + i]) * part
        top[GREEN + i] += (ended[GREEN + i] - top[GREEN + i]) * part
        top[BLUE + i] += (ended[BLUE + i] - top[BLUE + i]) * part
        top[ALPHA + i] += (ended[ALPHA + i] - top[ALPHA + i]) * part


@njit(**FAST)
def _byte(value):
    return np.uint32(np.int32(min(ONE, max(ZERO, value)) * WHITE + HALF))


@njit(**FAST)
def pack_display(picture, out):
    """Pack a row to premultiplied BGRA; no colour may exceed its alpha."""
    for i in range(TILE):
        alpha = picture[ALPHA + i]
        red = _byte(min(alpha, picture[RED + i]))
        green = _byte(min(alpha, picture[GREEN + i]))
        blue = _byte(min(alpha, picture[BLUE + i]))
        packed = blue | (green << np.uint32(8)) | (red << np.uint32(16))
        out[i] = np.uint32(packed | (_byte(alpha) << np.uint32(24)))


@njit(**FAST)
def pack_straight(picture, out):
    """Pack a row to straight RGBA; what is transparent is 0 throughout."""
    for i in range(TILE):
        alpha = picture[ALPHA + i]
        inverse = ONE / max(alpha, TINY)
        red = _byte(picture[RED + i] * inverse)
        green = _byte(picture[GREEN + i] * inverse)
        blue = _byte(picture[BLUE + i] * inverse)
        opaque = _byte(alpha)
        packed = red | (green << np.uint32(8)) | (blue << np.uint32(16))
        packed = np.uint32(packed | (opaque << np.uint32(24)))
        out[i] = packed if opaque > 0 else np.uint32(0)
