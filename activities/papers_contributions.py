"""Papers of contributions: receipt and certificate of a donation, certificate of volunteering."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.contributions.capitals import in_capitals
from activities.contributions.donors import written_donor
from activities.contributions.ledger import KINDS, NOT_TIED, quantity_of
from activities.contributions.sums import all_of, served_by_field
from activities.models import Donation, Service
from members.models import Member
from members.rights import Ability
from organizations.day_input import DayInput
from organizations.papers.contexts.common import Filled, common, in_words, numbered
from organizations.papers.forms import PaperForm
from organizations.papers.kinds import COMMON, LANDSCAPE, PLACE, Field, PaperKind, add_kinds
from organizations.papers.offers import SOURCES, Maker, Source

TEMPLATES = "activities.paper_templates_contributions"
PLAIN, LETTER = "donation_receipt", "donation_certificate"
SERVED = "service_certificate"

_DONATION = (
    *COMMON,
    Field("收据编号", gettext_lazy("number of the receipt"), "2026-0008"),
    Field(
        "捐赠人", gettext_lazy("who gave it, 爱心人士 for who wished to stay unnamed"), "重庆甲某科技有限公司"
    ),
    Field("捐赠日期", gettext_lazy("day on which it was received"), "2026年5月12日"),
    Field("捐赠方式", gettext_lazy("现金 or 物资"), "物资"),
    Field("金额", gettext_lazy("amount or value in figures"), "12,800.00"),
    Field("大写金额", gettext_lazy("the same in capital numerals"), "壹万贰仟捌佰元整"),
    Field("用途", gettext_lazy("purpose, 非定向 without one"), "乡村小学图书角"),
    Field("受赠方", gettext_lazy("to whom it was handed on, empty if it is not said"), "某某镇中心小学"),
    Field(
        "物资清单",
        gettext_lazy("the goods, none of cash"),
        rows=(
            PLACE,
            Field("名称", gettext_lazy("what it is"), ("图书", "书架")),
            Field("规格", gettext_lazy("specification"), ("少儿读物", "六层")),
            Field("数量", gettext_lazy("quantity with its unit"), ("400册", "8个")),
            Field("折价", gettext_lazy("value"), ("8,000.00", "4,800.00")),
        ),
    ),
)
KINDS_HERE = (
    PaperKind(
        PLAIN, gettext_lazy("Receipt of a donation"), "捐赠收据", _DONATION, default=f"{TEMPLATES}.receipt"
    ),
    PaperKind(
        LETTER,
        gettext_lazy("Certificate of a donation"),
        "捐赠证书",
        _DONATION,
        LANDSCAPE,
        default=f"{TEMPLATES}.certificate",
    ),
    PaperKind(
        SERVED,
        gettext_lazy("Certificate of volunteering"),
        "志愿服务证明",
        (
            *COMMON,
            Field("姓名", gettext_lazy("name"), "王一一"),
            Field("会员编号", gettext_lazy("member number"), "JJ20200001"),
            Field("起始日期", gettext_lazy("first day of the period"), "2026年1月1日"),
            Field("截止日期", gettext_lazy("last day of the period"), "2026年11月22日"),
            Field("服务次数", gettext_lazy("number of confirmed services"), "3"),
            Field("总时长", gettext_lazy("confirmed hours"), "9.5"),
            Field(
                "领域列表",
                gettext_lazy("the same by field of service"),
                rows=(
                    Field("领域", gettext_lazy("field of service"), ("志愿服务", "法律援助")),
                    Field("次数", gettext_lazy("number of confirmed services"), ("2", "1")),
                    Field("时长", gettext_lazy("confirmed hours"), ("6.5", "3.0")),
                ),
            ),
            Field(
                "服务清单",
                gettext_lazy("the services"),
                rows=(
                    PLACE,
                    Field("日期", gettext_lazy("day"), ("2026-03-05", "2026-04-12", "2026-06-20")),
                    Field(
                        "内容", gettext_lazy("what was done"), ("学雷锋义务植树", "社区普法讲座", "助学走访")
                    ),
                    Field("领域", gettext_lazy("field of service"), ("志愿服务", "法律援助", "志愿服务")),
                    Field("对象", gettext_lazy("for whom"), ("某某镇", "某某社区居民", "某某小学")),
                    Field("时长", gettext_lazy("confirmed hours"), ("4.0", "3.0", "2.5")),
                ),
            ),
        ),
        default=f"{TEMPLATES}.service",
    ),
)
ITEMS = {"物资清单": "物资", "领域列表": "类", "服务清单": "项"}


# -- what they are filled with


def donation_paper(donation, *, with_name=False):
    """The Filled of a receipt or certificate; `with_name`: also where the donor wished to stay unnamed."""
    association = donation.association
    rows = [
        {
            "名称": item.name,
            "规格": item.specification,
            "数量": quantity_of(item),
            "折价": f"{item.value:,.2f}",
        }
        for item in donation.goods.all()
    ]
    donor = written_donor(donation, with_names=with_name)
    is_named = donation.member_id and (with_name or not donation.is_anonymous)
    return Filled(
        association,
        donation.receipt_number or donation.received_on.isoformat(),
        {
            **common(association),
            "收据编号": donation.receipt_number,
            "捐赠人": donor,
            "捐赠日期": in_words(donation.received_on),
            "捐赠方式": KINDS[donation.kind],
            "金额": f"{donation.amount:,.2f}",
            "大写金额": in_capitals(donation.amount),
            "用途": donation.purpose or NOT_TIED,
            "受赠方": donation.receiver,
            "物资清单": numbered(rows),
        },
        # the log of exports is read by more than may know who wished to stay unnamed
        (donation.member_id,) if is_named and not donation.is_anonymous else (),
    )


def service_paper(member, *, since, until):
    """The Filled of the certificate of `member` for the local dates `since` to `until`, both included."""
    rows = Service.objects.filter(member=member, on__gte=since, on__lte=until).confirmed()
    fields = served_by_field(rows)
    total = all_of(fields)
    services = [
        {
            "日期": row.on.isoformat(),
            "内容": row.what,
            "领域": str(row.field or ""),
            "对象": row.for_whom,
            "时长": "" if row.hours is None else str(row.hours),
        }
        for row in rows.select_related("field").order_by("on", "pk")
    ]
    return Filled(
        member.association,
        member.name,
        {
            **common(member.association),
            "姓名": member.name,
            "会员编号": member.number,
            "起始日期": in_words(since),
            "截止日期": in_words(until),
            "服务次数": str(total.count),
            "总时长": str(total.hours),
            "领域列表": [
                {"领域": each.field or "其他", "次数": str(each.count), "时长": str(each.hours)}
                for each in fields
            ],
            "服务清单": numbered(services),
        },
        (member.pk,),
    )


# -- what is asked before


class DonationPaperForm(PaperForm):
    """Whether the paper names a donor who wished to stay unnamed: the one handed to the donor may."""

    with_name = forms.BooleanField(
        label=gettext_lazy("Write the donor's name, though the donor wished to stay unnamed."), required=False
    )

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        if not record.is_anonymous:
            del self.fields["with_name"]


class PeriodFields(forms.Form):
    """From which day to which day the certificate goes, both included; at first this year."""

    since = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    until = forms.DateField(label=gettext_lazy("To"), widget=DayInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial = {"since": today.replace(month=1, day=1), "until": today, **self.initial}

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("The last day lies before the first.")))
        elif since and until and not self._services(since, until).exists():
            raise ValidationError(_("No service is confirmed in this period."))
        return data

    def _services(self, since, until):
        return Service.objects.filter(member=self.record, on__gte=since, on__lte=until).confirmed()


class PeriodForm(PeriodFields, PaperForm):
    """The same among the papers of the staff."""


class OwnPeriodForm(PeriodFields):
    """The same for the member."""

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.record = member


def _donations(user):
    rows = Donation.objects.editable_by(user).valid()
    return rows.select_related("association", "member", "employer").prefetch_related("goods")


def _members(user):
    places = user.rights.associations_with("activities.change_service")
    places &= user.rights.associations_for(Ability.EDIT)
    return Member.objects.editable_by(user).filter(association__in=places).select_related("association")


def _donation_maker():
    return Maker(
        DonationPaperForm,
        lambda donation, user, data: donation_paper(donation, with_name=data.get("with_name", False)),
    )


def register():
    """Let these papers be made; called when the app starts."""
    add_kinds(*KINDS_HERE, items=ITEMS)
    SOURCES["donation"] = Source(
        _donations,
        {PLAIN: _donation_maker(), LETTER: _donation_maker()},
        body=lambda donation: None,
        place=("activities:donations", gettext_lazy("Donations")),
    )
    SOURCES["member"] = Source(
        _members,
        {
            SERVED: Maker(
                PeriodForm,
                lambda member, user, data: service_paper(member, since=data["since"], until=data["until"]),
            )
        },
        body=lambda member: None,
        place=("activities:services", gettext_lazy("Services and volunteer hours")),
    )
