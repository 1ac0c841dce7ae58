// On paper: the handout, one slide a page, and the article with its notes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { slideIds } from "./browser.mjs";
import { pdfPages } from "./pdf.mjs";
import { visitor } from "./visit.mjs";

const { file, open } = visitor();
// As `stage deck pdf` and the print dialogue: the style sheet sets the size.
const AS_STYLED = { preferCSSPageSize: true, printBackground: true };

async function printed(query, options) {
  const { page, trouble, close } = await open(file + query, options);
  if (await page.evaluate(() => document.documentElement.dataset.mode === "slides")) await slideIds(page);
  const slides = await page.locator("section.slide").evaluateAll((all) =>
    all.map((slide) => ({
      id: slide.id,
      at: slide.dataset.at,
      hints: [...slide.querySelectorAll(".body details")].map((hint) => hint.lastChild.textContent),
      links: [...slide.querySelectorAll(".body a[href^=http]")].map((link) => link.href),
    })),
  );
  const chapters = await page.locator("h2.chapter").allTextContents();
  const pages = pdfPages(await page.pdf(AS_STYLED));
  assert.deepEqual(trouble, []);
  const isSlides = () => globalThis.Reveal?.isReady?.() && document.documentElement.dataset.mode;
  const mode = await page.evaluate(isSlides);
  await close();
  return { slides, pages, chapters, mode };
}

// Ligatures are letters to a reader, and line ends are not drawn.
const letters = (text) => text.normalize("NFKC").replace(/\s+/g, "");

for (const [name, query, options] of [
  ["asked for as a handout", "?print", {}],
  ["asked for as a handout on a dark telephone", "?print", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
  ["printed from the slides", "#/remember-classes", { colorScheme: "dark" }],
]) {
  test(`the deck, ${name}, has a page for each slide, with its banner, number and links`, async () => {
    const { slides, pages, mode } = await printed(query, options);
    assert.equal(pages.length, slides.length);
    for (const [index, { id, at, hints, links }] of slides.entries()) {
      const page = pages[index];
      const text = letters(page.text);
      assert.deepEqual([Math.round(page.width), Math.round(page.height)], [1280, 720]);
      for (const piece of ["set up: ./setup.sh", `catch up: stage go ${at}`, `sheet ${index + 1}`, ...hints]) {
        assert.ok(text.includes(letters(piece)), `the page of ${id} lacks "${piece}"`);
      }
      assert.ok(!text.includes("Speakernotes"), `the page of ${id} has notes`);
      const alive = new Set(page.links);
      assert.deepEqual(links.filter((link) => !alive.has(link)), [], id);
    }
    if (query.startsWith("#")) assert.equal(mode, "slides", "the screen is a handout after printing");
  });
}

test("the article is printed with its notes, numbers on its pages, and no link to this machine", async () => {
  const { slides, pages, chapters } = await printed("?read", {});
  const text = letters(pages.map((page) => page.text).join(" "));
  assert.equal(text.split("Speakernotes").length - 1, slides.length);
  for (const { id, at } of slides) assert.ok(text.includes(letters(`stage go ${at}`)), id);
  for (const [index, page] of pages.entries()) {
    assert.ok(page.text.includes(String(index + 1)), `page ${index + 1} has no number`);
    assert.ok(page.height > page.width, "not on A4");
  }
  // A page's number is drawn before its text.
  const told = pages.map((page) => page.text.replace(/\s+/g, " ").replace(/^ ?\d+ ?/, "").trim());
  const ending = told.filter((words) => /Speaker ?notes$/.test(words));
  assert.deepEqual(ending, [], "a label is alone at the foot of a page");
  const alone = told.filter((words) => /^(git checkout|stage go|sheet \d)/.test(words));
  assert.deepEqual(alone, [], "the last lines of a slide are alone at the head of a page");
  assert.ok(chapters.length > 1);
  const begun = chapters.filter((title) => told.some((words) => letters(words).startsWith(letters(title))));
  assert.deepEqual(begun, chapters, "a section does not begin on a page of its own");
  const links = pages.flatMap((page) => page.links);
  assert.ok(slides.every((slide) => slide.links.every((link) => links.includes(link))));
  assert.deepEqual(links.filter((link) => !/^https?:/.test(link)), []);
});
