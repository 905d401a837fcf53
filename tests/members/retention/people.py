"""Builders of what retention is about: somebody who left long ago, with everything that can hang on a person."""

import datetime as dt
import io
import json

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from activities.models import (
    Answer,
    Donation,
    Door,
    Honour,
    Objection,
    Question,
    Scan,
    Service,
)
from members import crypto
from members.cards.services import issue_card
from members.merging import merge_members
from members.models import (
    Application,
    ChangeRequest,
    Consent,
    DistinctPair,
    FurtherCategory,
    ImportBatch,
    ImportRow,
    Introduction,
    Invitation,
    ListedMember,
    Member,
    Message,
    PersonRequest,
    RequestedChange,
    SavedList,
)
from members.models.imports import PAYLOAD_COLUMN
from members.photos import set_photo
from members.services import change_status, reveal_id_number
from organizations.models import Body
from tests.make import (
    make_activity,
    make_appointment,
    make_body,
    make_id_number,
    make_meeting,
    make_member,
    make_participation,
    make_term,
    make_user,
)

NAME = "欧阳一"
SECRETS = (
    NAME,
    "13800000007",
    "ouyang@example.org",
    "百合律师事务所",
    "几江街道一号",
    "资深合伙人",
    "欧阳旧名",
    "JJ0007",
)


def make_leaver(association, *, left_on="2020-05-31", status="退会", name="", **fields):
    """Somebody who left on that day."""
    member = make_member(name, association=association, **{"joined": "2019-03", **fields})
    if left_on is not None:
        change_status(member, to="在册", on="2019-03", actor=None)
        change_status(member, to=status, on=left_on, actor=None)
    member.refresh_from_db()
    return member


def photo():
    written = io.BytesIO()
    Image.new("RGB", (48, 64), "navy").save(written, "JPEG")
    return written.getvalue()


def make_full_leaver(association, actor):
    """欧阳一, who left in May 2020, with an account, a photo, a card, requests, merges, posts, imports …"""
    user = make_user("ouyang@example.org", name=NAME)
    member = make_member(
        NAME,
        association=association,
        number="JJ0007",
        id_number=make_id_number(7),
        former_name="欧阳旧名",
        sex="女",
        birth="1985-06-15",
        ethnicity="土家族",
        native_place="重庆江津",
        political_status="民盟盟员",
        education="硕士研究生",
        degree="法学硕士",
        school="某某大学",
        title="一级律师",
        title_level="正高级",
        employer="重庆百合律师事务所",
        position="资深合伙人",
        employer_kind="民办非企业单位",
        category="中介组织和社会组织从业人员",
        occupation="律师",
        mobile="13800000007",
        email="ouyang@example.org",
        address="几江街道一号",
        township="几江街道",
        joined="2019-03-05",
        association_posts="理事",
        remarks="欧阳一的备注",
        user=user,
    )
    set_photo(member, photo())
    member.refresh_from_db()
    FurtherCategory.objects.create(member=member, category="自由职业人员")
    change_status(member, to="在册", on="2019-03-05", actor=actor, document="关于吸收欧阳一的决定")
    reveal_id_number(member, reason="为欧阳一办证核对", actor=actor)
    issue_card(member, actor=actor, on=dt.date(2019, 4, 1))
    _hang(member, association, actor)
    twin = make_member("欧阳依", association=association, mobile="13800000007")
    merge_members(
        twin,
        into=Member.objects.get(pk=member.pk),
        taken=[],
        seen={twin.pk: twin.version, member.pk: Member.objects.get(pk=member.pk).version},
        actor=actor,
    )
    change_status(
        member, to="退会", on="2020-05-31", actor=actor, document="欧阳一退会申请", decided_by="理事会"
    )
    return Member.objects.get(pk=member.pk)


