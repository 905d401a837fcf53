"""One small world in which every address leads to something, and the accounts that try them all."""

import datetime as dt
import io

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from activities.calendar.services import new_feed
from activities.files.reading import read_file
from activities.files.services import put_in
from activities.models import Campaign, Donation, Door, Honour, Objection, Service, ServiceField
from activities.sheets.kind import SHEETS
from activities.sheets.target import options_for
from members.applications.applying import begin_application, save_answers, submit
from members.body_rosters.sheets import export_body
from members.cards.services import issue_card
from members.formats import Xlsx
from members.imports.pipeline import preview_file
from members.inbox import tell
from members.models import (
    Consent,
    Introduction,
    ListedWord,
    Member,
    Notice,
    PersonRequest,
    SavedList,
    User,
)
from members.photos import read_photo, set_photo
from members.privacy.consents import give_consent
from members.privacy.requests import receive_request
from members.retention.services import start_run
from members.rights import Role
from organizations.meetings.holding import Entry, new_vote, record_attendance, save_item, save_vote
from organizations.meetings.resolving import save_resolution
from organizations.models import (
    Action,
    AgendaItem,
    Attendance,
    Body,
    Change,
    CharterRule,
    Filing,
    Milestone,
    Resolution,
    StrokeOverride,
    acting,
)
from organizations.services import begin_term
from tests.activities.files.make import picture, upload
from tests.make import (
    grant,
    make_activity,
    make_appointment,
    make_association,
    make_body,
    make_employer,
    make_id_number,
    make_meeting,
    make_member,
    make_participation,
    make_term,
    make_user,
)
from tests.members.applications.people import ANSWERS
from tests.members.change_requests.asked import asks
from tests.members.imports.sheets import workbook
from tests.members.invitations.invited import make_invitation
from tests.members.merging.pairs import merge
from tests.members.retention.people import make_leaver
from tests.organizations.elections.make import loaded, make_election, stand

D = dt.date
COUNCIL_START = D(2019, 12, 24)

# {account: (role, where it is held)}; None for no role
ROLES_OF = {
    "anonymous": None,
    "stranger": None,
    "member": (Role.MEMBER, "home"),
    "other_member": (Role.MEMBER, "home"),
    "viewer": (Role.VIEWER, "home"),
    "supervisor": (Role.SUPERVISOR, "home"),
    "department": (Role.DEPARTMENT, "home"),
    "department_persons": (Role.DEPARTMENT_PERSONS, "home"),
    "body_secretary": (Role.SECRETARY, "council"),
    "body_viewer": (Role.VIEWER, "council"),
    "secretary": (Role.SECRETARY, "home"),
    "manager": (Role.MANAGER, "home"),
    "other_manager": (Role.MANAGER, "elsewhere"),
    "superuser": None,
    "expired": (Role.MANAGER, "home"),
}
ACTORS = tuple(ROLES_OF)


def person(mark, serial):
    """Fields of a member whose every value is found nowhere else: the text `mark` is in most of them."""
    return {
        "name": f"欧阳{mark}",
        "number": f"BH{mark}{serial}",
        "position": f"职务{mark}",
        "mobile": f"1390000{serial:04}",
        "email": f"post-{serial}@private.example.org",
        "wechat": f"weixin{serial}x",
        "address": f"某路{mark}{serial}号",
        "birth": f"19{serial % 100}-06-15",
        "native_place": f"籍贯{mark}",
        "school": f"学校{mark}",
        "remarks": f"备注{mark}",
        "employer": f"公司{mark}",
        "id_number": make_id_number(serial % 1000, born=D(1900 + serial % 100, 6, 15)),
    }


PERSONS = {
    "own": person("甲子", 4471),
    "fellow": person("乙丑", 4572),
    "hidden": person("丙寅", 4673),
    "abroad": person("丁卯", 4774),
}
# who asks to become a member of the association `home`, and is none yet
APPLICANT = {
    "name": "赵申请",
    "position": "职务戊午",
    "employer": "公司戊午",
    "mobile": "13900004875",
    "email": "post-4875@private.example.org",
    "birth": "1991-06-15",
    "id_number": make_id_number(875, born=D(1991, 6, 15)),
}
# who gave something and wishes to stay unnamed
DONOR = {"name": "欧阳庚午"}
# why somebody was on leave is personal too
MARKED = PERSONS | {
    "own": PERSONS["own"] | {"leave": "事由甲子"},
    "applicant": APPLICANT,
    "donor": DONOR,
}
# the fields of each class, and numbers of documents, which stand nowhere in full
KINDS = {
    "name": ("name", "number"),
    "public": ("position", "employer"),
    "contact": ("mobile", "email", "wechat", "address"),
    "personal": ("birth", "native_place", "school", "remarks", "leave"),
    "identity": ("id_number",),
}
_HOME = ("own", "fellow", "hidden")


