// Decides, before anything is drawn, what the page is: slides, an article or a
// handout. Without this script it is an article.
{
  const asked = new URLSearchParams(location.search);
  // The speaker view shows slides in frames as narrow as a telephone.
  const inFrame = window.parent !== window;
  const root = document.documentElement;
  const stored = (store, name, known) => {
    try {
      const value = store().getItem(`rust-under-python.${name}`);
      return known.includes(value) ? value : undefined;
    } catch {
      // No storage here: the system's choice holds.
      return undefined;
    }
  };
  const byWidth = () => (matchMedia("(min-width: 700px)").matches ? "slides" : "read");
  const isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";

  if (asked.has("print")) root.dataset.mode = "print";
  else if (asked.has("read")) root.dataset.mode = "read";
  else if (asked.has("slides") || inFrame) root.dataset.mode = "slides";
  else {
    // A talk goes on in a window that has become narrow, or is zoomed.
    const before = isReload ? stored(() => sessionStorage, "mode", ["slides", "read"]) : undefined;
    root.dataset.mode = before ?? byWidth();
    try {
      sessionStorage.setItem("rust-under-python.mode", root.dataset.mode);
    } catch {
      // Then a reload chooses anew.
    }
  }
  const theme = stored(() => localStorage, "theme", ["light", "dark"]);
  if (theme) root.dataset.theme = theme;
}
