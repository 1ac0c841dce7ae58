//! The smallest workshop that has everything: three sections, steps, slides.
//!
//! In section 2 `run.sh` is executable and `notes` a file; in section 3 `notes`
//! is a folder.

/// Every checkpoint, in order.
pub const TAGS: [&str; 10] = [
    "01-why-start",
    "01-why-1",
    "01-why-done",
    "02-hello-start",
    "02-hello-1",
    "02-hello-done",
    "03-classes-start",
    "03-classes-1",
    "03-classes-2",
    "03-classes-done",
];

/// Files that are executable.
pub const EXECUTABLE: [&str; 2] = ["solutions/02-hello/run.sh", "solutions/03-classes/run.sh"];

/// Every file and what it holds; `live/` is added by the room.
pub const FILES: [(&str, &str); 28] = [
    (
        ".gitignore",
        "/.stage/\n/deck/\ntarget/\nnode_modules/\n*.so\n",
    ),
    ("README.md", "# Dunder Mifflin\n"),
    ("slides/deck.toml", "title = \"Paper\"\nlanguage = \"en\"\n"),
    ("slides/01-why.md", WHY),
    ("slides/02-hello.md", HELLO),
    ("slides/03-classes.md", CLASSES),
    (
        "slides/steps/01-why/start.patch",
        "Nothing is compared yet\n\ndiff --git a/names.py b/names.py\n--- a/names.py\n+++ b/names.py\n@@ -1,2 +1,2 @@\n def near(a, b):\n-    return a.lower() == b.lower()\n+    raise NotImplementedError\n",
    ),
    (
        "slides/steps/01-why/1.patch",
        "letter by letter\n\nGreen: tests/test_names.py\n\ndiff --git a/names.py b/names.py\n--- a/names.py\n+++ b/names.py\n@@ -1,2 +1,2 @@\n def near(a, b):\n-    raise NotImplementedError\n+    return a == b\n",
    ),
    (
        "slides/steps/02-hello/1.patch",
        "a greeting without words\n\ndiff --git a/hello.py b/hello.py\nnew file mode 100644\n--- /dev/null\n+++ b/hello.py\n@@ -0,0 +1,2 @@\n+def hello():\n+    return \"\"\n\ndiff --git a/names.py b/names.py\n--- a/names.py\n+++ b/names.py\n@@ -1,2 +1,2 @@\n def near(a, b):\n-    return a.lower() == b.lower()\n+    return a.casefold() == b.casefold()\n",
    ),
    (
        "slides/steps/03-classes/1.patch",
        "an order knows its customer\n\ndiff --git a/order.py b/order.py\nnew file mode 100644\n--- /dev/null\n+++ b/order.py\n@@ -0,0 +1,3 @@\n+class Order:\n+    def __init__(self, customer):\n+        self.customer = customer\n",
    ),
    (
        "slides/steps/03-classes/2.patch",
        "an order knows its reams\n\ndiff --git a/order.py b/order.py\n--- a/order.py\n+++ b/order.py\n@@ -1,3 +1,4 @@\n class Order:\n-    def __init__(self, customer):\n+    def __init__(self, customer, reams):\n         self.customer = customer\n+        self.reams = reams\n",
    ),
    (
        "solutions/01-why/names.py",
        "def near(a, b):\n    return a.lower() == b.lower()\n",
    ),
    (
        "solutions/01-why/pyproject.toml",
        "[project]\nname = \"dunder\"\n",
    ),
    (
        "solutions/01-why/tests/test_names.py",
        "def test_near():\n    pass\n",
    ),
    (
        "solutions/02-hello/hello.py",
        "def hello():\n    return \"Hello from Scranton\"\n",
    ),
    ("solutions/02-hello/names.py", FOLDED),
    ("solutions/02-hello/notes", "Ask Pam.\n"),
    (
        "solutions/02-hello/pyproject.toml",
        "[project]\nname = \"dunder\"\n",
    ),
    (
        "solutions/02-hello/run.sh",
        "#!/bin/sh\nexec python -m dunder\n",
    ),
    (
        "solutions/02-hello/tests/test_hello.py",
        "def test_hello():\n    pass\n",
    ),
    (
        "solutions/03-classes/hello.py",
        "def hello():\n    return \"Hello from Scranton\"\n",
    ),
    ("solutions/03-classes/names.py", FOLDED),
    ("solutions/03-classes/notes/first.txt", "Ask Pam.\n"),
    (
        "solutions/03-classes/order.py",
        "class Order:\n    def __init__(self, customer, reams):\n        self.customer = customer\n        self.reams = reams\n\n    def total(self):\n        return 599 * self.reams\n",
    ),
    (
        "solutions/03-classes/pyproject.toml",
        "[project]\nname = \"dunder\"\n",
    ),
    (
        "solutions/03-classes/run.sh",
        "#!/bin/sh\nexec python -m dunder\n",
    ),
    (
        "solutions/03-classes/tests/test_hello.py",
        "def test_hello():\n    pass\n",
    ),
    (
        "solutions/03-classes/tests/test_order.py",
        "def test_order():\n    pass\n",
    ),
];

const FOLDED: &str = "def near(a, b):\n    return a.casefold() == b.casefold()\n";

const WHY: &str = r#"---
title: Why Rust
red: NotImplementedError
---

<!-- slide id=names min=2 at=01-why-start -->
## Names

```python src=names.py
def near(a, b):
    raise NotImplementedError
```

<details><summary>Speaker notes</summary>

- **Say** hello to Scranton.

</details>

---

<!-- slide id=names-done min=1.5 at=01-why-done optional -->
## Done
"#;

const HELLO: &str = r#"---
title: Hello
red: No module named 'hello'
---

<!-- slide id=hello min=4 at=02-hello-done -->
## Hello

```python src=hello.py#hello
def hello():
    return "Hello from Scranton"
```
"#;

const CLASSES: &str = r#"---
title: Classes
red: No module named 'order'
---

<!-- slide id=order min=10 at=03-classes-2 track=half,day -->
## An order

```python src=order.py#Order.__init__
def __init__(self, customer, reams):
    self.customer = customer
    self.reams = reams
```
"#;