def _fields(persons, kinds):
    return {(person, kind) for person in persons for kind in kinds}


# {account: what it may read of whom}; whatever else comes back is a leak
_STAFF = _fields([*_HOME, "applicant"], ["name", "public", "contact", "personal"]) | {("donor", "name")}
_ALL_OF_HOME = _STAFF | {("hidden body", "public")}
READS = {
    "anonymous": set(),
    "stranger": set(),
    "member": _fields(["own"], ["name", "public", "contact", "personal"]),
    "other_member": _fields(["fellow"], ["name", "public", "contact", "personal"]),
    "viewer": _fields(_HOME, ["name", "public"]),
    "supervisor": _fields(_HOME, ["name", "public"]),
    "department": set(),
    "department_persons": _fields(_HOME, ["name", "public"]),
    "body_secretary": _fields(["own"], ["name", "public"]),
    "body_viewer": _fields(["own"], ["name", "public"]),
    "secretary": _STAFF,
    "manager": _ALL_OF_HOME,
    "other_manager": _fields(["abroad"], ["name", "public", "contact", "personal"]),
    "superuser": _ALL_OF_HOME | _fields(["abroad"], ["name", "public", "contact", "personal"]),
    "expired": set(),
}
HIDDEN_BODY, HIDDEN_BASIS = "隐支部戊辰", "隐大会己巳"


