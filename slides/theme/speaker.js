// The speaker view: a window that the deck opens with S. The two talk by
// messages, since two files share nothing else; no network, no inline script.

(() => {
  const { pacing } = globalThis;
  const deckWindow = window.opener;
  const element = (id) => document.getElementById(id);
  const frames = { current: element("current"), next: element("next") };
  let deck = null;
  let state = null;
  // How often we have greeted the deck without an answer.
  let unanswered = 0;

  addEventListener("message", (event) => {
    if (typeof event.data?.speakerView !== "string") return;
    if (event.source === deckWindow && deckWindow) fromDeck(event.data);
    else if (event.data.speakerView === "ready" && state) show(event.source);
  });

  function fromDeck(message) {
    unanswered = 0;
    if (message.speakerView === "deck") {
      const isAnother = deck && deck.deck !== message.deck;
      if (isAnother) readDataAgain(message.deck);
      deck = message;
      const address = `index.html?receiver${deck.track ? `&track=${deck.track}` : ""}`;
      for (const frame of Object.values(frames)) {
        if (isAnother || frame.getAttribute("src") !== address) frame.setAttribute("src", address);
      }
    } else if (message.speakerView === "state" && message.deck === deck?.deck) {
      const isNew = state?.id !== message.id;
      state = message;
      for (const frame of Object.values(frames)) show(frame.contentWindow);
      draw(isNew);
    }
  }

  // A deck that was reloaded may have been built anew.
  function readDataAgain(version) {
    const script = document.createElement("script");
    script.src = `data.js?${version}`;
    script.addEventListener("load", () => state && draw(false));
    document.head.append(script);
  }

  function tell(target, message) {
    target?.postMessage(message, location.protocol === "file:" ? "*" : location.origin);
  }

  function send(speakerView, value) {
    if (deckWindow && !deckWindow.closed) tell(deckWindow, { speakerView, value });
  }

  function show(target) {
    const ahead = target === frames.next.contentWindow;
    tell(target, { speakerView: "show", id: state.id, fragment: state.fragment, ahead });
  }

  // --- what is drawn ---

  function draw(isNewSlide) {
    const at = position();
    const slide = deck.slides[at];
    element("title").textContent = slide.title;
    element("number").textContent = `${at + 1} of ${deck.slides.length}`;
    if (isNewSlide) {
      // Written by the deck's author, sent by the deck's own window.
      element("notes").innerHTML = slide.notes || "<p>No notes.</p>";
    }
    drawCommand(at);
    if (isNewSlide) for (const id of ["notes", "difference"]) element(id).scrollTop = 0;
    tick();
  }

  function drawCommand(at) {
    const { slides } = deck;
    const next = pacing.command(slides, at);
    const command = element("command");
    command.classList.toggle("due", next?.due === 1);
    const parts = ["This slide stands at ", code(slides[at].at), "."];
    if (next) {
      const now = isTyped(next.tag) ? " On the next one type it, or " : " Before the next one: ";
      const when = next.due === 1 ? now : ` In ${next.due} slides: `;
      parts.push(when, code(`stage go ${next.tag}`));
    } else {
      parts.push(" Nothing more to type.");
    }
    command.replaceChildren(...parts);
    const { checkpoints } = globalThis.deckData;
    // What is typed on this very slide, then what comes after it.
    const now = checkpoints.filter((one) => one.tag === slides[at].at && isTyped(one.tag));
    const then = next ? pacing.between(checkpoints, slides[at].at, next.tag) : [];
    const lines = (when, steps) =>
      steps.flatMap(({ tag, title, difference }) => [
        `${when} ${tag}: ${title}`,
        ...difference.split("\n"),
      ]);
    const all = [...lines("here", now), ...lines("next", then)];
    element("difference").replaceChildren(...all.map(line));
  }

  // A start and an end come from one command; what is between is typed.
  function isTyped(tag) {
    return !/-(start|done)$/.test(tag);
  }

  function line(text) {
    const kinds = { "+": "added", "-": "removed", " ": "same", "@": "place" };
    const span = document.createElement("span");
    span.className = kinds[text[0]] ?? "file";
    span.textContent = `${text}\n`;
    return span;
  }

  function code(text) {
    const node = document.createElement("code");
    node.textContent = text;
    return node;
  }

  function tick() {
    const now = Date.now();
    element("now").textContent = new Date(now).toTimeString().slice(0, 5);
    element("status").textContent = trouble();
    if (!deck || !state) return;
    const { clock } = state;
    const at = position();
    const { slides } = deck;
    const [, end] = pacing.session(slides, globalThis.deckData.tracks[deck.track], at);
    const from = Math.max(0, slides.findIndex((slide) => slide.id === clock.from));
    const used = pacing.elapsed(clock, now);
    const started = clock.from !== null;
    const first = started ? from : at;
    // Both budgets begin where the talk did, which may be in mid-section.
    const section = slides.filter(
      (slide, index) => slide.section === slides[at].section && index >= Math.min(first, at),
    );
    budget("session", used, pacing.sum(slides, first, end));
    budget(
      "section",
      clock.section === slides[at].section ? pacing.inSection(clock, now) : 0,
      pacing.sum(section, 0, section.length),
    );
    const late = started ? pacing.late(slides, from, at, used / 60000) : 0;
    const pace = element("pace");
    pace.classList.toggle("late", late >= 1);
    if (!started) pace.textContent = "The clock starts at the first step forward.";
    else {
      const advice = pacing.advice(slides, from, at, end, used / 60000);
      pace.textContent = clock.running ? advice : `${advice} (the clock is stopped)`;
    }
  }

  function budget(id, used, minutes) {
    const left = minutes * 60000 - used;
    const rest = left < 0 ? `${pacing.shown(left)} over` : `${pacing.shown(left)} left`;
    element(id).textContent = `${pacing.shown(used)} used, ${rest}`;
    element(id).classList.toggle("over", left < 0);
  }

  function trouble() {
    if (!deckWindow) return "This window has no deck: open the deck and press S in it.";
    if (deckWindow.closed) return "The deck's window is closed: open it and press S in it.";
    if (!deck) return "Waiting for the deck.";
    return unanswered > 6 ? "The deck does not answer: is its window on the slides?" : "";
  }

  function position() {
    return Math.max(0, deck.slides.findIndex((slide) => slide.id === state.id));
  }

  // --- keys ---

  const KEYS = {
    ArrowRight: "next",
    ArrowDown: "next",
    PageDown: "next",
    " ": "next",
    n: "next",
    ArrowLeft: "back",
    ArrowUp: "back",
    PageUp: "back",
    p: "back",
    Home: "first",
    End: "last",
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, target } = event;
    const isButton = target instanceof HTMLButtonElement;
    if (isButton && key === " ") return;
    // What can be scrolled is scrolled, while it has the focus.
    const scrolls = target instanceof Element && target.matches("#notes, #difference");
    if (scrolls && ["ArrowUp", "ArrowDown"].includes(key)) return;
    if (key === "t" || key === "T") send("toggle");
    else if (key === "R" && event.shiftKey) send("reset");
    else if (key === " " && event.shiftKey) send("step", "back");
    else if (KEYS[key]) send("step", KEYS[key]);
    else return;
    event.preventDefault();
  });

  for (const button of document.querySelectorAll("button")) {
    button.addEventListener("click", () => send(button.dataset.send, button.dataset.value));
  }

  // The deck forgets us when it is reloaded: greet it for as long as we are open.
  const greet = () => {
    send("hello", deck?.deck ?? null);
    unanswered += 1;
    tick();
  };
  setInterval(greet, 500);
  greet();
})();
