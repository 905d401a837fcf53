"""The roster of a body on a day as a sheet, in the form that imports read back as unchanged; and an empty one."""

import tempfile
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.body_rosters.fields import OWN, PERSON, POSTS, VOCABULARY, WORD_OF, EndWord, HowWord
from members.export import export_name
from members.models import Disclosed, Member
from members.resources import MemberResource
from members.rights import FIELD_CLASSES, FieldClass
from members.template_sheet import LISTS_OF, NOTES_OF, write_template
from organizations.meetings.numbering import in_chinese
from organizations.models import Action, Body
from organizations.posts import usual_posts

# as officials write it, with what tells namesakes apart
USUAL = ("number", "name", "sex", "birth", "political_status", "employer", "position", POSTS, "started")
_OWN_KEYS = frozenset(field.key for field in OWN)
TEMPLATE = ("number", "name", "sex", "birth", "political_status", "employer", "position", "mobile",
            POSTS, "started", "ended", "end_reason", "how", "basis", "remarks")  # fmt: skip
EXAMPLE = {
    "name": "张示例",
    "sex": "女",
    "birth": "1985.06",
    "political_status": "无党派人士",
    "employer": "重庆某某律师事务所",
    "position": "合伙人",
    "mobile": "13800000001",
    "started": "2019.12.24",
    "how": "选举",
    "basis": "第一届会员大会第一次会议",
}
NOTES = NOTES_OF | {
    POSTS: ("必填；多个职务用、隔开，如“副会长、理事”", "required; several with 、 between them"),
    "started": (
        "写到日；只知年月的写 2019.12，也可写成 2019.12—2024.12",
        "to the day; 2019.12 where only the month is known; 2019.12—2024.12 is understood",
    ),
    "ended": ("任满本届的留空", "empty where the post lasts for the term"),
    "end_reason": ("有结束日期时必填，从列表中选择", "required with an end; choose from the list"),
    "how": ("从列表中选择", "choose from the list"),
    "basis": ("由哪次会议选举或哪份文件任命", "which meeting elected, which document appointed"),
    "remarks": ("只随导入记录保存，不写入任职", "kept with the import, not with the post"),
}


def title_of(body, term=None):
    """第一届理事会名册: the title of the roster of `body` in `term`."""
    return f"{body.association.name}{f'第{in_chinese(term.number)}届' if term else ''}{body.name}名册"


def term_on(body, day):
    """The Term of `body` running on the local date `day`, None without one."""
    return body.terms.in_force_on(day).order_by("-starts_on").first() if body.has_terms else None


@dataclass
class Heading:
    """The lines above the table, as `formats.Xlsx` asks for them."""

    body: Body
    day: object
    count: int
    maker: str

    @property
    def sheet(self):
        return f"{self.body.name}名册"[:31].translate(str.maketrans("[]:*?/\\", "（）：＊？／＼"))

    def title(self):
        return title_of(self.body, term_on(self.body, self.day))

    def note(self, rows):
        day = f"{self.day.year}年{self.day.month}月{self.day.day}日"
        return f"截至{day}　共 {self.count} 人　制表：{self.maker}"


def export_body(body, *, on, keys, file_format, actor, reason=""):
    """Write the columns `keys` of who holds a post of `body` on the local date `on`; an open temporary file.

    One row a person, and a further one for posts held since another day. Whether `actor` may is asked before.
    """
    rows = lines(body, on=on, keys=keys, actor=actor)
    members = {member for member, _texts in rows}
    people = len(members)
    headers = [VOCABULARY.header(key) for key in keys]
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    heading = Heading(body, on, people, str(actor))
    try:
        file_format.write(file, headers, [texts for _member, texts in rows], heading)
        details = {
            "count": people,
            "fields": headers,
            "filter": _("{roster} on {day}").format(
                roster=title_of(body, term_on(body, on)), day=on.isoformat()
            ),
            "format": file_format.get_extension(),
            "reason": reason,
            "identity": any(FIELD_CLASSES.get(key) == FieldClass.IDENTITY for key in keys),
            "body": body.pk,
        }
        with transaction.atomic():
            action = Action.objects.create(
                kind=Action.Kind.EXPORT, actor=actor, association=body.association, details=details
            )
            Disclosed.objects.note(action, members)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def lines(body, *, on, keys, actor):
    """[(id of the member, texts in the order of `keys`)], highest post first, within a rank by surname strokes."""
    held = body.appointments.in_force_on(on).select_related("member", "post", "term").in_order_of_rank()
    together = {}
    for appointment in held:
        own = {key: _text(appointment, key) for key in keys if key in _OWN_KEYS and key != POSTS}
        together.setdefault((appointment.member_id, *own.values()), (own, []))[1].append(_post(appointment))
    people = _people({member for member, *_own in together}, [key for key in keys if key in PERSON], actor)
    return [
        (member, [(people[member] | own | {POSTS: "、".join(posts)})[key] for key in keys])
        for (member, *_own), (own, posts) in together.items()
        if member in people
    ]


def _people(members, keys, actor):
    """{id: {key: text}} of the `members` in sight of `actor`."""
    rows = Member.objects.visible_to(actor).filter(pk__in=members).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    texts = MemberResource(keys=keys).rows(rows) if keys else [[] for _pk in ids]
    return {pk: dict(zip(keys, row, strict=True)) for pk, row in zip(ids, texts, strict=True)}


def _post(appointment):
    return f"{appointment.post.title}（代理）" if appointment.is_acting else appointment.post.title


def _text(appointment, key):
    if key == "term":
        return f"第{in_chinese(appointment.term.number)}届" if appointment.term else ""
    columns = {"started": "starts_on", "ended": "ends_on"}
    value = getattr(appointment, columns.get(key, key))
    if key in columns:
        return f"{value:%Y.%m.%d}" if value else ""
    return WORD_OF.get(value, value)


def file_name(body, file_format):
    return f"{body.name}{export_name(file_format).removeprefix('会员')}"


def body_template(body):
    """The bytes of a sheet to fill in for `body`, with its posts to choose from."""
    term = term_on(body, timezone.localdate())
    posts = list(body.association.posts.offered_by(body)) or usual_posts(body.association, body.kind)
    titles = [post.title for post in posts if not post.is_retired]
    return write_template(
        fields=[VOCABULARY.fields[key] for key in TEMPLATE],
        example=EXAMPLE | {POSTS: titles[0]},
        notes=NOTES,
        lists=LISTS_OF | {"how": HowWord, "end_reason": EndWord},
        open_lists={POSTS: titles},
        title=title_of(body, term),
    )
