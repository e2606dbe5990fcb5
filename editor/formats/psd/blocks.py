"""The small pieces a PSD is made of, as bytes: strings, tagged blocks, resources, descriptors.

After "Adobe Photoshop File Formats Specification" (November 2019) and what Photoshop writes.
"""

import struct

DESCRIPTOR_VERSION = 16


def padded(body: bytes, multiple: int) -> bytes:
    """Return the bytes with zeros up to a multiple of a length."""
    return body + bytes(-len(body) % multiple)


def pascal(text: str, multiple: int) -> bytes:
    """Return a length byte and MacRoman, "?" for what that lacks."""
    encoded = text.encode("mac_roman", "replace")[:255]
    return padded(bytes([len(encoded)]) + encoded, multiple)


def unicode_string(text: str, *, ended: bool = False) -> bytes:
    """Return a count of UTF-16 units and the units; with `ended` a zero unit is among them."""
    encoded = text.encode("utf-16-be", "surrogatepass") + (b"\0\0" if ended else b"")
    return struct.pack(">I", len(encoded) // 2) + encoded


def tagged(key: bytes, body: bytes) -> bytes:
    """Return a tagged block of a layer."""
    body = padded(body, 4)
    return b"8BIM" + key + struct.pack(">I", len(body)) + body


def resource(number: int, body: bytes) -> bytes:
    """Return an image resource without a name."""
    head = b"8BIM" + struct.pack(">HHI", number, 0, len(body))
    return padded(head + body, 2)


def metadata(xmp: str) -> bytes:
    """Return the body of `shmd` that holds XMP for one layer, where Photoshop keeps its own."""
    text = b"TEXT" + unicode_string(xmp, ended=True)
    item = struct.pack(">I", 8) + b"layerXMP" + text
    named = unicode_string("", ended=True) + struct.pack(">I", 8) + b"metadata"
    descriptor = struct.pack(">I", DESCRIPTOR_VERSION) + named + struct.pack(">I", 1) + item
    body = padded(descriptor, 4)
    return struct.pack(">I", 1) + b"8BIMcust\0\0\0\0" + struct.pack(">I", len(body)) + body


def layer_xmp(body: bytes) -> str | None:
    """Return the XMP in a `shmd` block, or None."""
    at = body.find(b"layerXMPTEXT")
    if at < 0 or at + 16 > len(body):
        return None
    (count,) = struct.unpack_from(">I", body, at + 12)
    text = body[at + 16 : at + 16 + 2 * count]
    return text.decode("utf-16-be", "replace").rstrip("\0")
