"""Set up .venv for `make`: `python tools/setup.py [--dev]`.

Needs nothing but Python's own library, and runs on Pythons too old for detente, so that it
can say so: keep f-strings, annotations and newer library calls out of this file.

What is installed is exactly what requirements.txt (or requirements-dev.txt) pins, checked
against its hashes. Where pip looks for packages is the user's own configuration; it is used
and never written down. When nothing has changed since the last time, it returns at once;
when it was interrupted, running it again goes on.
"""

from __future__ import print_function

import hashlib
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
OURS = os.path.join(VENV, "made-by-detente")  # marks a .venv that may be made anew
STAMP = os.path.join(VENV, "detente-setup")
PYTHONS = ("python3", "python3.13", "python3.12", "python3.11", "python3.14", "python")
PROBE = "import sys; print('%d %d' % sys.version_info[:2]); import ensurepip, venv"

# What pip says, in lower case, when it cannot talk to the registry at all.
UNREACHABLE = (
    "newconnectionerror",
    "failed to establish a new connection",
    "connecttimeout",
    "connection timed out",
    "readtimeout",
    "read timed out",
    "connection refused",
    "connection reset",
    "connection aborted",
    "connection broken",
    "max retries exceeded",
    "name resolution",
    "nameresolutionerror",
    "network is unreachable",
    "proxyerror",
    "sslerror",
    "certificate_verify_failed",
    "http error 4",
    "http error 5",
    "server error",
    "client error",
)


class SetupError(Exception):
    """Something a person has to see to; its text is the sentence that says what."""


def say(text):
    print("setup: " + text)
    sys.stdout.flush()


# --- which Python ------------------------------------------------------------------------


def probe(python):
    """(major, minor) and whether it can make virtual environments; None if it will not run."""
    try:
        run = subprocess.Popen(
            [python, "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
        )
        out = run.communicate()[0].decode("utf-8", "replace").split()
    except (OSError, ValueError):
        return None
    if len(out) < 2 or not (out[0].isdigit() and out[1].isdigit()):
        return None
    return (int(out[0]), int(out[1])), run.returncode == 0


def choose_python(candidates):
    """The first candidate that is new enough and can make virtual environments.

    Raises SetupError with the sentence for the nearest miss: a Python without venv, Pythons
    that are too old, or none at all.
    """
    bare, old = None, {}
    for python in candidates:
        found = probe(python)
        if found is None:
            continue
        version, has_venv = found
        if version < OLDEST:
            old.setdefault(version, python)
        elif has_venv:
            return python
        else:
            bare = bare or version
    wanted = "detente needs Python %d.%d or newer" % OLDEST
    if bare:
        raise SetupError(
            "Python %d.%d is here but cannot make virtual environments (its venv or ensurepip "
            "module is missing). On Debian and Ubuntu: sudo apt install python%d.%d-venv"
            % (bare * 2)
        )
    if old:
        have = ", ".join(
            "%s is %d.%d" % (os.path.basename(old[version]), version[0], version[1])
            for version in sorted(old, reverse=True)
        )
        raise SetupError(
            "%s, and the Python found here is too old (%s). Install a newer one, or name it: "
            "make PYTHON=/path/to/python3" % (wanted, have)
        )
    raise SetupError("%s, and no Python was found" % wanted)


# --- the virtual environment -------------------------------------------------------------


def venv_python():
    return os.path.join(
        VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python"))
    )


def wanted_stamp(names):
    """What a finished setup is recognised by: the requirements, the project, the place."""
    digest = hashlib.sha256(ROOT if isinstance(ROOT, bytes) else os.fsencode(ROOT))
    for name in names:
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read() + b"\0")
    return digest.hexdigest()


def read_stamps():
    try:
        with open(STAMP) as file:
            return file.read().split()
    except (OSError, IOError):
        return []


def is_set_up(names):
    return wanted_stamp(names) in read_stamps() and probe(venv_python()) is not None


def make_venv(candidates):
    """Make .venv unless a usable one is there."""
    found = probe(venv_python())
    if found and found[0] >= OLDEST and is_here() and has_pip():
        return
    if os.path.lexists(VENV) and not may_replace():
        raise SetupError(
            "there is a .venv here that this setup did not make and cannot use. "
            "Move it away or delete it, then run make again"
        )
    python = choose_python(candidates)
    say("making the virtual environment .venv")
    if os.path.isdir(VENV):
        shutil.rmtree(VENV)
    os.mkdir(VENV)
    open(OURS, "w").close()
    code, out = run_quietly([python, "-I", "-m", "venv", VENV])
    if code:
        raise SetupError("the virtual environment could not be made. " + last_words(out))


def may_replace():
    """Whether .venv is an earlier one of this setup's, or an empty folder."""
    return os.path.isdir(VENV) and (os.path.exists(OURS) or not os.listdir(VENV))


def is_here():
    """Whether .venv was made in this folder: a folder moved or copied leaves it pointing away."""
    code, out = run_quietly([venv_python(), "-I", "-c", "import sys; print(sys.prefix)"])
    return code == 0 and os.path.realpath(out.strip()) == os.path.realpath(VENV)


def has_pip():
    return run_quietly([venv_python(), "-I", "-m", "pip", "--version"])[0] == 0


def run_quietly(command):
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT, env=pip_environment()
    )
    try:
        out = run.communicate()[0].decode("utf-8", "replace")
    except KeyboardInterrupt:  # nothing is left at work behind a person's back
        run.terminate()
        run.wait()
        raise
    return run.returncode, out


