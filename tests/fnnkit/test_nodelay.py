"""The server extension, in a real Jupyter server with a real kernel on a real websocket."""

import json
import os
import re
import subprocess
import sys

import pytest

# A server that asks itself for a kernel, connects to it, and looks at its own end of the connection.
SERVER = """
import gc, json, socket, sys
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import websocket_connect

app = ServerApp.instance()
app.initialize(["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--IdentityProvider.token=", "--no-browser",
                "--ServerApp.allow_root=True", "--ServerApp.disable_check_xsrf=True", *sys.argv[1:]])

async def ask():
    here = f"127.0.0.1:{app.port}"
    made = await AsyncHTTPClient().fetch(f"http://{here}/api/kernels", method="POST", body='{"name": "python3"}',
                                         request_timeout=60)
    kernel = json.loads(made.body)["id"]
    browser = await websocket_connect(f"ws://{here}/api/kernels/{kernel}/channels")
    await browser.write_message(json.dumps({
        "channel": "shell", "header": {"msg_id": "1", "msg_type": "kernel_info_request", "session": "s",
        "username": "", "version": "5.3", "date": ""}, "parent_header": {}, "metadata": {}, "content": {}}))
    while "kernel_info_reply" not in await browser.read_message():
        pass
    handlers = [o for o in gc.get_objects() if isinstance(o, KernelWebsocketHandler) and o.ws_connection]
    ends = [h.ws_connection.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for h in handlers]
    print("NODELAY", json.dumps([bool(e) for e in ends]))
    browser.close()
    await app.kernel_manager.shutdown_all()

app.io_loop.run_sync(ask)
"""


@pytest.fixture
def environment(tmp_path):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "JPY_"))}
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "HOME")
    return kept | {name: str(tmp_path / name.lower()) for name in names}


def websockets(environment, *options):
    done = subprocess.run(
        [sys.executable, "-c", SERVER, *options], capture_output=True, text=True, env=environment, timeout=120
    )
    assert "NODELAY" in done.stdout, done.stderr[-3000:]
    return json.loads(done.stdout.split("NODELAY")[1])


@pytest.mark.exhaustive
def test_a_server_lists_the_extension_as_enabled_without_being_told(environment):
    listed = subprocess.run(
        [sys.executable, "-m", "jupyter", "server", "extension", "list"],
        capture_output=True,
        text=True,
        env=environment,
    )
    said = re.sub("\x1b\\[[0-9;]*m", "", listed.stdout + listed.stderr)
    assert re.search(r"fnnkit\.nodelay +enabled", said), said
    assert re.search(r"fnnkit\.nodelay +OK", said), said


def test_the_websocket_of_a_kernel_sends_at_once(environment):
    assert websockets(environment) == [True]


@pytest.mark.exhaustive
def test_without_the_extension_it_does_not(environment):
    off = "--ServerApp.jpserver_extensions={'fnnkit.nodelay': False}"
    assert websockets(environment, off) == [False]
