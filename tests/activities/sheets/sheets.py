"""What the tests of sign-in sheets share: workbooks made in memory, uploading, answering, applying."""

import datetime as dt
import io

import openpyxl
from django.urls import reverse
from django.utils import timezone

from members.models import ImportBatch
from tests.make import make_activity
from tests.members.screens import messages_of

HEADER = ["序号", "姓名", "单位", "职务", "联系电话", "签名", "备注"]
ON = dt.date(2026, 10, 21)
TITLE = "国情考察活动签到表"
LINE = "时间：2026年10月21日（星期三）上午9:00  地点：规划展览馆"


def file_of(rows, *, name="签到表.xlsx", merged=()):
    """An .xlsx file of `rows` as an open binary file."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "签到表"
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = name
    return file


def sheet_of(*people, title=TITLE, lines=(LINE,), header=HEADER, below=()):
    """A sheet of `people`: (name, mobile, signature, remark, …), unit and post after that."""
    rows = [[title], *([line] for line in lines), header]
    for number, (name, mobile, *rest) in enumerate(people, start=1):
        signature, remark, unit, post = (*rest, *[None] * (4 - len(rest)))
        rows.append([number, name, unit, post, mobile, signature, remark])
    return file_of([*rows, *below])


def activity_on(on=ON, title="国情考察活动", **fields):
    starts_at = timezone.make_aware(dt.datetime.combine(on, dt.time(9)))
    return make_activity(title, starts_at=starts_at, **fields)


def upload(client, home, file, **data):
    file.seek(0)
    client.post(
        reverse("members:import_upload"), {"association": home.pk, "kind": "sign_in", "file": file} | data
    )
    return ImportBatch.objects.latest("pk")


def bring(client, activity, file):
    """Upload `file` from the page of the activity."""
    client.post(reverse("activities:sheet_upload", args=[activity.pk]), {"file": file})
    return ImportBatch.objects.latest("pk")


def apply(client, batch):
    response = client.post(reverse("members:import_apply", args=[batch.pk]))
    batch.refresh_from_db()
    return messages_of(response)


def undo(client, batch):
    client.post(reverse("members:import_undo", args=[batch.pk]))
    batch.refresh_from_db()


def choose(client, batch, **changes):
    """Send the form about the activity back with `changes`; None takes a field out."""
    url = reverse("activities:sheet", args=[batch.pk])
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields} | changes
    data = {name: value for name, value in values.items() if value not in (None, False)}
    response = client.post(url, data)
    batch.refresh_from_db()
    return response


def answer(client, batch, name, **data):
    row = batch.rows.get(name=name)
    client.post(
        reverse("members:import_row", args=[batch.pk, row.pk]),
        {f"row-{row.pk}-{key}": value for key, value in data.items()},
    )
    batch.refresh_from_db()
    row.refresh_from_db()
    return row


def outcomes(batch):
    return dict(batch.rows.order_by("position").values_list("name", "outcome"))


def codes(batch, name):
    return [message["code"] for message in batch.rows.get(name=name).content()["messages"]]


def listed(activity):
    """{name: (state, presence, reason or proxy)} of the list of an activity."""
    return {
        row.person: (row.state, row.presence, row.proxy_name or row.reason)
        for row in activity.participations.select_related("member")
    }


def panel(client, batch):
    return client.get(batch.get_absolute_url()).context["panel"]


def numbers(client, batch):
    """{label: (stated, read)} of the sheet's numbers."""
    return [(line.stated, line.read, bool(line.sentence)) for line in panel(client, batch)["lines"]]
