import base64

import pytest
from django.core.management import CommandError, call_command

from members import crypto
from members.models import (
    ChangeRequest,
    ImportBatch,
    ImportRow,
    Member,
    MemberCard,
    MemberMerge,
    RequestedChange,
    payload_sealer,
)
from members.models.imports import LOOK_COLUMN
from organizations.models import Change
from tests.make import make_association, make_id_number, make_member
from tests.members.merging.pairs import merge

pytestmark = pytest.mark.django_db

OLD = "1:" + base64.b64encode(bytes(32)).decode()
NEW = "2:" + base64.b64encode(bytes(range(100, 132))).decode()
OTHER_DIGEST = base64.b64encode(bytes(range(50, 82))).decode()


def setup_rows():
    home = make_association()
    with_number = make_member("张一", association=home, id_number=make_id_number(1))
    without = make_member("张二", association=home)
    batch = ImportBatch.objects.create(
        association=home, file_name="x.xlsx", look=crypto.seal("{}", LOOK_COLUMN)
    )
    row = ImportRow.objects.create(
        batch=batch,
        position=0,
        sheet=0,
        row=2,
        outcome="new",
        payload=payload_sealer()({"values": {"name": "李三"}}),
    )
    merge(make_member("张三", association=home, id_number=make_id_number(3)), without)
    return with_number, without, row


def test_everything_is_sealed_with_the_newest_key(settings, capsys):
    member, without, row = setup_rows()
    settings.FIELD_KEYS = f"{NEW},{OLD}"

    call_command("rotate_keys")

    settings.FIELD_KEYS = NEW
    member, row = Member.objects.get(pk=member.pk), ImportRow.objects.get(pk=row.pk)
    assert (member.id_number, row.content()["values"]) == (make_id_number(1), {"name": "李三"})
    assert (bytes(member.id_sealed)[0], bytes(row.payload)[0], bytes(row.batch.look)[0]) == (2, 2, 2)
    assert Member.objects.get(pk=without.pk).id_sealed is None
    assert capsys.readouterr().out.count("1") == 8
    merged = MemberMerge.objects.get()
    assert (merged.content()["id_number"], bytes(merged.removed)[0]) == (make_id_number(3), 2)


def test_repeating_writes_nothing(settings, capsys):
    member, _without, row = setup_rows()
    settings.FIELD_KEYS = f"{NEW},{OLD}"
    call_command("rotate_keys")
    before = (
        bytes(Member.objects.get(pk=member.pk).id_sealed),
        bytes(ImportRow.objects.get(pk=row.pk).payload),
    )
    capsys.readouterr()

    call_command("rotate_keys")

    after = (
        bytes(Member.objects.get(pk=member.pk).id_sealed),
        bytes(ImportRow.objects.get(pk=row.pk).payload),
    )
    assert after == before
    assert {line.rpartition(" ")[2] for line in capsys.readouterr().out.splitlines()} == {"0"}


def test_a_new_digest_key_renews_the_digests(settings):
    member, _without, _row = setup_rows()
    settings.DIGEST_KEY = OTHER_DIGEST

    call_command("rotate_keys")

    found = Member.objects.get(id_digest=crypto.digest(make_id_number(1)))
    assert (found, found.id_number) == (member, make_id_number(1))


def test_neither_version_nor_history_moves(settings):
    member, _without, _row = setup_rows()
    changes = Change.objects.count()
    settings.FIELD_KEYS = f"{NEW},{OLD}"

    call_command("rotate_keys")

    assert Member.objects.get(pk=member.pk).version == 1
    assert Change.objects.count() == changes


def test_many_rows_go_in_batches(settings, monkeypatch):
    home = make_association()
    for serial in range(1, 6):
        make_member(association=home, id_number=make_id_number(serial))
    settings.FIELD_KEYS = f"{NEW},{OLD}"
    monkeypatch.setattr("members.management.commands.rotate_keys.BATCH", 2)

    call_command("rotate_keys")

    settings.FIELD_KEYS = NEW
    numbers = [member.id_number for member in Member.objects.order_by("pk")]
    assert numbers == [make_id_number(serial) for serial in range(1, 6)]


def test_a_missing_key_is_named_and_nothing_changes(settings):
    member, _without, _row = setup_rows()
    before = bytes(member.id_sealed)
    settings.FIELD_KEYS = NEW

    with pytest.raises(CommandError, match="1"):
        call_command("rotate_keys")

    assert bytes(Member.objects.get(pk=member.pk).id_sealed) == before


def test_a_wrong_key_is_told(settings):
    setup_rows()
    settings.FIELD_KEYS = "1:" + NEW.partition(":")[2]

    with pytest.raises(CommandError):
        call_command("rotate_keys")


def test_links_and_what_members_ask_for_are_sealed_anew(settings):
    member = make_member("张一")
    card = MemberCard.objects.create(member=member)
    asked = RequestedChange(request=ChangeRequest.objects.create(member=member), field="id_number")
    asked.before, asked.after = "", make_id_number(1)
    asked.save()
    token = card.token
    settings.FIELD_KEYS, settings.DIGEST_KEY = f"{NEW},{OLD}", OTHER_DIGEST

    call_command("rotate_keys")

    settings.FIELD_KEYS = NEW
    assert [row.token for row in MemberCard.objects.with_token(token.upper().replace("-", " "))] == [token]
    assert RequestedChange.objects.get().after == make_id_number(1)
