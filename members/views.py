from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Member

# What members see of their own record: (key, title, fields named as in the roster contract)
RECORD_SECTIONS = [
    (
        "identity",
        pgettext_lazy("section", "Identity"),
        "number name former_name sex birth ethnicity native_place political_status second_party party_joined "
        "id_kind id_number",
    ),
    (
        "work",
        pgettext_lazy("section", "Work"),
        "employer employer_kind employer_uscc position category further_categories occupation title title_level "
        "qualification work_started",
    ),
    (
        "education",
        pgettext_lazy("section", "Education"),
        "education degree school major full_time_education full_time_degree full_time_school "
        "in_service_education in_service_degree in_service_school",
    ),
    (
        "contact",
        pgettext_lazy("section", "Contact"),
        "mobile second_mobile office_phone email wechat address township",
    ),
    (
        "association",
        pgettext_lazy("section", "Association"),
        "association joined status association_posts social_posts honours remarks",
    ),
]


def me(request):
    """The reader's own record, to read only; without one, whom to ask."""
    member = Member.objects.select_related("association", "employer").filter(user=request.user).first()
    sections = [
        {"key": key, "title": title, "entries": [_entry(member, field) for field in fields.split()]}
        for key, title, fields in RECORD_SECTIONS
        if member
    ]
    if member and (entries := _post_entries(member)):
        title = _("Posts in the association's bodies")
        sections.append({"key": "posts", "title": title, "entries": entries})
    return render(request, "members/me.html", {"member": member, "sections": sections})


def _post_entries(member):
    """[(body and post, period)] of the appointments of `member`, latest first, whoever else sees the body."""
    rows = member.appointments.valid().select_related("body", "post", "term")
    return [
        (
            f"{row.term or row.body} {row.post}" + (f" ({_('acting')})" if row.is_acting else ""),
            f"{row.starts_on:%Y-%m-%d} – " + (f"{row.ends_on:%Y-%m-%d}" if row.ends_on else ""),
        )
        for row in rows.order_by("-starts_on", "post__rank", "pk")
    ]


def _entry(member, key):
    """(label, text) of one field; the identity number is masked even for its owner, since screens get looked at."""
    if key == "id_number":
        return _("Identity number"), member.masked_id
    if key == "further_categories":
        return _("Further categories"), "、".join(str(further) for further in member.further_categories.all())
    field = Member._meta.get_field(key)
    value = getattr(member, f"get_{key}_display")() if field.choices else getattr(member, key)
    return field.verbose_name, str(value or "")
