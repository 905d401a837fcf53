"""The ledger of donations as files and papers have it.

Source of the headings: domain.md B2 (捐赠台账) [DON].
"""

import io
from dataclasses import dataclass

import xlsxwriter
from django.db import transaction

from activities.contributions.donors import written_donor
from activities.contributions.sums import donated
from activities.models import Donation
from members.formats import FORBIDDEN
from organizations.models import Action

# a file format, not a text of the screens
HEADINGS = (
    "序号", "收据编号", "捐赠时间", "捐赠单位或个人", "捐赠方式", "捐赠金额", "物资名称", "规格", "数量", "折价",
    "定向/非定向", "用途", "受赠方", "备注",
)  # fmt: skip
WIDTHS = (6, 16, 12, 28, 10, 14, 20, 16, 12, 14, 12, 26, 22, 24)
KINDS = {Donation.Kind.CASH: "现金", Donation.Kind.GOODS: "物资"}
TIED, NOT_TIED = "定向", "非定向"
A4 = 9


@dataclass(frozen=True)
class Line:
    """One line of the ledger: a donation of cash, or one kind of goods; the first of a donation has its amount."""

    donation: Donation
    place: int
    donor: str
    goods: object = None
    is_first: bool = True

    @property
    def kind(self):
        return KINDS[self.donation.kind]

    @property
    def tied(self):
        return TIED if self.donation.purpose else NOT_TIED

    @property
    def quantity(self):
        return quantity_of(self.goods) if self.goods else ""

    def cells(self, *, with_note):
        """Texts and amounts in the order of HEADINGS; numbers are numbers, so that one can add them up."""
        row, goods = self.donation, self.goods
        return [
            self.place if self.is_first else "",
            row.receipt_number,
            row.received_on.isoformat(),
            self.donor,
            self.kind,
            row.amount if self.is_first else "",
            goods.name if goods else "",
            goods.specification if goods else "",
            self.quantity,
            goods.value if goods else "",
            self.tied,
            row.purpose,
            row.receiver,
            row.note if with_note else "",
        ]


def quantity_of(goods):
    """12箱 of DonatedGoods, 2.5吨: without noughts after the point."""
    return f"{goods.quantity.normalize():f}{goods.unit}"


def lines_of(donations, *, with_names=False):
    """[Line] of the queryset `donations`, the first received first, goods one a line."""
    rows = donations.select_related("member", "employer").prefetch_related("goods")
    found = []
    for place, row in enumerate(rows.order_by("received_on", "pk"), start=1):
        donor = written_donor(row, with_names=with_names)
        goods = list(row.goods.all()) or [None]
        found += [Line(row, place, donor, item, number == 0) for number, item in enumerate(goods)]
    return found


def workbook_of(donations, *, with_names=False):
    """The ledger of `donations` (voided ones are left out) as the bytes of an .xlsx."""
    donations = donations.valid()
    lines, total = lines_of(donations, with_names=with_names), donated(donations)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("捐赠台账")
        lined = {"font_name": "宋体", "font_size": 11, "border": 1, "text_wrap": True, "valign": "vcenter"}
        text, bold = (
            workbook.add_format(lined),
            workbook.add_format({**lined, "bold": True, "align": "center"}),
        )
        money = workbook.add_format({**lined, "num_format": "#,##0.00"})
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        shown = [line.cells(with_note=with_names or not line.donation.is_anonymous) for line in lines]
        shown.append(["合计", *[""] * 4, total.total, *[""] * 3, total.goods, *[""] * 4])
        for place, cells in enumerate(shown, start=1):
            for column, value in enumerate(cells):
                if value == "":
                    sheet.write_blank(place, column, None, text)
                elif isinstance(value, str):
                    sheet.write_string(place, column, FORBIDDEN.sub("", value), text)
                else:
                    sheet.write_number(place, column, value, money if HEADINGS[column] != "序号" else text)
    return file.getvalue()


@transaction.atomic
def log_export(donations, *, actor, association, with_names, reason):
    """Note in the log of exports that `actor` took the ledger of `donations`, with the members named in it.

    More may read the log than may know who wished to stay unnamed: of those it says only that they were in it.
    """
    named = donations.valid().filter(member__isnull=False, is_anonymous=False)
    members = sorted(set(named.order_by().values_list("member", flat=True)))
    action = Action.objects.create(
        kind=Action.Kind.EXPORT,
        actor=actor,
        association=association,
        details={
            "paper": "捐赠台账",
            "fields": list(HEADINGS),
            "filter": "含不具名捐赠人姓名" if with_names else "不具名捐赠人写作爱心人士",
            "count": len(members),
            "format": "xlsx",
            "reason": reason,
            "identity": False,
        },
    )
    action.disclosed.note(action, members)
