"""Bringing an old value back out of the history of a record."""

import pytest
from django.urls import reverse

from members.models import Employer, FurtherCategory, Member
from members.rights import Role
from members.services import change_status
from organizations.models import Action, Association, Change, acting
from tests.make import make_association, make_employer, make_id_number, make_member, make_user
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db


def url_of(obj, page="history", *args):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{page}", args=[obj.pk, *args])


def change_of(obj, **values):
    """The change that setting `values` on the record leaves."""
    for name, value in values.items():
        setattr(obj, name, value)
    with acting(make_user(name="李某")):
        obj.save()
    return Change.objects.of(obj).order_by("pk").last()


def restore_url(obj, change, field=""):
    return url_of(obj, "restore", change.pk) + (f"?field={field}" if field else "")


def confirm(client, address):
    """What a person does: open the page, press the button."""
    page = client.get(address)
    return client.post(address, {"seen": page.context["restore"].seen})


def offered(client, obj):
    """{(label, before)} of the lines with a button on the history page."""
    entries = client.get(url_of(obj)).context["entries"]
    return {
        (line.label, line.before)
        for entry in entries
        for record in entry["records"]
        for line in record["lines"]
        if line.restore
    }


def refused(client, address):
    """The sentences with which the button refuses, as of the page just opened."""
    response = confirm(client, address)
    assert response.status_code == 422
    return response.context["restore"].errors


def test_old_value_comes_back_as_a_change_of_its_own(client):
    home = make_association()
    member = make_member("张一", association=home, mobile="13800000001")
    change = change_of(member, mobile="13900000001")
    Action.objects.filter(pk=change.action_id).update(at="2023-05-02T14:03:00+08:00")
    secretary = sign_in(client, Role.SECRETARY, home)
    version = Member.objects.get(pk=member.pk).version

    response = confirm(client, restore_url(member, change, "mobile"))

    member.refresh_from_db()
    last = Change.objects.of(member).order_by("pk").last()
    assert (response.status_code, response.url) == (302, url_of(member))
    assert (member.mobile, member.version) == ("13800000001", version + 1)
    assert last.diff == {"mobile": ["13900000001", "13800000001"]}
    assert (last.action.actor, last.action.note) == (secretary, "撤回 李某 2023-05-02 14:03 所作的修改")
    assert last.action.details == {"takes_back": change.pk}


def test_page_says_what_will_happen(client):
    home = make_association()
    first, second = (make_employer(name, association=home) for name in ("甲公司", "乙公司"))
    member = make_member("张一", association=home, employer=first)
    change = change_of(member, employer=second)
    sign_in(client, Role.SECRETARY, home)

    restore = client.get(restore_url(member, change, "employer")).context["restore"]

    assert (restore.label, restore.now, restore.becomes, restore.errors) == (
        "工作单位",
        "乙公司",
        "甲公司",
        [],
    )


def test_stranger_reader_and_those_who_may_not_read_the_field(client):
    home, elsewhere = make_association(), make_association()
    member = make_member("张一", association=home, mobile="13800000001")
    change = change_of(member, mobile="13900000001")
    address = restore_url(member, change, "mobile")

    sign_in(client, Role.MANAGER, elsewhere)
    stranger = [client.get(address).status_code, client.post(address, {"seen": '"13900000001"'}).status_code]
    sign_in(client, Role.VIEWER, home)
    reader = [client.get(address).status_code, client.post(address, {"seen": '"13900000001"'}).status_code]
    viewer_offered = offered(client, member)
    sign_in(client, Role.SECRETARY, home)

    assert (stranger, reader, viewer_offered) == ([404, 404], [403, 403], set())
    assert offered(client, member) == {("手机", "13800000001")}
    assert Member.objects.get().mobile == "13900000001"


def test_change_of_another_record_is_not_found(client):
    home = make_association()
    member, other = make_member("张一", association=home), make_member("张二", association=home)
    change = change_of(other, wechat="other")
    sign_in(client, Role.SECRETARY, home)

    assert client.get(restore_url(member, change, "wechat")).status_code == 404


@pytest.mark.parametrize(
    "field", ["", "id_sealed", "id_kind", "status", "version", "user", "password", "name", "😀", "%27"]
)
def test_what_cannot_come_back_has_no_page(client, field):
    home = make_association()
    member = make_member("张一", association=home, id_number=make_id_number(1))
    change = change_of(member, id_number=make_id_number(2), wechat="neu")
    sign_in(client, Role.MANAGER, home)

    assert client.get(restore_url(member, change, field)).status_code == 404


def test_only_values_that_differ_from_the_present_ones_are_offered(client):
    home = make_association()
    member = make_member("张一", association=home, wechat="eins")
    change_of(member, wechat="zwei")
    change_of(member, wechat="eins")
    sign_in(client, Role.SECRETARY, home)

    assert offered(client, member) == {("微信号", "zwei")}


def test_blank_comes_back_too(client):
    home = make_association()
    member = make_member("张一", association=home)
    change = change_of(member, birth="1985-06")
    sign_in(client, Role.SECRETARY, home)

    confirm(client, restore_url(member, change, "birth"))

    assert Member.objects.get().birth == ""