class World:
    """What there is, as attributes: records by the words that the table of addresses calls them by."""

    def __init__(self):
        with acting(kind=Action.Kind.COMMAND):
            self._associations()
            self._members()
            self._bodies()
            self._accounts()
            self._meeting()
            self._election()
            self._activities()
            self._records()
        self._imports()
        self._self_service()
        self._second_thoughts()
        self._leaks_of_hidden()

    def _associations(self):
        self.city = make_association("市联合会", code="city")
        self.home = make_association(
            "本区联合会",
            code="home",
            parent=self.city,
            registered_on="2022-02",
            takes_applications=True,
            introducers=0,
        )
        self.park = make_association("园区分会", code="park", parent=self.home)
        self.elsewhere = make_association("外地联合会", code="elsewhere")
        self.home_code = self.home.code

    def _members(self):
        for key, fields in PERSONS.items():
            place = self.elsewhere if key == "abroad" else self.home
            setattr(self, key, make_member(association=place, **fields))
        self.employer, self.other_employer = self.own.employer, make_employer("某单位", association=self.home)
        picture = io.BytesIO()
        Image.new("RGB", (30, 40), "red").save(picture, "JPEG")
        set_photo(self.own, read_photo(SimpleUploadedFile("a.jpg", picture.getvalue())))
        self.own.refresh_from_db()
        self.merged = merge(
            make_member("并入者", association=self.home, number="0901"),
            make_member("并入者", association=self.home),
        )
        self.twin_one, self.twin_two = [make_member("同名者", association=self.home) for _ in range(2)]

    def _bodies(self):
        self.council = make_body(association=self.home, name="理事会")
        self.term = make_term(self.council, starts_on=COUNCIL_START)
        self.appointment = make_appointment(self.own, "会长", term=self.term)
        self.seat = make_appointment(self.own, "理事", term=self.term)
        self.post = self.appointment.post
        self.branch = make_body(
            Body.Kind.PARTY_BRANCH, association=self.home, name=HIDDEN_BODY, hides_people=True
        )
        hidden_term = begin_term(
            self.branch, starts_on=D(2024, 5, 20), planned_end_on=D(2029, 5, 19), basis=HIDDEN_BASIS
        )
        make_appointment(self.hidden, "书记", term=hidden_term)
        Filing.objects.create(
            association=self.home, kind="other", term=hidden_term, note=HIDDEN_BASIS, due_on=D(2025, 4, 1)
        )

    def _accounts(self):
        day, one = timezone.localdate(), dt.timedelta(days=1)
        self.users = {}
        for actor, held in ROLES_OF.items():
            if actor == "anonymous":
                continue
            email = f"{actor.replace('_', '-')}@accounts.example.org"
            if actor == "superuser":
                user = User.objects.create_superuser(email, "correct horse battery")
            else:
                user = make_user(email)
            if held:
                role, place = held
                where = getattr(self, place)
                fields = {"body": where} if isinstance(where, Body) else {}
                if actor == "expired":
                    fields |= {"starts_on": day - 9 * one, "ends_on": day - one}
                grant(user, role, where.association if fields.get("body") else where, **fields)
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
            self.users[actor] = User.objects.get(pk=user.pk)
        for actor, record in (("member", self.own), ("other_member", self.fellow)):
            Member.objects.filter(pk=record.pk).update(user=self.users[actor])
        # an account in sight of the manager of `home`
        self.user = self.users["viewer"]

    def _meeting(self):
        self.meeting = make_meeting(self.council, held=True, place="会议室")
        attended = Entry(Attendance.Presence.ATTENDED)
        record_attendance(
            self.meeting, dict.fromkeys(self.meeting.attendances.values_list("member", flat=True), attended)
        )
        self.item = save_item(self.meeting, AgendaItem(title="某议题"))
        self.vote = new_vote(self.item)
        self.vote.in_favour = 1
        save_vote(self.vote)
        self.resolution = save_resolution(
            self.meeting, Resolution(kind=Resolution.Kind.OTHER, title="某决议", is_passed=True)
        )

    def _election(self):
        self.election = make_election(self.council)
        self.contest = loaded(self.election).contests[0]
        self.election_part = self.election.bodies.first()
        stand(self.election, self.contest.post.title, self.own)

    def _activities(self):
        """An activity of the council, one of the association with all that can hang on it, and what members gave."""
        self.activity = make_activity("某活动", host=self.council)
        self.participation = make_participation(self.activity, self.own)
        self.door = Door.objects.create(activity=self.activity, secret="0" * 64)
        yesterday = timezone.now() - dt.timedelta(days=1)
        self.past_activity = make_activity("某往日活动", association=self.home, starts_at=yesterday)
        self.leave = make_participation(
            self.past_activity, self.own, presence="leave", reason=MARKED["own"]["leave"]
        )
        self.draft_activity = make_activity("某草稿", association=self.home, state="draft")
        self.campaign = Campaign.objects.create(
            association=self.home, name="某专题", starts_on=D(2026, 1, 1), ends_on=D(2026, 12, 31)
        )
        self.field = ServiceField.objects.create(association=self.home, name="某领域")
        self.service = Service.objects.create(member=self.own, on=D(2026, 5, 1), what="某服务", hours=2)
        self.donation = Donation.objects.create(
            association=self.home,
            kind=Donation.Kind.CASH,
            received_on=D(2026, 5, 1),
            amount=100,
            donor_name=DONOR["name"],
            is_anonymous=True,
        )
        self.honour = Honour.objects.create(
            member=self.own, title="某荣誉", on="2026", decided_at=timezone.now()
        )
        self.objection = Objection.objects.create(
            member=self.own, source="participation", row=self.leave.pk, about="某往日活动", text="某异议"
        )
        # the one for participants, the other for staff
        self.activity_file, self.activity_photo = put_in(
            self.activity,
            [read_file(upload()), read_file(upload(picture(), "某照片.jpg"))],
            readers="participants",
        )
        self.feed_token = new_feed(self.users["member"]).token
        self.claimed_honour = Honour.objects.create(
            member=self.own, title="某荣誉申报", on="2026", state=Service.State.CLAIMED
        )

    def _records(self):
        self.filing = Filing.objects.create(
            association=self.home, kind="other", note="某备案", due_on=D(2026, 4, 1)
        )
        self.milestone = Milestone.objects.create(association=self.home, on="2022", text="成立")
        self.rule = CharterRule.objects.create(
            association=self.home,
            kind="fewest_members",
            valid_from=D(2022, 1, 1),
            parameters={"least": 50},
        )
        self.card = issue_card(self.own, actor=self.users["secretary"])
        self.card_token = self.card.token
        self.notice = Notice.objects.create(
            association=self.home, version=1, valid_from=timezone.localdate(), text="告知书正文"
        )
        self.draft = Notice.objects.create(
            association=self.home, version=2, valid_from=timezone.localdate(), text="草稿", published_at=None
        )
        # the directory shows the one to other members
        give_consent(self.own, Consent.Purpose.DIRECTORY, way=Consent.Way.SELF, actor=self.users["member"])
        self.message = tell(self.own, title="某消息", text="某事")
        self.word = ListedWord.objects.create(association=self.home, word_list="occupation", name="某词")
        self.stroke = StrokeOverride.objects.create(character="龘", forms="1")
        self.saved_list = SavedList.objects.create(
            owner=self.users["viewer"], association=self.home, name="某名单", kind=SavedList.Kind.CONDITIONS
        )

    def _imports(self):
        def uploaded(name, **fields):
            file = workbook(["名册者", "13900009911"], header=["姓名", "手机"], name=name)
            return preview_file(
                file, file_name=file.name, association=self.home, actor=self.users["secretary"], **fields
            )

        self.batch = uploaded("名册.xlsx")
        self.row = self.batch.rows.first()
        self.sheet_batch = uploaded("签到表.xlsx", kind=SHEETS, options=options_for(self.past_activity)[1])

    def _self_service(self):
        """What members and those who want to become one have begun."""
        manager, secretary = self.users["manager"], self.users["secretary"]
        self.own.refresh_from_db()
        self.invitation = make_invitation(self.hidden, actor=secretary)
        self.invitation_token = self.invitation.token
        self.request = asks(self.own, reason="更正", former_name="欧阳旧")
        draft = begin_application(
            self.home, name=APPLICANT["name"], mobile=APPLICANT["mobile"], notice=self.notice
        )
        draft = save_answers(draft, ANSWERS | APPLICANT)
        self.application = submit(draft, version=draft.version)
        self.application_token = self.application.token
        second = begin_application(self.home, name="钱申请", mobile="13900004976", notice=self.notice)
        self.draft_token = second.token
        self.introduction = Introduction.objects.create(application=self.application, member=self.own)
        self.person_request = receive_request(
            self.home, kind=PersonRequest.Kind.ACCESS, asker=PERSONS["own"]["name"], member=self.own
        )
        self.deletion_request = receive_request(
            self.home, kind=PersonRequest.Kind.DELETION, asker=PERSONS["own"]["name"], member=self.own
        )
        leaver = make_leaver(self.home, name="已离会者")
        self.run = start_run(self.home, [leaver], actor=manager)
        self.retention_item = self.run.items.get()
        export_body(
            self.council, on=timezone.localdate(), keys=["name"], file_format=Xlsx(), actor=secretary
        ).close()
        self.disclosure = Action.objects.filter(kind=Action.Kind.EXPORT).latest("pk")

    def _second_thoughts(self):
        """A change of each kind of record that could be taken back."""
        for word, field, value in (
            ("own", "township", "某镇"),
            ("employer", "kind", "民营企业"),
            ("filing", "note", "某备案之二"),
            ("word", "name", "某词之二"),
            ("field", "name", "某领域之二"),
            ("stroke", "note", "某注"),
            ("home", "data_contact", "某人"),
            ("council", "basis", "某注"),
            ("post", "seats", 3),
            ("rule", "note", "某注"),
            ("user", "name", "某甲"),
        ):
            record = getattr(self, word)
            record = type(record)._base_manager.get(pk=record.pk)
            setattr(record, field, value)
            with acting(kind=Action.Kind.COMMAND):
                record.save()
            change = Change.objects.filter(kind=Change.Kind.CHANGED, object_id=record.pk).latest("pk")
            setattr(self, f"change_of_{word}", change)
            setattr(self, word, record)

    def _leaks_of_hidden(self):
        """What tells of the hidden body beside itself: a meeting, a resolution, a line in the log of exports."""
        meeting = make_meeting(self.branch, held=True, place=HIDDEN_BASIS)
        save_resolution(meeting, Resolution(kind=Resolution.Kind.OTHER, title=HIDDEN_BASIS, is_passed=True))
        hidden = make_activity(
            HIDDEN_BASIS, host=self.branch, starts_at=timezone.now() - dt.timedelta(days=3)
        )
        self.hidden_activity = hidden
        make_participation(hidden, self.hidden, presence="attended")
        preview_file(
            workbook([HIDDEN_BASIS, "√"], header=["姓名", "签名"], name=f"{HIDDEN_BASIS}.xlsx"),
            file_name=f"{HIDDEN_BASIS}.xlsx", association=self.home, actor=self.users["manager"],
            kind=SHEETS, body=self.branch, options=options_for(hidden)[1],
        )  # fmt: skip
        export_body(
            self.branch, on=timezone.localdate(), keys=["name"], file_format=Xlsx(),
            actor=self.users["manager"], reason=HIDDEN_BASIS,
        ).close()  # fmt: skip

    def value(self, word):
        """What stands in an address for `word`: the key of the record so called; else, or after "=", the word."""
        if str(word).startswith("="):
            return word[1:]
        found = getattr(self, str(word).replace(" ", "_"), word)
        return getattr(found, "pk", found)
