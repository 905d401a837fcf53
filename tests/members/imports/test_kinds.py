"""A second kind of sheet is a definition: a sign-in sheet whose people go into a list, through the same screens."""

import pytest
from django.urls import reverse
from django.utils import timezone

from members.imports.kinds import KINDS, SheetKind, add_kind
from members.imports.matching import Match, Register
from members.imports.plans import Plan, Written
from members.models import HeaderChoice, ImportBatch, ListedMember, Member, SavedList
from members.models.imports import WRITTEN
from members.roster.contract import FIELD, Field
from members.roster.kinds import one_of
from members.roster.messages import Message
from members.roster.vocabulary import Vocabulary
from tests.make import make_member
from tests.members.imports.sheets import workbook
from tests.members.screens import body_of, messages_of

pytestmark = pytest.mark.django_db

LIST = "签到"
PERSON = ("name", "mobile", "employer")


class People(Register):
    """Members of the register; a sign-in sheet brings nobody new."""

    def __init__(self, association, rows, **kwargs):
        super().__init__(association, rows, **kwargs)
        self.listed = set(
            ListedMember.objects.filter(saved_list__name=LIST, member__in=self.by_id).values_list(
                "member", flat=True
            )
        )

    def match(self, values, position, cell, derived=frozenset(), choice=None):
        person = {key: values[key] for key in PERSON if key in values}
        found = super().match(person, position, cell, derived, choice)
        if found.outcome == "new":
            asked = Message(cell("name"), "question", "ambiguous_match", {"name": values["name"]}, "name")
            return Match("question", messages=[asked])
        if found.member is None or found.member in self.listed:
            return Match("unchanged" if found.member else found.outcome, messages=found.messages)
        return Match(
            "update", found.member, found.version, {"attendance": ["", values.get("attendance", "")]}
        )


class Listing:
    def __init__(self, association, actor, action):
        self.now = timezone.now()
        self.list, _made = SavedList.objects.get_or_create(name=LIST, owner=actor, kind="picked")

    def write(self, register, new, changed):
        ListedMember.objects.bulk_create(
            ListedMember(saved_list=self.list, member_id=row.member) for row in changed
        )

    def finish(self):
        pass


class Unlisting:
    def __init__(self, batch, action=None):
        self.batch, self.now = batch, timezone.now()

    def plans(self, *, lock=False):
        rows = self.batch.rows.filter(outcome__in=WRITTEN, step__lte=self.batch.steps_applied)
        written = [
            Written(row.row, row.sheet, row.member_id, row.name, False, {"attendance": ["出席", ""]})
            for row in rows
        ]
        yield Plan([], written, [], {})

    def carry_out(self, plan):
        members = [row.member for row in plan.restored]
        ListedMember.objects.filter(saved_list__name=LIST, member__in=members).delete()

    def finish(self):
        pass


SIGN_IN = SheetKind(
    key="sign-in",
    label="签到表",
    vocabulary=Vocabulary(
        [
            *[FIELD[key] for key in PERSON],
            Field("attendance", "出席情况", 10, "attendance", ("签到", "签名", "是否出席")),
        ],
        readers={"attendance": one_of({word: word for word in ("出席", "请假", "缺席")})},
    ),
    register=People,
    writer=Listing,
    undoing=Unlisting,
    summary=("attendance", "mobile", "employer"),
)
HEADER = ["姓名", "手机", "签到", "桌号"]


@pytest.fixture(autouse=True)
def sign_in_sheets():
    add_kind(SIGN_IN)
    yield
    del KINDS[SIGN_IN.key]


def upload(client, home, *rows, kind=SIGN_IN.key):
    file = workbook(*rows, header=HEADER)
    client.post(reverse("members:import_upload"), {"association": home.pk, "kind": kind, "file": file})
    return ImportBatch.objects.latest("pk")


def row_sent(client, row, **data):
    url = reverse("members:import_row", args=[row.batch_id, row.pk])
    return client.post(
        url, {f"row-{row.pk}-{key}": value for key, value in data.items()} | {f"row-{row.pk}-seen": ""}
    )


def test_a_sign_in_sheet_goes_through_preview_repair_apply_and_undo(client, home, secretary):
    one = make_member("张三", association=home, mobile="13800000001")
    other = make_member("李四", association=home, mobile="13800000002")
    assert "签到表" in body_of(client.get(reverse("members:import_upload")))

    batch = upload(
        client,
        home,
        ["张三", "13800000001", "出席", "5"],
        ["李四", "13800000002", "在路上", "6"],
        ["王五", "13800000003", "出席", "7"],
    )
    assert (batch.kind, batch.counts["update"], batch.counts["question"]) == ("sign-in", 2, 1)
    page = body_of(client.get(batch.get_absolute_url(), {"tab": "doubtful"}))
    assert "“在路上”不是“出席情况”的可选值" in page

    row_sent(client, batch.rows.get(name="李四"), attendance="请假")
    assert batch.rows.get(name="李四").content()["values"]["attendance"] == "请假"
    row_sent(client, batch.rows.get(name="王五"), do="leave")
    client.post(reverse("members:import_apply", args=[batch.pk]))
    assert set(ListedMember.objects.values_list("member", flat=True)) == {one.pk, other.pk}
    assert Member.objects.count() == 2

    response = client.post(reverse("members:import_undo", args=[batch.pk]))
    assert messages_of(response)[-1].startswith("导入已撤销")
    assert (ListedMember.objects.count(), Member.objects.count()) == (0, 2)


def test_its_columns_are_those_of_its_fields_and_remembered_for_its_kind(client, home, secretary):
    batch = upload(client, home, ["张三", "13800000001", "出席", "5"])
    url = reverse("members:import_columns", args=[batch.pk])
    form = client.get(url).context["form"]
    offered = {key for _title, choices in form.fields["0-D"].choices[3:4] for key, _label in choices}
    assert offered == {"name", "mobile", "employer", "attendance"}

    client.post(url, {"0-read": "on", "0-D": "employer", "remember": "on"})

    assert list(HeaderChoice.objects.values_list("kind", "header", "field")) == [
        ("sign-in", "桌号", "employer")
    ]
    assert upload(client, home, ["张三", "13800000001", "出席", "5"]).rows.get().content()["values"] == {
        "name": "张三",
        "mobile": "13800000001",
        "attendance": "出席",
        "employer": "5",
    }
    roster = upload(client, home, ["张三", "13800000001", "出席", "5"], kind="members")
    assert roster.rows.get().content()["values"] == {"name": "张三", "mobile": "13800000001"}


def test_a_kind_nobody_knows_is_refused(client, home, secretary):
    upload_url = reverse("members:import_upload")

    response = client.post(
        upload_url, {"association": home.pk, "kind": "nonsense", "file": workbook(["张三"], header=HEADER)}
    )

    assert response.status_code == 422
    assert ImportBatch.objects.count() == 0
