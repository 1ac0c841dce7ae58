// The deck as an article: on a telephone, with ?read, and without JavaScript.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { slideIds } from "./browser.mjs";
import { visitor } from "./visit.mjs";

const visit = visitor();
const { file, open, withPage } = visit;
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

for (const [name, query, options] of [
  ["without JavaScript", "", { javaScriptEnabled: false }],
  ["when it is asked for", "?read", {}],
  ["on a telephone", "", PHONE],
]) {
  test(`${name}, every slide can be read, with its notes, below the one before`, async () => {
    const { page, trouble, close } = await open(file + query, options);
    const [count, faults] = await page.evaluate(unreadable);
    assert.ok(count > 0, "the page has no slides");
    assert.deepEqual(faults, []);
    const cut = page.locator("pre").filter({ visible: false });
    assert.equal(await cut.count(), 0);
    assert.deepEqual(trouble, []);
    await close();
  });
}

/** How many slides there are, and which lie on the one before or hide a part. */
function unreadable() {
  const slides = [...document.querySelectorAll("section.slide")];
  const faults = [];
  let end = 0;
  for (const slide of slides) {
    const { top, bottom } = slide.getBoundingClientRect();
    if (top + scrollY < end - 1) faults.push(`${slide.id} lies on the one before`);
    end = bottom + scrollY;
    for (const part of ["h2", ".body", ".notes", ".banner", ".trail"]) {
      const node = slide.querySelector(part);
      const { width = 0, height = 0 } = node?.getBoundingClientRect() ?? {};
      if (!node?.checkVisibility({ visibilityProperty: true }) || !width || !height) faults.push(`${slide.id} hides ${part}`);
    }
  }
  return [slides.length, faults];
}

test("without JavaScript, the contents lead to every slide and hints unfold", async () => {
  const { page, close } = await open(file, { javaScriptEnabled: false });
  for (const section of await page.locator(".contents summary").all()) await section.click();
  const ids = await page.locator("section.slide").evaluateAll((all) => all.map(({ id }) => id));
  const links = page.locator(".contents li li a");
  const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  assert.deepEqual(hrefs, ids.map((id) => `#${id}`));
  await links.last().click();
  assert.ok(await page.locator(`#${ids.at(-1)} h2`).isVisible());
  const hint = page.locator(".body details").first();
  await hint.locator("summary").click();
  assert.equal(await hint.evaluate((node) => node.open), true);
  await close();
});

test("the page does not scroll sideways on a telephone, and no text is smaller than 15 px", async () => {
  for (const query of ["", "?read"]) {
    const found = await withPage(file + query, (page) => page.evaluate(misfits), PHONE);
    assert.deepEqual(found, []);
  }
});

/** What is too small or leaves the window, apart from code in its own box. */
function misfits() {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const wide = document.documentElement.scrollWidth;
  const found = wide > innerWidth ? [`the page is ${wide} px wide`] : [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !node.checkVisibility() || node.closest("dialog, .skip, script")) continue;
    const size = parseFloat(getComputedStyle(node).fontSize);
    if (size < 15) found.push(`${size} px small: ${text.slice(0, 30)}`);
    const { left, right } = node.getBoundingClientRect();
    const boxed = node.closest("pre");
    if ((left < 0 || right > innerWidth + 0.5) && !boxed) found.push(`leaves the window: ${text.slice(0, 30)}`);
    if (boxed && !["auto", "scroll"].includes(getComputedStyle(boxed).overflowX)) found.push("code does not scroll");
  }
  return found;
}

test("no word of a table is broken on a telephone", async () => {
  const broken = await withPage(file, (page) =>
    page.evaluate(() => {
      const found = [];
      for (const cell of document.querySelectorAll(".slide :is(th, td)")) {
        const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          for (const { 0: word, index } of walker.currentNode.data.matchAll(/[\p{L}\p{N},.]*[\p{L}\p{N}]/gu)) {
            const range = document.createRange();
            range.setStart(walker.currentNode, index);
            range.setEnd(walker.currentNode, index + word.length);
            const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
            if (tops.size > 1) found.push(`${cell.closest("section").id}: ${word}`);
          }
        }
      }
      return found;
    }),
  PHONE);
  assert.deepEqual(broken, []);
});

