"""A kernel connection that sends each message at once.

Jupyter's server leaves Nagle's algorithm on: a small message may wait up to 40 ms until the last one is acknowledged,
and a learner notices a slider that sticks.
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's own connection, with TCP_NODELAY set."""

    async def connect(self):
        """Turn off the delay, then connect as Jupyter does."""
        self.websocket_handler.set_nodelay(True)
        return await super().connect()
