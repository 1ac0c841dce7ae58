// The deck's side of presenting: tracks (`?track=hour`), the preview mode that
// the speaker view shows (`?receiver`), and the messages between the two windows.
// It runs before reveal.js starts: slides of other tracks are gone by then.

(() => {
  const asked = new URLSearchParams(location.search);
  const isReceiver = asked.has("receiver");
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

  /** Takes the slides of other tracks away; an unknown track takes none. */
  function chooseTrack(name) {
    if (name === null) return null;
    const slides = [...document.querySelectorAll(".slides > section[data-track]")];
    const of = (slide) => slide.dataset.track.split(" ");
    const known = [...new Set(slides.flatMap(of))];
    if (!known.includes(name)) {
      say(`No track is called “${name}”: every slide is shown. There are ${known.join(", ")}.`);
      return null;
    }
    for (const slide of slides.filter((one) => !of(one).includes(name))) {
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
    document.querySelectorAll(".slides > section .banner .number").forEach((number, index) => {
      number.textContent = String(index + 1);
    });
    return name;
  }

  /** Says something on the deck itself, until the next slide. */
  function say(text) {
    const status = document.createElement("p");
    status.className = "deck-status";
    status.setAttribute("role", "status");
    document.querySelector("main").append(status);
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
    const deck = String(performance.timeOrigin);
    const windows = new Set();
    let clock = stored() ?? pacing.unstarted;
    let reached = place();

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
      const opened = window.open("speaker.html", "", "popup,width=1360,height=860");
      if (!opened) say("The browser has blocked the speaker view: allow pop-ups here, press S again.");
    }

    function greet(target, knows) {
      windows.add(target);
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
      try {
        sessionStorage.setItem(key, JSON.stringify(clock));
      } catch {
        // Without storage the clock ends with the page.
      }
      for (const target of windows) {
        if (target.closed) windows.delete(target);
        else tell(target, state());
      }
    }

    function stored() {
      try {
        return JSON.parse(sessionStorage.getItem(key));
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
