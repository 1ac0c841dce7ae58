// Contents and search in one: without words, the sections; with words, the
// slides that have them all, in title, text, code or notes; a number or an id
// comes first. Everything is read from the page itself.

// Strict, or `open` in the block below would become the window's own.
"use strict";

{
  const MOST = 30;
  const fields = { title: 8, id: 6, code: 3, text: 2, notes: 1 };

  const dialog = document.createElement("dialog");
  dialog.className = "find";
  dialog.setAttribute("aria-label", "Contents and search");
  dialog.innerHTML = `
    <form method="dialog">
      <label for="find-words">Go to a number, an id, or words</label>
      <div class="row">
        <input id="find-words" type="search" autocomplete="off" spellcheck="false" enterkeyhint="go">
        <button>Close</button>
      </div>
    </form>
    <p class="count" role="status"></p>
    <ol class="results"></ol>`;
  const input = dialog.querySelector("input");
  const results = dialog.querySelector("ol");
  const count = dialog.querySelector(".count");
  let index;

  const text = (node) => (node?.textContent ?? "").replace(/\s+/g, " ").trim();

  /** One entry a slide, made when it is first needed. */
  function entries() {
    const titles = new Map();
    for (const chapter of document.querySelectorAll("h2.chapter")) {
      const first = chapter.nextElementSibling?.dataset.section;
      titles.set(first, text(chapter.lastChild));
    }
    return Deck.slides().map((slide) => {
      const body = slide.querySelector(".body").cloneNode(true);
      const code = [...body.querySelectorAll("pre")].map((node) => (node.remove(), text(node)));
      const heading = body.querySelector("h2");
      heading?.remove();
      return {
        id: slide.id,
        number: text(slide.querySelector(".banner .number")),
        section: titles.get(slide.dataset.section) ?? slide.dataset.section,
        title: text(heading),
        code: code.join(" "),
        text: text(body),
        notes: text(slide.querySelector(".notes")),
      };
    });
  }

  /** How well an entry fits; 0 if a word is missing. */
  function score(entry, words) {
    let sum = 0;
    for (const word of words) {
      let best = 0;
      for (const [field, weight] of Object.entries(fields)) {
        const at = entry[field].toLowerCase().indexOf(word);
        if (at < 0) continue;
        const begins = at === 0 || !/[\p{L}\p{N}]/u.test(entry[field][at - 1]);
        best = Math.max(best, begins ? weight * 2 : weight);
      }
      if (best === 0) return 0;
      sum += best;
    }
    return sum;
  }

  function found(asked) {
    const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
    return index
      .map((entry) => {
        const named = asked === entry.number || asked.replace(/^#\/?/, "") === entry.id;
        return { entry, words, value: named ? Infinity : score(entry, words) };
      })
      .filter(({ value }) => value > 0)
      .sort((a, b) => b.value - a.value || a.entry.number - b.entry.number);
  }

  /** Where the first word stands that the title does not have. */
  function place({ entry, words }) {
    const word = words.find((word) => !entry.title.toLowerCase().includes(word));
    const field = ["text", "code", "notes"].find((name) => entry[name].toLowerCase().includes(word));
    if (!word || !field) return [];
    const at = entry[field].toLowerCase().indexOf(word);
    const mark = document.createElement("mark");
    mark.textContent = entry[field].slice(at, at + word.length);
    const start = Math.max(0, at - 40);
    const before = (start > 0 ? "…" : "") + entry[field].slice(start, at);
    return [`${field}: ${before}`, mark, `${entry[field].slice(at + word.length, at + word.length + 60)}`];
  }

  function row(entry, where) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#/${entry.id}`;
    if (entry.id === Deck.here()) link.setAttribute("aria-current", "true");
    const number = document.createElement("b");
    number.textContent = entry.number;
    const title = document.createElement("span");
    title.textContent = entry.title;
    link.append(number, " ", title);
    if (where.length > 0) {
      const small = document.createElement("small");
      small.append(...where);
      link.append(" ", small);
    }
    link.addEventListener("click", (event) => {
      event.preventDefault();
      shut();
      Deck.go(entry.id);
    });
    item.append(link);
    return item;
  }

  function contents() {
    const rows = [];
    let section;
    for (const entry of index) {
      if (entry.section !== section) {
        section = entry.section;
        const item = document.createElement("li");
        item.className = "section";
        item.textContent = section;
        rows.push(item);
      }
      rows.push(row(entry, []));
    }
    return rows;
  }

  function update() {
    const asked = input.value.trim();
    if (asked === "") {
      results.replaceChildren(...contents());
      count.textContent = "";
      results.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
      return;
    }
    const all = found(asked);
    results.replaceChildren(...all.slice(0, MOST).map((hit) => row(hit.entry, place(hit))));
    count.textContent = all.length === 0 ? "Not on any sheet." : `${all.length} of ${index.length} sheets`;
    results.scrollTop = 0;
  }

  function open() {
    index ??= entries();
    input.value = "";
    dialog.showModal();
    update();
    input.focus();
  }

  function shut() {
    dialog.close();
    // Chromium leaves the focus in a closed dialog until it draws again, and
    // the next key would be taken for a letter.
    input.blur();
  }

  dialog.addEventListener("keydown", (event) => {
    // reveal.js would turn the slide.
    event.stopPropagation();
    const links = [...results.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      if (input.value.trim()) links[0]?.click();
    } else if (event.key === "Escape") {
      // A search field would only empty itself.
      event.preventDefault();
      shut();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      links[Math.min(at + 1, links.length - 1)]?.focus();
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      (at > 0 ? links[at - 1] : input).focus();
    }
  });
  // A click beside it closes it.
  dialog.addEventListener("click", (event) => event.target === dialog && shut());
  input.addEventListener("input", update);

  if (!Deck.bare) {
    document.body.append(dialog);
    Deck.button("Contents", "/", open);
    for (const key of ["g", "Control+k"]) Deck.keys.set(key, open);
    Deck.tools.prepend(Deck.tools.lastChild);
  }
}
