// Starts the slides, and lets each have letters as large as it has room for. It
// knows no server: the folder works from file://.

const MOST = 4;
const AHEAD = 2;

/** Takes the largest step of `data-fit` (theme.css) at which all of a slide fits. */
function fit(slide) {
  const body = slide?.querySelector(".body");
  if (!body) return;
  // A hint that is opened must fit, too.
  const folded = [...body.querySelectorAll("details:not([open])")];
  for (const hint of folded) hint.open = true;
  const isCut = (node) => node.scrollWidth > node.clientWidth;
  const spills = () =>
    body.scrollHeight > body.clientHeight || isCut(body) || [...body.querySelectorAll("pre, pre code")].some(isCut);
  body.classList.add("measured");
  body.dataset.fit = 0;
  // A line that is broken only because it has grown is no gain.
  const lines = [...body.querySelectorAll("p, li, tr")].filter(isOneLine);
  const breaks = () => !lines.every(isOneLine);
  let step = MOST;
  for (body.dataset.fit = step; step > 0 && (spills() || breaks()); body.dataset.fit = step) step -= 1;
  body.classList.remove("measured");
  for (const hint of folded) hint.open = false;
}

function isOneLine(node) {
  return node.offsetHeight < 1.9 * parseFloat(getComputedStyle(node).lineHeight);
}

/** All of them, when all can be seen: on paper. */
globalThis.fitAll = () => document.querySelectorAll("section.slide").forEach(fit);

if (document.documentElement.dataset.mode === "print") fitAll();

if (document.documentElement.dataset.mode === "slides") {
  const fitted = new Set();
  const fitOnce = (slide) => {
    if (!slide || fitted.has(slide)) return;
    fit(slide);
    fitted.add(slide);
  };
  // While nobody waits, the slides that come next: a key is then answered at once.
  const whenIdle = globalThis.requestIdleCallback ?? ((task) => setTimeout(task, 50));
  const fitAhead = (far) => {
    const slides = Reveal.getSlides();
    const next = slides[slides.indexOf(Reveal.getCurrentSlide()) + far];
    // reveal.js lays out no slide that is farther away.
    if (next?.offsetParent) fitOnce(next);
    if (far < AHEAD) whenIdle(() => fitAhead(far + 1));
  };
  const fitCurrent = () => {
    fitOnce(Reveal.getCurrentSlide());
    whenIdle(() => fitAhead(1));
  };
  for (const event of ["ready", "slidechanged"]) Reveal.on(event, fitCurrent);
  const again = () => {
    fitted.clear();
    if (Reveal.isReady()) fitCurrent();
  };
  // Letters are not as wide at every size, and a picture has a height when it is there.
  Reveal.on("resize", again);
  addEventListener("load", again);

  // Not in the HTML: reveal.css would hide the article of a reader without scripts.
  document.querySelector("main").classList.add("reveal");
  Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    display: "grid",
    transition: "none",
    backgroundTransition: "none",
    hash: true,
    controls: true,
    controlsLayout: "edges",
    controlsTutorial: false,
    // The banner carries the slide's number; a bar would lie across it.
    progress: false,
    slideNumber: false,
    // Ours finds slides by number and id, too (find.js).
    jumpToSlide: false,
    // reveal.js's scroll view has no footer of its own; narrow screens get the article.
    scrollActivationWidth: 0,
    // Before the end: what presenting needs (present.js).
    ...globalThis.presenting?.options,
  }).then(() => {
    // role=application, which reveal.js sets, stops screen readers from reading
    // at their own pace (hakimel/reveal.js#3772). Every key works without it.
    Reveal.getRevealElement().removeAttribute("role");
  });
}
