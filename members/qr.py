"""QR codes of links: as SVG elements of a page, black on white in any theme, as pictures, or to draw on paper."""

import segno
from django.utils.html import format_html
from django.utils.safestring import mark_safe


def qr_code(text):
    """The segno.QRCode of `text`, of the level of correction that all our codes have."""
    return segno.make(text, error="m", micro=False)


def qr_svg(text, label):
    """The QR code of `text` as an `<svg>` without a size of its own, read out as `label`."""
    drawing = qr_code(text).svg_inline(omitsize=True, light="#fff", dark="#000", border=2, svgclass="qr-code")
    picture = mark_safe(drawing)  # noqa: S308 (paths that segno draws, no text of ours in them)
    return format_html('<span class="qr-picture" role="img" aria-label="{}">{}</span>', label, picture)


def qr_data_uri(text):
    """The QR code of `text` as the address of an `<img>`."""
    return qr_code(text).svg_data_uri(border=2)
