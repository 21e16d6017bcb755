"""A class on one Linux machine. README.md beside this file says how it is set up and what was tested.

Each learner has an account on the machine, and the server that the Hub starts for them runs as that account: what keeps
one learner's files and kernels from another is the operating system.
"""

import grp
import os
import pwd
import sys
from pathlib import Path

c = get_config()  # noqa: F821 (JupyterHub defines it)

LEARNERS = "learners"  # a group of this machine: who may log in
TEACHERS = "teachers"  # and one of those who also administer the Hub and may read all guesses
GUESSES = Path("/srv/tinymlp/guesses")  # a folder for each learner
HUB = Path("/srv/tinymlp/hub")  # what the Hub itself keeps
MEMORY = 2**30  # bytes, for a server and again for each kernel
SERVERS = 0  # at most so many at a time, by the table in README.md; 0: no limit

# Names, log-ins and secrets: closed to all accounts but the Hub's own.
HUB.mkdir(parents=True, exist_ok=True)
HUB.chmod(0o700)
c.JupyterHub.db_url = f"sqlite:///{HUB / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(HUB / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(HUB / "proxy.pid")

# Who may log in, with the password of their account.
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {LEARNERS, TEACHERS}
c.PAMAuthenticator.admin_groups = {TEACHERS}

# What is started for each of them. -P: a file numpy.py in a learner's home is not taken for the library.
# prlimit: a cell that asks for more memory than this gets a MemoryError, and the others' servers live on.
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.cmd = ["prlimit", f"--data={MEMORY}", sys.executable, "-P", "-m", "tinymlp", "lab"]
c.Spawner.environment = {"MALLOC_ARENA_MAX": "2"}  # fewer pools of memory: read before Python starts

# A class comes in within a minute, and a start takes two seconds of a processor: whom this would keep waiting for more
# than twenty seconds is asked to come again.
c.JupyterHub.concurrent_spawn_limit = 10 * (os.cpu_count() or 1)
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
c.JupyterHub.active_server_limit = SERVERS


def give_folder(spawner):
    """Before a server is started: a folder for the learner's guesses, which the teachers' group can read."""
    learner, folder = pwd.getpwnam(spawner.user.name), GUESSES / spawner.user.name
    folder.mkdir(parents=True, exist_ok=True)
    os.chown(folder, learner.pw_uid, grp.getgrnam(TEACHERS).gr_gid)
    folder.chmod(0o2750)  # 2: new files belong to the teachers' group as well
    spawner.environment["TINYMLP_HOME"] = str(folder)


c.Spawner.pre_spawn_hook = give_folder
