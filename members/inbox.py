"""Telling members something: in the portal's inbox, and by e-mail where they agreed to it."""

from django.db import transaction

from members.emails import send_message
from members.models import Consent, Message


def tell(member, *, title, text="", link=""):
    """Leave a message for `member` and return it; `link` is the path of a page of ours that it is about.

    By e-mail goes only that there is a message, with its title: mailboxes are read by others too.
    """
    message = Message.objects.create(member=member, title=title, text=text, link=link)
    agreed = member.consents.in_force().filter(purpose=Consent.Purpose.MESSAGES)
    if member.email and agreed.exists():
        transaction.on_commit(lambda: send_message(message))
    return message