def _hang(member, association, actor):
    batch = ImportBatch.objects.create(
        association=association, file_name="登记表-欧阳一.xlsx", file_digest="x", format="xlsx", created_by=actor,
        look=crypto.seal("[]", "import_batch.look"), state=ImportBatch.State.APPLIED, steps_applied=1,
        counts=dict.fromkeys(
            ("unchanged", "question", "error", "left_out", "skipped", "doubtful", "missing"), 0
        ) | {"rows": 2, "new": 1, "update": 1, "applied": 2},
    )  # fmt: skip
    for position, outcome in enumerate(("new", "update")):
        payload = {
            "values": {"name": NAME, "mobile": "13800000007"},
            "messages": [],
            "kept": {},
            "diff": {"mobile": ["", "13800000007"]},
            "derived": [],
        }
        row = ImportRow.objects.create(
            batch=batch, position=position, sheet=0, row=position + 2, outcome=outcome, name=NAME,
            member=member if outcome == "update" else None,
            payload=crypto.seal(json.dumps(payload, ensure_ascii=False), PAYLOAD_COLUMN),
        )  # fmt: skip
        if outcome == "new":
            Member.objects.filter(pk=member.pk).update(imported_from=row)
    member.refresh_from_db()
    request = ChangeRequest.objects.create(member=member, reason="欧阳一换了手机", made_by=member.user)
    change = RequestedChange(request=request, field="name")
    change.before, change.after = NAME, "欧阳一一"
    change.save()
    application = Application(
        association=association,
        name=NAME,
        member=member,
        state=Application.State.ADMITTED,
        submitted_at=timezone.now(),
    )
    application.answers = {"name": NAME, "mobile": "13800000007"}
    application.save()
    introducer = make_member("钱二", association=association)
    Introduction.objects.create(application=application, member=introducer)
    Introduction.objects.create(application=application, member=member, opinion="同意")
    Invitation.objects.create(member=member, sent_to="ouyang@example.org", expires_at=timezone.now())
    Consent.objects.create(member=member, purpose=Consent.Purpose.DIRECTORY)
    Message.objects.create(member=member, title="欧阳一，您好")
    PersonRequest.objects.create(
        association=association, member=member, kind="copy", asker=NAME, text="请给欧阳一", due_on=dt.date.today(),
        state="fulfilled", decided_on=dt.date.today(), answer="已发给欧阳一",
    )  # fmt: skip
    listed = SavedList.objects.create(owner=actor, name="名单", kind=SavedList.Kind.PICKED)
    ListedMember.objects.create(saved_list=listed, member=member)
    DistinctPair.objects.create(one=min(member, introducer, key=lambda m: m.pk),
                                other=max(member, introducer, key=lambda m: m.pk))  # fmt: skip
    council = make_body(Body.Kind.COUNCIL, association=association)
    term = make_term(council, starts_on=dt.date(2019, 12, 24))
    make_appointment(member, term=term)
    meeting = make_meeting(council, on=dt.date(2020, 3, 20), held=True)
    meeting.attendances.filter(member=member).update(presence="leave", reason="欧阳一生病")
    _activities(member)


def _activities(member):
    """A row in each table of the activities that tells of members."""
    past = dict.fromkeys(("claimed_at", "decided_at"), timezone.now())
    row = make_participation(
        make_activity(association=member.association),
        member,
        presence="leave",
        reason="欧阳一住院",
        way="own",
    )
    question = Question.objects.create(activity=row.activity, text="用餐")
    Answer.objects.create(participation=row, question=question, text="欧阳一吃素")
    door = Door.objects.create(activity=row.activity, secret="x")
    Scan.objects.create(
        door=door, member=member, key="k", way="screen", read_at=timezone.now(), outcome="refused"
    )
    Service.objects.create(
        member=member, on=dt.date(2020, 4, 1), what="欧阳一讲法律课", for_whom="欧阳一的邻居", hours=2,
        state="confirmed", answer="谢谢欧阳一", **past,
    )  # fmt: skip
    donation = Donation.objects.create(
        association=member.association, member=member, kind="cash", received_on=dt.date(2020, 4, 2), amount=100,
    )  # fmt: skip
    donation.note = "欧阳一亲自送来"
    donation.save()
    Honour.objects.create(
        member=member, title="欧阳一优秀会员", on="2020", document="欧阳一的决定", answer="祝贺欧阳一", **past
    )
    Objection.objects.create(member=member, source="missing", about="欧阳一的记录", text="欧阳一到了")


def put_aside_photo(name="photos/aside.jpg"):
    return default_storage.save(name, ContentFile(b"x"))


__all__ = ["NAME", "SECRETS", "make_full_leaver", "make_leaver", "put_aside_photo"]
