"""Spellings of employers: those merged into another, and those that are probably one firm."""

import re
import unicodedata

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models.member import Employer
from organizations.models import Recorded

# What firms' names have or have not without being another firm's: legal forms, and where the firm sits.
_FORMS = re.compile(r"(股份有限公司|有限责任公司|有限公司|股份公司|公司|有限合伙|普通合伙|特殊普通合伙)+$")
_NOT_SAID = re.compile(r"[\s()\[\]〔〕【】《》“”\"'·.,，。、—-]")
_PROVINCE = re.compile(
    "^(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)(?:省|市|自治区|特别行政区)?"
)
_DISTRICT = re.compile(r"^[\u4e00-\u9fff]{2,3}?(?:市|区|县)(?=[\u4e00-\u9fff]{2})")


def normal_name(name):
    """`name` less what two spellings of one firm differ by; of a name that has nothing else, the name itself."""
    whole = _NOT_SAID.sub("", unicodedata.normalize("NFKC", name)).lower()
    short = _FORMS.sub("", whole)
    short = short if len(short) > 1 else whole
    placeless = _DISTRICT.sub("", _PROVINCE.sub("", short))
    # two characters are a sort of firm (大学, 银行) rather than a name
    return placeless if len(placeless) > 2 else short


class EmployerAlias(Recorded):
    """A spelling that was merged into an employer: rosters that have it mean that employer."""

    association = models.ForeignKey(
        "organizations.Association",
        models.CASCADE,
        db_index=False,  # the unique name begins with it
        related_name="employer_aliases",
        verbose_name=_("association"),
    )
    name = models.CharField(_("merged spelling"), max_length=200)
    employer = models.ForeignKey(Employer, models.CASCADE, related_name="aliases", verbose_name=_("employer"))

    whole_field = "employer"

    class Meta:
        verbose_name = _("merged spelling")
        verbose_name_plural = _("merged spellings")
        constraints = [
            models.UniqueConstraint(fields=["association", "name"], name="employer_alias_once_by_name"),
        ]

    def __str__(self):
        return self.name
