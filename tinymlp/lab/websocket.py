"""A kernel connection that sends each message at once.

Jupyter's server leaves Nagle's algorithm on: a small message then waits up to 40 ms for the answer to the last one,
which a learner feels as a slider that sticks.
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's own connection, with TCP_NODELAY set."""

    async def connect(self):
        """Connect as Jupyter does, then send without delay."""
        self.websocket_handler.set_nodelay(True)
        return await super().connect()
