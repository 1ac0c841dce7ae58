// Decides, before anything is drawn, what the page is: slides, an article or a
// handout. Without this script it is an article.
{
  const asked = new URLSearchParams(location.search);
  // The speaker view shows slides in frames as narrow as a telephone.
  const inFrame = window.parent !== window;
  const fitsSlides = inFrame || matchMedia("(min-width: 700px)").matches;
  const root = document.documentElement;
  if (asked.has("print")) root.dataset.mode = "print";
  else if (asked.has("read")) root.dataset.mode = "read";
  else root.dataset.mode = asked.has("slides") || fitsSlides ? "slides" : "read";
  try {
    const theme = localStorage.getItem("rust-under-python.theme");
    if (["light", "dark"].includes(theme)) root.dataset.theme = theme;
  } catch {
    // No storage here: the system's choice holds.
  }
}
