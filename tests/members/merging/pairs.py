"""Two records of one person, for the tests of merging."""

from members.codes import Category
from members.merging import merge_members
from members.models import FurtherCategory, Member, StatusChange
from tests.make import make_id_number, make_member, make_mobile


def make_pair(association, **other):
    """(the older record, the newer one) of one person; `other` are fields of the newer one."""
    one = make_member(
        "张三",
        association=association,
        mobile=make_mobile(1),
        position="经理",
        employer="甲公司",
        number="JJ001",
        birth="1985-06",
        email="zhang@example.org",
    )
    fields = {
        "mobile": make_mobile(1),
        "position": "总经理",
        "employer": "乙公司",
        "number": "JJ002",
        "birth": "1985-06-15",
        "wechat": "zhang3",
        "id_number": make_id_number(1),
        "id_kind": "居民身份证",
    } | other
    return one, make_member(fields.pop("name", "张叁"), association=association, **fields)


def merge(gone, into, *taken, actor=None):
    """The merge of `gone` into `into`, as somebody who saw both just now would make it."""
    seen = dict(Member.objects.filter(pk__in=[gone.pk, into.pk]).values_list("pk", "version"))
    return merge_members(gone, into=into, taken=taken, seen=seen, actor=actor)


def state(*tables):
    """The rows of the `tables` (models) as plain values; what tells when they were written is left out."""
    unsteady = {"version", "updated_at", "id_sealed"}
    return {
        model.__name__: [
            {key: value for key, value in row.items() if key not in unsteady}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in tables or (Member, StatusChange, FurtherCategory)
    }


OTHER_CATEGORY = Category.FREELANCE.value