def test_value_changed_since_the_page_was_opened_is_left(client):
    home = make_association()
    member = make_member("张一", association=home, wechat="eins")
    change = change_of(member, wechat="zwei")
    sign_in(client, Role.SECRETARY, home)
    address = restore_url(member, change, "wechat")
    seen = client.get(address).context["restore"].seen

    change_of(member, wechat="drei")
    response = client.post(address, {"seen": seen})

    assert response.context["restore"].errors == ["打开本页后该内容已有变动，请核对后再操作。"]
    assert Member.objects.get().wechat == "drei"


def test_pressing_twice_restores_once(client):
    home = make_association()
    member = make_member("张一", association=home, wechat="eins")
    change = change_of(member, wechat="zwei")
    sign_in(client, Role.SECRETARY, home)
    address = restore_url(member, change, "wechat")
    seen = client.get(address).context["restore"].seen

    statuses = [client.post(address, {"seen": seen}).status_code for _ in range(2)]

    assert statuses == [302, 422]
    assert Change.objects.of(member).count() == 3


def test_what_the_form_would_refuse_is_refused(client):
    home = make_association()
    member = make_member("张一", association=home, mobile="12345")
    change = change_of(member, mobile="13900000001")
    sign_in(client, Role.SECRETARY, home)

    errors = refused(client, restore_url(member, change, "mobile"))

    assert errors == ["这不是手机号。请写 13800138000，境外号码写成 +852……。"]
    assert Member.objects.get().mobile == "13900000001"


def test_number_that_another_member_has_now_is_refused(client):
    home = make_association()
    member = make_member("张一", association=home, number="JJ1")
    change = change_of(member, number="JJ2")
    make_member("张二", association=home, number="JJ1")
    sign_in(client, Role.SECRETARY, home)

    errors = refused(client, restore_url(member, change, "number"))

    assert errors == ["本协会已有会员使用这个编号。"]
    assert Member.objects.get(pk=member.pk).number == "JJ2"


def test_employer_that_is_gone_or_elsewhere_is_refused(client):
    home, park = make_association(), None
    park = make_association(parent=home)
    first, second = (make_employer(name, association=home) for name in ("甲公司", "乙公司"))
    member = make_member("张一", association=home, employer=first)
    change = change_of(member, employer=second)
    sign_in(client, Role.SECRETARY, home)
    address = restore_url(member, change, "employer")

    Employer.objects.filter(pk=first.pk).update(association=park)
    elsewhere = refused(client, address)
    Employer.objects.get(pk=first.pk).delete()
    gone = refused(client, address)

    assert elsewhere == ["该单位属于其他协会。"]
    assert gone == ["“甲公司（已不存在）”已不存在。"]
    assert Member.objects.get().employer == second


def test_choice_no_longer_offered_is_refused(client):
    home = make_association()
    member = make_member("张一", association=home, category="自由职业人员")
    change = change_of(member, category="新媒体从业人员")
    Change.objects.filter(pk=change.pk).update(diff={"category": ["旧类别", "新媒体从业人员"]})
    sign_in(client, Role.SECRETARY, home)

    assert len(refused(client, restore_url(member, change, "category"))) == 1
    assert Member.objects.get().category == "新媒体从业人员"


def test_status_comes_back_by_a_new_step_only(client):
    home = make_association()
    member = make_member("张一", association=home)
    change_status(member, to="退会", on="2024-03", actor=None)
    sign_in(client, Role.SECRETARY, home)

    entries = client.get(url_of(member)).context["entries"]

    line = next(line for line in entries[0]["records"][0]["lines"] if line.name == "status")
    assert (line.restore, line.refusal) == ("", "会员状态只能通过新的状态变更恢复，并注明日期和依据。")


def test_further_category_is_brought_back(client):
    home = make_association()
    member = make_member("张一", association=home, category="自由职业人员")
    further = FurtherCategory.objects.create(member=member, category="新媒体从业人员")
    further.delete()
    change = Change.objects.of(member).order_by("pk").last()
    sign_in(client, Role.SECRETARY, home)
    offers = [
        record.get("restore")
        for entry in client.get(url_of(member)).context["entries"]
        for record in entry["records"]
    ]

    confirm(client, restore_url(member, change))
    again = [
        record.get("restore")
        for entry in client.get(url_of(member)).context["entries"]
        for record in entry["records"]
    ]
    twice = refused(client, restore_url(member, change))

    assert offers[0] == restore_url(member, change)
    assert again[1] is None
    assert list(member.further_categories.values_list("category", flat=True)) == ["新媒体从业人员"]
    assert twice == ["该会员已有这个类别。"]


def test_values_of_employers_and_associations_come_back(client):
    home = make_association(short_name="新专联")
    employer = make_employer("甲公司", association=home, kind="民营企业")
    of_employer = change_of(employer, kind="国有企业")
    of_association = change_of(home, short_name="新联会")
    sign_in(client, Role.MANAGER, home)

    confirm(client, restore_url(employer, of_employer, "kind"))
    confirm(client, restore_url(home, of_association, "short_name"))

    assert Employer.objects.get().kind == "民营企业"
    assert Association.objects.get().short_name == "新专联"


def test_old_name_of_an_employer_that_another_has_now_is_refused(client):
    home = make_association()
    employer = make_employer("甲公司", association=home)
    change = change_of(employer, name="乙公司")
    make_employer("甲公司", association=home)
    sign_in(client, Role.SECRETARY, home)

    assert refused(client, restore_url(employer, change, "name")) == ["本协会已有同名单位。"]
