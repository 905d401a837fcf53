"""Encryption of the columns that hold identity numbers, and the keyed digest that finds them.

A sealed value is one byte key id, 12 bytes nonce and AES-256-GCM ciphertext, with the column's name as associated
data, so that a value copied into another column does not open. The digest is HMAC-SHA256 cut to 16 bytes: equal
numbers have equal digests, and nothing else can be learnt from it without the key. Keys come from the settings
FIELD_KEYS (``id:base64``, newest first, older ones still open) and DIGEST_KEY; `manage.py rotate_keys` re-seals.
"""

import base64
import binascii
import functools
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE = 12
DIGEST = 32  # hexadecimal digits kept


def _key(text, name):
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured(f"{name} is not base64.") from error
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name} must be 32 bytes in base64, not {len(key)}.")
    return key


@functools.lru_cache(maxsize=4)
def _keyring(text):
    """(id of the newest key, {id: AESGCM}) for the setting FIELD_KEYS."""
    ring = {}
    for entry in text.replace("\n", ",").split(","):
        if not entry.strip():
            continue
        number, _, key = entry.strip().partition(":")
        if not number.isdigit() or not 0 < int(number) < 256:
            raise ImproperlyConfigured("FIELD_KEYS wants entries of the form 1:BASE64, ids 1 to 255.")
        ring[int(number)] = AESGCM(_key(key, "FIELD_KEYS"))
    if not ring:
        raise ImproperlyConfigured("FIELD_KEYS holds no key.")
    return next(iter(ring)), ring


@functools.lru_cache(maxsize=4)
def _digest_key(text):
    return _key(text, "DIGEST_KEY")


def seal(text, column):
    """`text` encrypted for `column` (a name), as bytes."""
    return sealer(column)(text)


def sealer(column):
    """The function that seals a text for `column`, for many of them."""
    newest, ring = _keyring(settings.FIELD_KEYS)
    encrypt, head, data = ring[newest].encrypt, bytes([newest]), column.encode()

    def seal_one(text):
        nonce = os.urandom(NONCE)
        return head + nonce + encrypt(nonce, text.encode(), data)

    return seal_one


def unseal(sealed, column):
    """The text sealed for `column`. Raises cryptography's InvalidTag if it was altered, KeyError if its key is gone."""
    return opener(column)(sealed)


def opener(column):
    """The function that opens what was sealed for `column`, for many of them."""
    ring, data = _keyring(settings.FIELD_KEYS)[1], column.encode()

    def open_one(sealed):
        sealed = bytes(sealed)
        return ring[sealed[0]].decrypt(sealed[1 : NONCE + 1], sealed[NONCE + 1 :], data).decode()

    return open_one


def is_newest(sealed):
    """Whether the newest key sealed it."""
    return bytes(sealed[:1])[0] == _keyring(settings.FIELD_KEYS)[0]


def digest(text):
    """32 hexadecimal digits, equal for equal texts."""
    return digester()(text)


def digester():
    """The function that makes digests, for many of them."""
    key = _digest_key(settings.DIGEST_KEY)
    return lambda text: hmac.digest(key, text.encode(), "sha256").hex()[:DIGEST]
