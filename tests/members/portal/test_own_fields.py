from members.own_fields import DIRECT_FIELDS, REVIEWED_FIELDS, OwnAccess, own_access
from members.rights import FIELD_CLASSES, FieldClass


def test_contact_data_are_changed_at_once():
    contact = {key for key, each in FIELD_CLASSES.items() if each == FieldClass.CONTACT}

    assert contact <= set(DIRECT_FIELDS)


def test_protected_fields_are_reviewed():
    protected = {"name", "birth", "id_number", "category", "political_status"}

    assert protected <= set(REVIEWED_FIELDS)
    assert {own_access(key) for key in ("status", "association_posts", "number")} == {OwnAccess.READ}
