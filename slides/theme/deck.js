// Starts the slides. It knows no server: the folder works from file://.

if (document.documentElement.dataset.mode === "slides") {
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
