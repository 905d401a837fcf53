"""Telling members something: in the portal's inbox, and by e-mail where they agreed to it."""

from django.db import transaction

from members.emails import send_message, send_messages
from members.models import Consent, Message

# rows of one statement
TOLD_AT_ONCE = 500


def tell(member, *, title, text="", link=""):
    """Leave a message for `member` and return it; `link` is the path of a page of ours that it is about.

    By e-mail goes only that there is a message, with its title: mailboxes are read by others too.
    """
    message = Message.objects.create(member=member, title=title, text=text, link=link)
    agreed = member.consents.in_force().filter(purpose=Consent.Purpose.MESSAGES)
    if member.email and agreed.exists():
        transaction.on_commit(lambda: send_message(message))
    return message


def tell_all(members, *, title, text="", link=""):
    """Leave the same message for each of `members`, as `tell` does, in few statements; return how many there are."""
    members = list(members)
    rows = [Message(member=member, title=title, text=text, link=link) for member in members]
    Message.objects.bulk_create(rows, batch_size=TOLD_AT_ONCE)
    agreed = Consent.objects.in_force().filter(purpose=Consent.Purpose.MESSAGES, member__in=members)
    agreed = set(agreed.values_list("member", flat=True))
    letters = [row for row in rows if row.member_id in agreed and row.member.email]
    if letters:
        transaction.on_commit(lambda: send_messages(letters))
    return len(rows)
