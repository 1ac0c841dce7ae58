"""What pytest finds in a project before it looks for tests: where that is the same, it is as far in one run as in the other."""

import os

# Tells pytest what to do, at the top of the project; in another folder, if a word leads there.
SETTINGS = "pyproject.toml"

# Tells it the same, or is code that it runs first, wherever it lies.
OTHERS = {
    "conftest.py",
    "pytest.toml",
    ".pytest.toml",
    "pytest.ini",
    ".pytest.ini",
    "tox.ini",
    "setup.cfg",
}

# What pytest notes from one run to the next, unless it is told not to.
NOTES = ".pytest_cache/v/cache"
NO_NOTES = b"no:cacheprovider"


def found(project, words):
    """What counts of an open folder, for a key; and what tells whether it was touched meanwhile.

    `None` if pytest could run code of the project, or look where nobody has looked, or if it
    cannot be read.
    """
    if not all(map(is_below, words)):
        return None
    try:
        settings, touched = contents(project, SETTINGS)
        counts, stamps = [settings], [touched]
        if not look_through(project, "", counts, stamps):
            return None
        if NO_NOTES not in words:
            for name, path in notes(project):
                note, touched = contents(project, path)
                counts += name, note
                stamps.append(touched)
    except OSError:
        return None
    return tuple(counts), tuple(stamps)


def look_through(project, folder, counts, stamps):
    """Whether nothing in a folder tells pytest what to do; what lies at the top counts."""
    number = os.open(folder or ".", os.O_DIRECTORY, dir_fd=project)
    try:
        with os.scandir(number) as entries:
            for entry in entries:
                name, is_folder = entry.name, entry.is_dir()
                if name in OTHERS or (folder and name == SETTINGS):
                    return False
                # Where a link leads, nobody has looked.
                if is_folder and entry.is_symlink():
                    return False
                if is_left_out(name):
                    continue
                if not folder:
                    counts.append((name, is_folder))
                path = os.path.join(folder, name)
                if is_folder and not look_through(
                    project, path, counts, stamps
                ):
                    return False
        stamps.append(os.fstat(number).st_mtime_ns)
    finally:
        os.close(number)
    counts[1:] = sorted(counts[1:])
    return True


def notes(project):
    try:
        folder = os.open(NOTES, os.O_DIRECTORY, dir_fd=project)
    except FileNotFoundError:
        return
    try:
        names = sorted(os.listdir(folder))
    finally:
        os.close(folder)
    for name in names:
        yield name, f"{NOTES}/{name}"


def contents(project, path):
    number = os.open(path, os.O_RDONLY, dir_fd=project)
    with open(number, "rb") as file:
        stat = os.fstat(number)
        return file.read(), (stat.st_ino, stat.st_mtime_ns)


def is_left_out(name):
    """Nobody keeps tests there, and what lies there comes and goes."""
    return name.startswith(".") or name in {"target", "__pycache__"}


def is_below(word):
    """Whether a word for pytest names a file that was looked at, if it names one."""
    if word.startswith(b"-"):
        return True
    path = os.fsdecode(word.split(b"::")[0])
    # One that begins with @ names a file with more words.
    return not path.startswith(("@", "/")) and not any(
        map(is_left_out, path.split("/"))
    )
