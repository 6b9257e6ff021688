import json
import os
import subprocess
import urllib.error
import urllib.request

import pytest

from tests.browser.addresses import PUBLIC

pytestmark = pytest.mark.vnu


def test_vnu_finds_no_error_on_any_kind_of_page(hub, tmp_path):
    for name, address in PUBLIC.items():
        try:
            html = urllib.request.urlopen(hub.base + address).read()
        except urllib.error.HTTPError as error:
            html = error.read()
        (tmp_path / f"{name.replace(' ', '-').replace(',', '')}.html").write_bytes(html)

    command = [
        "java",
        "-jar",
        os.environ["HUB_VNU_JAR"],
        "--format",
        "json",
        "--exit-zero-always",
        "--skip-non-html",
        str(tmp_path),
    ]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stderr

    assert len(list(tmp_path.glob("*.html"))) == len(PUBLIC)
    messages = [message for message in json.loads(report)["messages"] if message["type"] == "error"]
    assert [(message["url"].rsplit("/", 1)[-1], message["message"]) for message in messages] == []
