"""Shadow and light as layers of their own, on numpy alone.

`extract` tells them from a subject, its background and their blended picture; `cast` draws a shadow
where there is no blended picture. All arithmetic is on sRGB-coded values between 0 and 1, as in
the Multiply and Screen of a layer editor, so that what is laid on the background looks as measured.
"""