describe("between article and slides", () => {
  test("a link leads there and back and keeps the place", async () => {
    const { page, trouble, close } = await open(`${file}?track=day`);
    const ids = await slideIds(page);
    const id = ids[Math.floor(ids.length / 2)];
    await page.evaluate((slide) => (location.hash = `#/${slide}`), id);
    await page.waitForFunction((slide) => Reveal.getCurrentSlide().id === slide, id);
    await page.getByRole("link", { name: "Read", exact: true }).click();
    await page.waitForURL((url) => url.href.endsWith(`?read&track=day#/${id}`));
    const top = await page.locator(`#${id}`).evaluate((slide) => slide.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 240, `the slide begins at ${top}`);
    await page.getByRole("link", { name: "Slides", exact: true }).click();
    await page.waitForURL((url) => url.href.endsWith(`?slides&track=day#/${id}`));
    await slideIds(page);
    assert.equal(await page.evaluate(() => Reveal.getCurrentSlide().id), id);
    assert.deepEqual(trouble, []);
    await close();
  });

  test("one address leads to one slide in both", async () => {
    const ids = await withPage(file, slideIds);
    const id = ids.at(-2);
    for (const address of [`?read#/${id}`, `?read#${id}`, `#/${id}`, `#${id}`]) {
      const { page, close } = await open(file + address);
      const isShown = (slide) => {
        if (document.documentElement.dataset.mode === "slides") return Reveal.getCurrentSlide?.()?.id === slide;
        const { top } = document.getElementById(slide).getBoundingClientRect();
        return top >= 0 && top < innerHeight;
      };
      await page.waitForFunction(isShown, id);
      await close();
    }
  });

  test("an address that is cut off or names no slide leads to the beginning, without an error", async () => {
    for (const query of ["?read", "?slides"]) {
      for (const hash of ["#/%E0%A4", "#/no-such-slide", "#"]) {
        const { page, trouble, close } = await open(file + query + hash);
        await page.waitForFunction(() => typeof Deck !== "undefined" && Deck.here());
        assert.equal(await page.evaluate(() => Deck.here() === Deck.slides()[0].id), true, query + hash);
        assert.deepEqual(trouble, []);
        await close();
      }
    }
  });

  test("a telephone can ask for slides, and sees whole ones", async () => {
    const { page, close } = await open(`${file}?slides`, PHONE);
    await slideIds(page);
    const box = await page.locator("section.slide.present").boundingBox();
    assert.ok(box.x >= -1 && box.x + box.width <= 391, `from ${box.x}, ${box.width} wide`);
    await close();
  });
});

test("links to solutions lead to files that are there", async () => {
  const links = await withPage(`${file}?read`, (page) =>
    page.locator("a.solution").evaluateAll((all) => all.map((link) => link.href)),
  );
  const own = links.filter((link) => link.startsWith("file:"));
  assert.ok(links.length > 0, "no slide names its source");
  assert.deepEqual(own.filter((link) => !existsSync(fileURLToPath(link))), []);
});

test("a server that has no solutions is not linked to", async () => {
  const dead = await withPage(`${visit.served}?read`, (page) =>
    page.locator('a.solution[href^=".."]').count(),
  );
  assert.equal(dead, 0);
});

test("a server that has the solutions is linked to", async () => {
  const { page, close } = await open("about:blank");
  await page.route(`${visit.served}**`, async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    await route.fulfill({ response, body: body.replace("<html ", "<html data-solutions ") });
  });
  await page.goto(`${visit.served}?read`);
  const links = page.locator('a.solution[href^=".."]');
  assert.ok((await links.count()) > 0);
  const home = new URL("solutions/", visit.served).href;
  assert.ok((await links.first().evaluate((link) => link.href)).startsWith(home));
  // What is still on its way must not come to a page that is gone.
  await page.unrouteAll({ behavior: "wait" });
  await close();
});

test("the one file holds everything", async (t) => {
  const { copyFile, mkdtemp, rm } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const folder = await mkdtemp(path.join(tmpdir(), "usb-stick-"));
  t.after(() => rm(folder, { recursive: true }));
  await copyFile(path.join(visit.dir, "deck.html"), path.join(folder, "deck.html"));
  const { page, trouble, requested, close } = await open(`file://${folder}/deck.html`);
  const ids = await slideIds(page);
  assert.deepEqual(ids, await withPage(file, slideIds));
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => Reveal.getCurrentSlide().id), ids[1]);
  await page.keyboard.press("s");
  assert.match(await page.getByRole("status").first().textContent(), /speaker view is in the folder/);
  assert.deepEqual([trouble, requested.filter((url) => !url.startsWith("data:"))], [[], [requested[0]]]);
  await close();
});
