"""An embedded Label Studio: a real server with its own data folder, on this machine alone, started and ended by us.

`control` is what commands call; `starting` and `process` bring its program up and down, `answers` asks it how it is,
`notes` and `account` are what its folder remembers, `database` and `postgres` where its projects are kept.
"""

from annotate.studio.server.control import Server, Started, Status, api_key, down, status, up

__all__ = ["Server", "Started", "Status", "api_key", "down", "status", "up"]
