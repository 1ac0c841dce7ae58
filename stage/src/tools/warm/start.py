# The warm test process of `stage`: what it is made of comes on stdin, as names and texts.
import runpy
import sys
import types

# What `-c` puts there. Nothing is ever imported from the folder that it works in.
sys.path[:1] = []
parts = sys.stdin.read().split("\0")
for name, text in zip(parts[::2], parts[1::2], strict=True):
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(text, f"{name}.py", "exec"), vars(module))  # noqa: S102
# No test can come across them.
for name in parts[::2]:
    del sys.modules[name]
if module.is_forked():
    ours = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    # What `python -m` itself calls.
    runpy._run_module_as_main("pytest")
