"""XML that nobody vouches for: what is hostile is refused with words, and reaches nothing."""

import socket

import pytest

from portal.imports.entries import Unreadable
from portal.safe_xml import DEEPEST, parse

BILLION = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'
HOSTILE = {
    "laughs": BILLION,
    "a file": '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>',
    "the network": '<!DOCTYPE l SYSTEM "http://127.0.0.1:9/a.dtd"><l/>',
    "a parameter entity": '<!DOCTYPE l [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a"> %a;]><l/>',
    "deep": "<a>" * (DEEPEST + 1) + "</a>" * (DEEPEST + 1),
    "torn": "<a><b></a>",
    "empty": "",
    "no XML": "Dear colleagues, please find attached",
    "unknown encoding": '<?xml version="1.0" encoding="klingon"?><a/>',
    "unknown entity": "<a>&nbsp;</a>",
}


@pytest.mark.parametrize("case", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_xml_is_refused_with_words(case, monkeypatch):
    def reached(*args):
        raise AssertionError("It reached for the network.")

    monkeypatch.setattr(socket.socket, "connect", reached)
    with pytest.raises(Unreadable, match="XML"):
        parse(case.encode())


def test_xml_with_names_in_any_encoding_is_read():
    assert parse("<?xml version='1.0' encoding='utf-16'?><a>Türkiye</a>".encode("utf-16")).text == "Türkiye"
    assert parse("<?xml version='1.0' encoding='iso-8859-1'?><a>Türkiye</a>".encode("latin-1")).text == "Türkiye"


def test_xml_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("portal.safe_xml.MOST_BYTES", 10)
    with pytest.raises(Unreadable, match="too large"):
        parse(b"<a>0123456789</a>")
