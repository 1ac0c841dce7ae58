// The deck's few buttons, and the keys beside them. They work the same on
// slides and in the article; find.js adds the contents.

const Deck = (() => {
  const root = document.documentElement;
  const mode = root.dataset.mode;
  const keys = new Map();
  const slides = () => [...document.querySelectorAll("section.slide")];

  /** The id of the slide that is being looked at. */
  function here() {
    if (mode === "slides") return Reveal.getCurrentSlide()?.id;
    const above = slides().filter((slide) => slide.getBoundingClientRect().top < innerHeight / 3);
    return (above.at(-1) ?? slides()[0])?.id;
  }

  /** The address of a slide in another mode; what else was asked for is kept. */
  function address(to, id) {
    const asked = new URLSearchParams(location.search);
    for (const name of ["read", "slides", "print"]) asked.delete(name);
    return `?${[to, asked.toString()].filter(Boolean).join("&")}#/${id}`;
  }

  /** Goes to a slide, with the reading position of a screen reader. */
  function go(id) {
    if (mode === "slides") Reveal.slide(Reveal.getSlides().findIndex((slide) => slide.id === id));
    else if (location.hash !== `#/${id}`) history.pushState(null, "", `#/${id}`);
    show(id);
  }

  function show(id) {
    const slide = document.getElementById(id);
    if (!slide?.matches("section.slide")) return;
    if (mode !== "slides") slide.scrollIntoView();
    const heading = slide.querySelector("h2");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  function addressed() {
    const id = location.hash.replace(/^#\/?/, "");
    try {
      return decodeURIComponent(id);
    } catch {
      // Cut off in a mail, perhaps: no slide is called so.
      return id;
    }
  }

  /** Says something to everybody: on the screen, and to screen readers. */
  const status = document.createElement("p");
  status.className = "status";
  status.setAttribute("role", "status");
  function say(text) {
    status.textContent = text;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => (status.textContent = ""), 6000);
  }

  const isDark = () =>
    (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) ===
    "dark";

  function turn() {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("rust-under-python.theme", root.dataset.theme);
    } catch {
      // No storage here: it holds until the page is left.
    }
    label();
    say(isDark() ? "Dark" : "Light");
  }

  /** The button says what it would do. */
  function label() {
    turner.textContent = isDark() ? "Light" : "Dark";
  }

  let turner;
  const tools = document.createElement("nav");
  tools.className = "tools";
  tools.setAttribute("aria-label", "Deck");

  function button(text, key, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.title = `Key: ${key}`;
    made.setAttribute("aria-keyshortcuts", key);
    made.addEventListener("click", act);
    tools.append(made);
    keys.set(key, act);
    return made;
  }

  function link(text, to) {
    const made = document.createElement("a");
    made.textContent = text;
    made.href = `?${to}`;
    // The place is the one at the moment of leaving.
    const aim = () => (made.href = address(to, here()));
    for (const event of ["focus", "pointerenter", "pointerdown", "click"]) {
      made.addEventListener(event, aim);
    }
    tools.append(made);
  }

  // Before reveal.js sees a key: there, `/` makes the screen black and the
  // space bar turns the slide under the button that has the focus.
  addEventListener(
    "keydown",
    (event) => {
      const { target, key } = event;
      if (document.querySelector("dialog[open]") || target.closest?.("input, textarea, select")) return;
      if ([" ", "Enter"].includes(key) && target.closest?.("a, button, summary")) {
        event.stopImmediatePropagation();
        return;
      }
      const name = (event.ctrlKey || event.metaKey ? "Control+" : "") + key.toLowerCase();
      if (event.altKey || !keys.has(name)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      keys.get(name)();
    },
    { capture: true },
  );

  function start() {
    document.body.append(status);
    if (mode === "slides") {
      // The list of keys. reveal.js knows the key by its place on American
      // keyboards, where it would make the screen black on others.
      keys.set("?", () => Reveal.toggleHelp());
      Reveal.on("ready", () => {
        Reveal.registerKeyboardShortcut("G", "Contents and search");
        Reveal.registerKeyboardShortcut("/ , Ctrl + K", "Contents and search");
        Reveal.registerKeyboardShortcut("D", "Light or dark");
      });
    }
    if (mode === "slides") document.querySelector(".slides").append(tools);
    else document.body.prepend(tools);
    document.body.prepend(document.querySelector(".skip"));
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      show(here());
    });
    if (mode === "slides") link("Read", "read");
    else {
      link("Slides", "slides");
      link("Print", "print");
    }
    turner = button("Dark", "d", turn);
    label();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
    // reveal.js opens its own slide, and a reader begins at the page's top.
    const names = mode === "slides" ? ["hashchange"] : ["DOMContentLoaded", "hashchange", "popstate"];
    for (const name of names) addEventListener(name, () => show(addressed()));
    // The speaker view is a page beside this one; one file has none.
    if ("single" in root.dataset) keys.set("s", () => say("The speaker view is in the folder, not in this file."));
  }

  /** What scrolls must be reached by keys, and hints must not fold on paper. */
  function tend() {
    for (const code of document.querySelectorAll(".slide pre")) {
      const scrolls = mode === "read" && code.scrollWidth > code.clientWidth;
      if (scrolls) code.tabIndex = 0;
      else code.removeAttribute("tabindex");
    }
    if (location.protocol.startsWith("http") && !("solutions" in root.dataset)) {
      // A server has the deck's folder only, unless it is `stage present`.
      for (const dead of document.querySelectorAll('a.solution[href^=".."]')) {
        dead.replaceWith(...dead.childNodes);
      }
    }
  }

  // The speaker view's small pictures of slides have no tools.
  const bare = mode === "print" || window.parent !== window;
  if (!bare) start();
  tend();
  addEventListener("resize", tend);
  // On paper, a link to a folder of this machine helps nobody.
  const local = document.querySelectorAll('a.solution[href^=".."]');
  const hrefs = [...local].map((link) => link.getAttribute("href"));
  addEventListener("beforeprint", () => {
    if (mode === "slides") {
      root.dataset.mode = "print";
      fitAll();
    }
    for (const link of local) link.removeAttribute("href");
  });
  addEventListener("afterprint", () => {
    root.dataset.mode = mode;
    for (const [index, link] of local.entries()) link.setAttribute("href", hrefs[index]);
  });

  return { bare, mode, slides, here, go, button, keys, say, tools };
})();
