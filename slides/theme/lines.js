// Walks through the lines of a fence: marks the group of lines that the last
// shown step names, in every figure of the slide. Marks add to the code and dim
// nothing; without this script, and in print, no line is marked.

(() => {
  const mark = (slide) => {
    for (const figure of slide?.querySelectorAll("figure[data-lines]") ?? []) {
      const shown = [...figure.querySelectorAll(".fragment.visible[data-lines]")].at(-1) ?? figure;
      const ranges = shown.dataset.lines.split(",").map((part) => part.split("-").map(Number));
      const isOn = (line) => ranges.some(([from, to = from]) => from <= line && line <= to);
      figure.querySelectorAll(".line").forEach((line, at) => {
        line.classList.toggle("on", isOn(at + 1));
      });
    }
  };
  if (!globalThis.Reveal) return;
  for (const event of ["ready", "slidechanged", "fragmentshown", "fragmenthidden"]) {
    Reveal.on(event, () => {
      if (!Reveal.isPrintView()) mark(Reveal.getCurrentSlide());
    });
  }
})();