def pip_environment():
    """The user's environment, less what would make pip install somewhere else."""
    elsewhere = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_HASHES")
    env = dict((key, value) for key, value in os.environ.items() if key not in elsewhere)
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    return env


# --- installing --------------------------------------------------------------------------


def install(requirements, dev):
    pip = [venv_python(), "-I", "-m", "pip", "install", "-q", "--no-input"]
    with open(os.path.join(ROOT, requirements)) as file:
        count = sum("==" in line for line in file)
    say(
        "installing the %d packages that %s pins%s (the first time takes a minute or two)"
        % (count, requirements, " for work on detente" if dev else "")
    )
    run_pip(pip + ["--only-binary", ":all:", "--no-deps", "--require-hashes", "-r", requirements])
    say("installing detente itself from this folder")
    run_pip(pip + ["--no-deps", "--no-build-isolation", "-e", "."])
    say("compiling the solvers, once (some 20 seconds)")
    # Without it they compile when first used: slower, but nothing is lost.
    run_quietly([venv_python(), "-I", "-m", "detente.solve.warming"])


def run_pip(command):
    code, out = run_quietly(command)
    if code and "from versions: none" in out and not unreachable(out):
        # pip set to try only once does not say why an index gave it nothing.
        loud = [word for word in command if word != "-q"] + ["-vv", "--retries", "0"]
        said = run_quietly(loud)[1].splitlines()
        out = "\n".join([line for line in said if "could not fetch" in line.lower()] + [out])
    if code:
        raise SetupError(explain(out))


def unreachable(out):
    """Whether pip's words say that it could not talk to the registry at all."""
    return any(sign in out.lower() for sign in UNREACHABLE)


def explain(out):
    """One sentence for what stopped pip, from what it printed."""
    low = out.lower()
    if "do not match the hashes" in low or "hash mismatch" in low:
        return (
            "a package came with other contents than its pinned hash, and was not installed. "
            "The download was damaged, or the registry serves another file. " + last_words(out)
        )
    if "no space left" in low:
        return "the disk is full. Make room, then run make again"
    if unreachable(out):
        return (
            "could not reach the package registry: %s. Check the network, and what "
            "`pip config list` says; then run make again, and it goes on where it stopped"
            % reason(out)
        )
    if "no matching distribution found" in low:
        version = "%d.%d" % (probe(venv_python()) or ((0, 0), 0))[0]
        return (
            "the package registry has no ready-made file of a pinned package for this machine "
            "and Python %s. If another Python is installed, delete .venv and name it: "
            "make PYTHON=python3.11. %s" % (version, last_words(out))
        )
    return "pip could not install the packages. " + last_words(out)


def reason(out):
    """The heart of pip's report of a connection that failed, without addresses."""
    known = (
        ("refused", "connection refused"),
        ("name resolution", "its name could not be resolved"),
        ("nameresolution", "its name could not be resolved"),
        ("certificate", "its certificate could not be verified"),
        ("proxy", "the proxy did not let it through"),
        ("timed out", "it did not answer in time"),
        ("timeout", "it did not answer in time"),
        ("unreachable", "the network is unreachable"),
        ("reset", "the connection was broken off"),
        ("401", "it asks for a password"),
        ("403", "it refused access"),
        ("server error", "it answered with an error of its own"),
    )
    low = out.lower()
    for sign, words in known:
        if sign in low:
            return words
    return "the connection failed"


def last_words(out):
    """pip's own errors, or the end of what it printed."""
    lines = [line.strip() for line in out.splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line.lower()]
    return "\n    ".join(["pip said:"] + (errors or lines)[-6:]) if lines else ""


# --- all of it ---------------------------------------------------------------------------


def set_up(dev, candidates):
    requirements = "requirements-dev.txt" if dev else "requirements.txt"
    names = (requirements, "pyproject.toml")
    for name in names:
        if not os.path.exists(os.path.join(ROOT, name)):
            raise SetupError("%s is missing: this is not a whole copy of detente" % name)
    if is_set_up(names):
        return
    with lock():
        if is_set_up(names):  # another setup finished while this one waited
            return
        make_venv(candidates)
        # A stamp must not outlive the state it vouches for, so it goes before anything changes.
        write_stamps([])
        install(requirements, dev)
        done = [wanted_stamp(names)]
        if dev:  # the runtime's pins are among those for work on detente
            done.append(wanted_stamp(("requirements.txt", "pyproject.toml")))
        write_stamps(done)
    say("done")


def write_stamps(stamps):
    with open(STAMP, "w") as file:
        file.write("\n".join(stamps))


class lock(object):
    """One setup at a time in one folder; a second one waits. Freed by the system at a crash."""

    def __enter__(self):
        try:
            import fcntl
        except ImportError:  # Windows: two setups at once are the user's own lookout
            self.file = None
            return
        self.file = open(os.path.join(ROOT, ".venv.lock"), "w")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (OSError, IOError):
            say("another setup is at work in this folder; waiting for it")
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *failure):
        if self.file:
            self.file.close()


def main(arguments):
    dev = "--dev" in arguments
    named = os.environ.get("DETENTE_PYTHON")
    candidates = [named] if named else [sys.executable] + list(PYTHONS)
    try:
        set_up(dev, candidates)
    except SetupError as error:
        sys.stdout.flush()
        sys.stderr.write("setup: %s.\n" % str(error).rstrip("."))
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nsetup: interrupted; run it again and it goes on where it stopped.\n")
        return 130
    except (OSError, IOError) as error:
        sys.stderr.write("setup: %s.\n" % error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
