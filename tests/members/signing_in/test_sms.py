"""What reaches a gateway for text messages, and what happens if it does not."""

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from django.core.exceptions import ImproperlyConfigured

from members.signing_in.aside import aside
from members.sms import HttpSender, SmsNotSent, sender


@pytest.fixture
def gateway(settings):
    """A gateway on this machine: `requests` are [(headers, body)], `status` is what it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            server.requests.append((dict(self.headers), body))
            self.send_response(server.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.requests, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_SENDER = "http"
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_message_goes_as_json_with_the_token(gateway, settings):
    settings.SMS_TOKEN = "a token"

    sender().send("13800000001", "【名册】验证码 123456")

    ((headers, body),) = gateway.requests
    assert json.loads(body) == {"phone": "13800000001", "text": "【名册】验证码 123456"}
    assert (headers["Content-Type"], headers["Authorization"]) == ("application/json", "Bearer a token")


def test_message_goes_as_a_form_with_fields_of_the_gateways_names(gateway, settings):
    settings.SMS_FORMAT = "form"
    settings.SMS_NUMBER_FIELD, settings.SMS_TEXT_FIELD = "mobile", "content"
    settings.SMS_FIELDS = {"sign": "某某联合会"}
    settings.SMS_HEADER, settings.SMS_TOKEN = "X-Key", "a token"

    sender().send("13800000001", "验证码 123456")

    ((headers, body),) = gateway.requests
    assert parse_qs(body) == {"sign": ["某某联合会"], "mobile": ["13800000001"], "content": ["验证码 123456"]}
    assert headers["X-Key"] == "a token"


@pytest.mark.parametrize("status", [302, 400, 500])
def test_refusal_is_an_error_without_the_text(gateway, status):
    gateway.status = status

    with pytest.raises(SmsNotSent, match=str(status)) as refused:
        sender().send("13800000001", "验证码 123456")

    assert "123456" not in str(refused.value)
    assert len(gateway.requests) == 1


def test_gateway_out_of_reach_is_an_error(settings):
    settings.SMS_SENDER, settings.SMS_URL, settings.SMS_SECONDS = "http", "http://127.0.0.1:9/", 1

    with pytest.raises(SmsNotSent):
        sender().send("13800000001", "验证码 123456")


def test_what_cannot_be_sent_is_logged_without_the_code(gateway, caplog):
    gateway.status = 500

    aside("A code for account 1", sender().send, "13800000001", "验证码 123456")

    assert [record.getMessage() for record in caplog.records] == [
        "A code for account 1 was not sent: SmsNotSent: the gateway answered 500"
    ]


def test_beside_the_request_nobody_waits(settings, caplog):
    settings.SEND_ASIDE = True
    may_go_on, arrived = threading.Event(), threading.Event()

    def send(text):
        may_go_on.wait(10)
        arrived.set()

    aside("A code", send, "123456")
    was_sent_at_once = arrived.is_set()
    may_go_on.set()

    assert not was_sent_at_once
    assert arrived.wait(10)


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "gateway.example.org"])
def test_gateway_needs_an_address(settings, url):
    settings.SMS_URL = url

    with pytest.raises(ImproperlyConfigured):
        HttpSender()


def test_no_service_no_sender(settings):
    settings.SMS_SENDER = ""

    assert sender() is None


def test_unknown_service_is_said(settings):
    settings.SMS_SENDER = "pigeon"

    with pytest.raises(ImproperlyConfigured, match="console, http"):
        sender()


def test_console_writes_to_the_log(settings, caplog):
    settings.SMS_SENDER = "console"
    caplog.set_level(logging.INFO, "members.sms")

    sender().send("13800000001", "验证码 123456")

    assert [record.getMessage() for record in caplog.records] == ["SMS to 13800000001: 验证码 123456"]
