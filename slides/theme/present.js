// The deck's side of presenting: tracks (`?track=hour`), the preview mode that
// the speaker view shows (`?receiver`), and the messages between the two windows.
// It runs before reveal.js starts: slides of other tracks are gone by then.

(() => {
  // Without reveal.js, which may not have arrived, the page is still an article.
  if (!globalThis.Reveal) {
    if (document.documentElement.dataset.mode === "slides") document.documentElement.dataset.mode = "read";
    return;
  }
  const asked = new URLSearchParams(location.search);
  const isReceiver = asked.has("receiver");
  const isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";
  const track = chooseTrack(asked.get("track"));

  // What deck.js adds to its own settings. Other windows speak to us, not to reveal.js.
  globalThis.presenting = {
    options: {
      postMessage: false,
      ...(isReceiver && {
        hash: false,
        respondToHashChanges: false,
        keyboard: false,
        touch: false,
        controls: false,
        help: false,
        jumpToSlide: false,
      }),
    },
  };

  Reveal.on("ready", isReceiver ? receive : serve);

  /** Takes the slides of other tracks away; a track that is none takes none. */
  function chooseTrack(name) {
    if (name === null) return null;
    const slides = [...document.querySelectorAll(".slides > section.slide")];
    const known = document.querySelector(".masthead").dataset.tracks.split(" ").filter(Boolean);
    const isIn = (slide) => slide.dataset.track.split(" ").includes(name);
    if (!known.includes(name)) {
      const names = known.length > 0 ? `There are ${known.join(", ")}.` : "The deck has none.";
      say(`No track is called “${name}”: every slide is shown. ${names}`);
      return null;
    }
    if (!slides.some(isIn)) {
      say(`The track “${name}” has no slides yet: every slide is shown.`);
      return null;
    }
    for (const slide of slides.filter((one) => !isIn(one))) {
      slide.remove();
      document.querySelector(`.contents a[href="#${slide.id}"]`)?.closest("li").remove();
    }
    // A section that has no slide left needs no heading either.
    for (const chapter of document.querySelectorAll("h2.chapter")) {
      if (!chapter.nextElementSibling?.matches("section")) chapter.remove();
    }
    for (const fold of document.querySelectorAll(".contents details:not(:has(a))")) {
      fold.closest("li").remove();
    }
    count(name, slides.filter(isIn));
    return name;
  }

  /** Numbers, minutes and totals again: those of the track. */
  function count(track, slides) {
    const sheets = (list) => `${list.length} sheet${list.length === 1 ? "" : "s"}`;
    slides.forEach((slide, index) => {
      slide.querySelector(".banner .number").textContent = String(index + 1);
    });
    for (const fold of document.querySelectorAll(".contents details")) {
      const ids = [...fold.querySelectorAll("a")].map((link) => link.hash.slice(1));
      const here = slides.filter((slide) => ids.includes(slide.id));
      const minutes = here.reduce((sum, slide) => sum + Number(slide.dataset.minutes), 0);
      fold.querySelector("ol").start = slides.indexOf(here[0]) + 1;
      fold.querySelector("small").textContent = `${Math.round(minutes)} min`;
    }
    const size = document.querySelector(".masthead .size");
    size.textContent = `The track “${track}”: ${sheets(slides)} of ${size.textContent}`;
    document.querySelector(".colophon p").textContent = `End of the track “${track}”: ${sheets(slides)}.`;
  }

  /** Says something on the deck itself, until the next slide. */
  function say(text) {
    const status = document.createElement("p");
    status.className = "deck-status";
    status.setAttribute("role", "status");
    // An article's main part begins far below its first lines.
    if (document.documentElement.dataset.mode === "read") document.body.prepend(status);
    else document.querySelector("main").append(status);
    status.textContent = text;
    Reveal.on("slidechanged", () => status.remove());
  }

  /** Whether a message comes from a page of this deck. */
  function isOurs(event) {
    const same =
      location.protocol === "file:"
        ? ["null", "file://"].includes(event.origin)
        : event.origin === location.origin;
    return same && typeof event.data?.speakerView === "string";
  }

  function tell(target, message) {
    // A file has no origin that one could name.
    target.postMessage(message, location.protocol === "file:" ? "*" : location.origin);
  }

  // --- a preview in the speaker view ---

  function receive() {
    addEventListener("message", (event) => {
      if (event.source !== parent || !isOurs(event) || event.data.speakerView !== "show") return;
      const { id, fragment, ahead } = event.data;
      const at = Reveal.getSlides().findIndex((slide) => slide.id === id);
      if (at < 0) return;
      Reveal.slide(at, 0, fragment);
      if (ahead) Reveal.next();
      tell(parent, { speakerView: "shown", id: Reveal.getCurrentSlide().id });
    });
    if (parent !== window) tell(parent, { speakerView: "ready" });
  }

  // --- the deck itself ---

  function serve() {
    const { pacing } = globalThis;
    const key = `speaker-clock ${location.pathname}`;
    const placeKey = `place ${location.pathname}`;
    // Another at each load: the speaker view must see that the page is new.
    const deck = String(Math.random());
    const windows = new Set();
    let clock = stored(key) ?? pacing.unstarted;
    if (isReload) comeBack();
    let reached = place();
    store(placeKey, { id: slide().id, fragment: reached[1] });

    Reveal.addKeyBinding({ keyCode: 83, key: "S", description: "Speaker view" }, open);
    for (const event of ["slidechanged", "fragmentshown", "fragmenthidden"]) {
      Reveal.on(event, moved);
    }
    addEventListener("message", (event) => {
      if (!isOurs(event)) return;
      const { speakerView, value } = event.data;
      if (speakerView === "hello") greet(event.source, value);
      else if (!windows.has(event.source)) return;
      else if (speakerView === "step") step(value);
      else if (speakerView === "toggle") set(pacing.toggled(clock, Date.now(), slide().id));
      else if (speakerView === "reset") {
        set({ ...pacing.unstarted, section: slide().dataset.section });
      }
    });
    set(pacing.entering(clock, Date.now(), slide().dataset.section));

    function open() {
      const there = [...windows].find((target) => !target.closed);
      if (there) return there.focus();
      // By its name, one is found that has not greeted us since we were reloaded.
      const opened = window.open("speaker.html", "rust-under-python-speaker", "popup,width=1360,height=860");
      if (opened) opened.focus();
      else say("The browser has blocked the speaker view: allow pop-ups here, press S again.");
    }

    function greet(target, knows) {
      windows.add(target);
      tell(target, { speakerView: "here" });
      if (knows === deck) return;
      tell(target, { speakerView: "deck", deck, track, slides: Reveal.getSlides().map(outline) });
      tell(target, state());
    }

    function step(which) {
      if (which === "next") Reveal.next();
      else if (which === "back") Reveal.prev();
      else if (which === "first") Reveal.slide(0);
      else if (which === "last") Reveal.slide(Reveal.getTotalSlides() - 1);
    }

    function moved() {
      const [now, was] = [place(), reached];
      reached = now;
      store(placeKey, { id: slide().id, fragment: now[1] });
      const isForward = now[0] > was[0] || (now[0] === was[0] && now[1] > was[1]);
      let next = clock;
      // The time is that of the slide on which it was started: the step's own start.
      if (isForward && windows.size > 0 && clock.from === null) {
        next = pacing.toggled(clock, Date.now(), Reveal.getSlides()[was[0]].id);
      }
      set(pacing.entering(next, Date.now(), slide().dataset.section));
    }

    function set(next) {
      clock = next;
      store(key, clock);
      for (const target of windows) {
        if (target.closed) windows.delete(target);
        else tell(target, state());
      }
    }

    /** To where it was: reveal.js writes the address only once a second. */
    function comeBack() {
      const { id, fragment } = stored(placeKey) ?? {};
      const at = Reveal.getSlides().findIndex((one) => one.id === id);
      if (at >= 0) Reveal.slide(at, 0, fragment);
    }

    function store(name, value) {
      try {
        sessionStorage.setItem(name, JSON.stringify(value));
      } catch {
        // Without storage, clock and place end with the page.
      }
    }

    function stored(name) {
      try {
        return JSON.parse(sessionStorage.getItem(name));
      } catch {
        return null;
      }
    }

    function state() {
      const fragment = Reveal.getIndices().f ?? -1;
      return { speakerView: "state", deck, id: slide().id, fragment, clock };
    }

    function slide() {
      return Reveal.getCurrentSlide();
    }

    function place() {
      const { h, f } = Reveal.getIndices();
      return [h, f ?? -1];
    }
  }

  function outline(slide) {
    return {
      id: slide.id,
      title: slide.querySelector("h1, h2, h3")?.textContent ?? slide.id,
      section: slide.dataset.section,
      at: slide.dataset.at,
      minutes: Number(slide.dataset.minutes),
      optional: "optional" in slide.dataset,
      notes: slide.querySelector("aside.notes")?.innerHTML ?? "",
    };
  }
})();
