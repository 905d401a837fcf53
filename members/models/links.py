"""Secret links: a token that opens one page to whoever holds it, found by its digest and kept sealed."""

import secrets

from django.db import models

from members import crypto

# without characters that are mistaken for each other when copied from paper
CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4


def new_token(groups=GROUPS):
    """Groups of four characters, by default four with 79 bits: ``k7mq-x2dh-9tfp-a3bc``."""
    return "-".join("".join(secrets.choice(CHARACTERS) for _ in range(GROUP)) for _ in range(groups))


def plain_token(text):
    """What somebody typed as a token, in its own form: without blanks, dashes put right; "" if it is none."""
    plain = "".join(character for character in text.casefold() if character in CHARACTERS)
    if len(plain) != GROUPS * GROUP:
        return ""
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))


class LinkedQuerySet(models.QuerySet):
    def with_token(self, text):
        """The row that the token `text` (as typed or in an address) opens, as a queryset of at most one."""
        token = plain_token(text)
        return self.filter(token_digest=crypto.digest(token)) if token else self.none()


class Linked(models.Model):
    """A row that a secret link opens. Who may hand it out can be shown the token again; a leaked table tells none."""

    token_sealed = models.BinaryField(editable=False)
    token_digest = models.CharField(max_length=crypto.DIGEST, unique=True, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs):
        if not self.token_digest:
            self.token = new_token()
        super().save(**kwargs)

    @classmethod
    def token_column(cls):
        return f"{cls._meta.model_name}.token"

    @property
    def token(self):
        return crypto.unseal(self.token_sealed, self.token_column())

    @token.setter
    def token(self, token):
        self.token_sealed = crypto.seal(token, self.token_column())
        self.token_digest = crypto.digest(token)
