"""QR codes as SVG elements of a page: black on white in any theme."""

import segno
from django.utils.html import format_html
from django.utils.safestring import mark_safe


def qr_svg(text, label):
    """The QR code of `text` as an `<svg>` without a size of its own, read out as `label`."""
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(omitsize=True, light="#fff", dark="#000", border=2, svgclass="qr-code")
    picture = mark_safe(drawing)  # noqa: S308 (paths that segno draws, no text of ours in them)
    return format_html('<span class="qr-picture" role="img" aria-label="{}">{}</span>', label, picture)
