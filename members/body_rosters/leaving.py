"""Who would leave a post because the file does not name them, if somebody asked for that."""

from members.body_rosters.fields import POSTS
from members.body_rosters.titles import read_posts
from members.models import payload_opener
from members.models.imports import OPEN_OUTCOMES


def leaving(target):
    """The appointments of the body that no row of the batch names, highest post first; [] unless that was asked for.

    A person about whom a row is still open, or was left out, stays: that row is about them, whatever it says.
    """
    rows = target.in_force_on_leaving().select_related("member", "post", "body", "term")
    rows = list(rows.in_order_of_rank())
    if not rows:
        return []
    opened = payload_opener()
    named, names, stay = set(), set(), set()
    for member, name, outcome, payload in target.batch.rows.values_list(
        "member", "name", "outcome", "payload"
    ):
        if member is None:
            names.add(name)
        elif outcome in (*OPEN_OUTCOMES, "left_out"):
            stay.add(member)
        else:
            found, _unknown = read_posts(opened(payload)["values"].get(POSTS, ""), target.desks)
            named |= {(member, each.title) for each in found if each.desk is target.own}
    return [
        row
        for row in rows
        if row.member_id not in stay
        and row.member.name not in names
        and (row.member_id, row.post.title) not in named
    ]
