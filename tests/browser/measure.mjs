// What is measured on one slide. These functions run inside the page, so each
// stands alone; each returns sentences about what is wrong with the slide.

/** Does all of the slide fit, and does its banner say and cover what it should? */
export function faults() {
  const slide = Reveal.getCurrentSlide();
  const found = [];
  const body = slide.querySelector(".body");
  const banner = slide.querySelector(".banner");
  if (!body || !banner) return ["has no body or no banner"];

  const name = (node) => {
    const text = node.textContent.trim().replace(/\s+/g, " ").slice(0, 30);
    return `${node.tagName.toLowerCase()} "${text}"`;
  };
  for (const node of [slide, body, ...body.querySelectorAll("pre, code, table, figure")]) {
    // An inline element has no inner size of its own.
    if (node.clientWidth === 0) continue;
    const wide = node.scrollWidth - node.clientWidth;
    const high = node.scrollHeight - node.clientHeight;
    if (wide > 1) found.push(`${wide}px too wide: ${name(node)}`);
    if (high > 1) found.push(`${high}px too high: ${name(node)}`);
  }
  const frame = body.getBoundingClientRect();
  for (const node of body.querySelectorAll("*")) {
    if (!node.checkVisibility()) continue;
    const box = node.getBoundingClientRect();
    if (box.right > frame.right + 1) found.push(`sticks out on the right: ${name(node)}`);
    if (box.bottom > frame.bottom + 1) found.push(`sticks out below: ${name(node)}`);
  }

  const box = banner.getBoundingClientRect();
  const scale = Reveal.getScale();
  if (box.height < 20 * scale) found.push("the banner is not visible");
  if (frame.bottom > box.top + 1) found.push("the banner lies on the body");
  const { innerWidth, innerHeight } = window;
  if (box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) {
    found.push("the banner leaves the window");
  }
  const tag = slide.dataset.at;
  if (!tag) found.push("names no checkpoint");
  for (const [part, text] of [
    // Only in a deck that has an address to name.
    ...(banner.querySelector(".repo") ? [[".repo", ""]] : []),
    [".setup", "./setup.sh"],
    [".catch-up", tag],
    [".number", ""],
  ]) {
    const node = banner.querySelector(part);
    if (!node || !node.textContent.trim()) {
      found.push(`the banner has no ${part}`);
      continue;
    }
    if (!node.textContent.includes(text)) found.push(`the banner's ${part} lacks "${text}"`);
    if (node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0) {
      found.push(`the banner's ${part} is cut off`);
    }
    const size = parseFloat(getComputedStyle(node).fontSize);
    if (size < 16) found.push(`the banner's ${part} is ${size}px small`);
    const at = node.getBoundingClientRect();
    const top = document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2);
    if (!node.contains(top)) found.push(`something covers the banner's ${part}`);
  }

  for (const node of body.querySelectorAll("p, li, td, pre code")) {
    if (node.closest(".source, figcaption")) continue;
    const least = node.matches("code") ? 20 : 28;
    const size = parseFloat(getComputedStyle(node).fontSize);
    if (size < least) found.push(`${size}px small: ${name(node)}`);
  }
  if (!slide.querySelector("h2")?.textContent.trim()) found.push("has no heading");
  if (!slide.querySelector("aside.notes")?.textContent.trim()) found.push("has no notes");
  if (!(Number(slide.dataset.minutes) > 0)) found.push("has no minutes");
  return found;
}

/** Which texts have less than 4.5 to 1 against what lies behind them? */
export function contrasts() {
  const rgba = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour.a === 1) return colour;
    }
    return { r: 255, g: 255, b: 255 };
  };
  const found = new Set();
  const walker = document.createTreeWalker(Reveal.getCurrentSlide(), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !node.checkVisibility()) continue;
    const [ink, paper] = [luminance(rgba(getComputedStyle(node).color)), luminance(behind(node))];
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < 4.5) {
      found.add(`${ratio.toFixed(2)} to 1: ${node.className || node.tagName.toLowerCase()}`);
    }
  }
  return [...found];
}
