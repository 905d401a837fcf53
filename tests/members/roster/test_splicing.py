"""Xml changed in places, everything else byte for byte."""

import pytest

from members.roster.readers.output import Refused
from members.roster.readers.splicing import Document, with_attributes


def place(document, name):
    return next(place for place in document.places() if place.local == name)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<a><b/></a>", "<a><b><c/></b></a>"),
        ("<a><b x='1>2' /></a>", "<a><b x='1>2' ><c/></b></a>"),
        ("<a><b></b></a>", "<a><b><c/></b></a>"),
        ("<a>\n<b><!-- <b> --><d/></b></a>", "<a>\n<b><!-- <b> --><d/><c/></b></a>"),
        ("<x:a xmlns:x='u'><x:b/></x:a>", "<x:a xmlns:x='u'><x:b><c/></x:b></x:a>"),
    ],
)
def test_what_is_appended_stands_at_the_end_of_the_element(before, after):
    document = Document(before.encode())

    document.append(place(document, "b"), "<c/>")

    assert document.result() == after.encode()


def test_what_is_put_before_an_element_whose_tag_changes_stands_before_it():
    document = Document(b"<a><b r='1'/><b r='2'/></a>")
    second = document.places()[2]

    document.set(second, s=5)
    document.insert(second.start, "<n/>")

    assert document.result() == b"<a><b r='1'/><n/><b r='2' s=\"5\"/></a>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'<c r="A1" s="3" t="s">', b'<c r="A1" s="7" t="s">'),
        (b'<c r="A1" t="s"/>', b'<c r="A1" s="7" t="s"/>'),
        (b'<c cs="3"/>', b'<c cs="3" s="7"/>'),
        (b"<c>", b'<c s="7">'),
    ],
)
def test_an_attribute_is_changed_or_added_where_readers_expect_it(before, after):
    assert with_attributes(before, s=7) == after


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_other_encodings_become_utf_8(encoding):
    document = Document(f'<?xml version="1.0" encoding="{encoding}"?><a><b>会员</b></a>'.encode(encoding))

    document.append(place(document, "b"), "名册")

    assert document.result() == "<a><b>会员名册</b></a>".encode()


def test_entities_are_refused():
    with pytest.raises(Refused):
        Document(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>').places()
