"""A Jupyter server extension: messages from kernels leave at once, so that figures follow a slider at full speed.

Jupyter Server leaves Nagle's algorithm on. A picture then waits on the server until the browser has acknowledged the
message before it, which browsers put off for up to 40 ms: dragging a slider is held at about 17 pictures a second
however fast they are drawn. This extension sets ``TCP_NODELAY`` on the websocket of each kernel.

It is enabled by a file that is installed with the package (``etc/jupyter/jupyter_server_config.d/fnnkit.json``);
``jupyter server extension disable fnnkit.nodelay`` turns it off.

References
----------
Nagle (1984), RFC 896; Minshall et al. (2000), "Application performance pitfalls and TCP's Nagle algorithm".
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "fnnkit.nodelay"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Have every kernel's websocket send at once; whatever class the server uses for its connections stays in use."""
    settings = server.web_app.settings
    connection: Any = settings.get("kernel_websocket_connection_class")
    if connection is None:
        server.log.info(
            "fnnkit.nodelay: this server has no websockets of kernels; figures work, at its speed."
        )
        return

    class AtOnce(connection):  # type: ignore[misc]
        async def connect(self) -> Any:
            self.websocket_handler.set_nodelay(True)
            return await super().connect()

    settings["kernel_websocket_connection_class"] = AtOnce
