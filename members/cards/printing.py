"""Cards to print: as PDF where the typesetter is there, and the QR code on every card."""

import base64
import io
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils.safestring import mark_safe

from config.addresses import whole_address
from members.qr import qr_code
from organizations.models import Action
from organizations.papers.making import draw

PROGRAM = Path(__file__).with_name("card.typ")
MOST_CARDS = 200
"""Of one PDF: ten sheets on both sides, drawn within the limits of a paper."""
FIELDS = ["姓名", "会员编号", "所属类别", "照片"]

# a card is a paper of the association: in Chinese whatever language the screen is in
LABELS = {
    "card": "会员证",
    "photo": "照片",
    "number": "会员编号",
    "category": "所属类别",
    "issued": "发证日期",
    "until": "有效期至",
    "scan": "扫码核验本证",
    "code": "核验码",
    "rules": ["本证仅限本人使用，不得转借、涂改。", "遗失请及时告知秘书处，补发后原证作废。"],
}
WHILE_A_MEMBER = "会员资格存续期间"


def code_of(card, request=None):
    """The QR code that leads to the page on which `card` is checked."""
    return qr_code(whole_address(card.get_absolute_url(), request))


def inline_code(card, request=None):
    """The QR code as an svg element without any style of its own, for a page."""
    written = io.BytesIO()
    code_of(card, request).save(
        written,
        kind="svg",
        xmldecl=False,
        svgns=False,
        nl=False,
        omitsize=True,
        svgclass="qr-code",
        lineclass=None,
    )
    return mark_safe(written.getvalue().decode())  # noqa: S308 (segno's own numbers)


def draw_cards(cards, *, as_sheet, request=None):
    """The PDF (bytes) of `cards`, one a page or ten on a sheet of A4, fronts and backs. Raises NotMade."""
    rows, files = [], {}
    for number, card in enumerate(cards):
        row = row_of(card)
        written = io.BytesIO()
        code_of(card, request).save(written, kind="svg", border=0)
        row["qr"] = f"qr{number}.svg"
        files[row["qr"]] = written.getvalue()
        if photo := _photo_of(card.member):
            row["photo"] = f"photo{number}.jpg"
            files[row["photo"]] = photo
        rows.append(row)
    title = f"会员证（{len(rows)}）" if len(rows) > 1 else f"会员证 {rows[0]['name']}"
    data = {"title": title, "sheet": as_sheet, "labels": LABELS, "cards": rows}
    encoded = {name: base64.b64encode(content).decode() for name, content in files.items()}
    return draw(PROGRAM.read_bytes(), data, encoded)


def row_of(card):
    """What stands on `card`, texts by name as card.typ asks for them."""
    member, until = card.member, card.valid_until
    return {
        "association": str(member.association),
        "full_name": member.association.name,
        "name": member.name,
        "number": member.number,
        "category": member.get_category_display(),
        "issued": _day(card.issued_on),
        "until": _day(until) if until else WHILE_A_MEMBER,
        "code": card.token,
        "photo": "",
    }


def _day(day):
    return f"{day.year}年{day.month}月{day.day}日"


def _photo_of(member):
    if not member.photo:
        return b""
    try:
        with default_storage.open(member.photo) as file:
            return file.read()
    except FileNotFoundError:
        return b""


def log_cards(cards, *, actor, file_format):
    """Note in the log of exports that `actor` took the `cards`, for each association (design §7)."""
    counts = {}
    for card in cards:
        counts[card.member.association] = counts.get(card.member.association, 0) + 1
    for association, count in counts.items():
        Action.objects.create(
            kind=Action.Kind.EXPORT,
            actor=actor,
            association=association,
            details={
                "paper": "会员证",
                "fields": FIELDS,
                "filter": "会员证",
                "count": count,
                "format": file_format,
                "reason": "",
                "identity": False,
            },
        )
