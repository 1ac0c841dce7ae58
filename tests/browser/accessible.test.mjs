// What axe finds, in every look of the deck; and a strict server.

import assert from "node:assert/strict";
import { test } from "node:test";

import { axePath, slideIds } from "./browser.mjs";
import { visitor } from "./visit.mjs";

const STRICT = { "content-security-policy": "default-src 'self'" };
const visit = visitor(STRICT);
const { file, open, onEverySlide } = visit;

/** What axe says about a part of the page, or all of it, as sentences; with `globalThis.only`, by these rules. */
function violations(part) {
  const where = part ? document.querySelector(part) : document;
  const rules = globalThis.only ? { runOnly: globalThis.only } : {};
  return axe.run(where, { resultTypes: ["violations"], preload: false, ...rules }).then(({ violations: found }) =>
    found.flatMap(({ id, nodes }) =>
      nodes.map(({ target, any }) => `${id}: ${target.join(" ")} ${any[0]?.message ?? ""}`),
    ),
  );
}

/** The same of the slide that is shown. The others, hidden, leave the page meanwhile: axe reads all of it, shown or not. */
async function violationsOfSlide() {
  const slide = Reveal.getCurrentSlide();
  const slides = slide.parentNode;
  const all = [...slides.children];
  slides.replaceChildren(slide);
  try {
    return await violations("section.present");
  } finally {
    slides.replaceChildren(...all);
  }
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing on a slide, in the ${colorScheme}`, async () => {
    // The article has every slide, and below axe reads all of it. As slides they differ by place and colour: deck.test.mjs
    // measures colours on all, axe reads those of the hour; in the dark, their colours alone.
    const isDark = colorScheme === "dark";
    const { page, close } = await open(`${file}?track=hour`, { colorScheme });
    await slideIds(page);
    await page.addScriptTag({ path: axePath() });
    await page.evaluate(`globalThis.violations = ${violations}`);
    assert.deepEqual(await page.evaluate(violations), [], "the page as a whole");
    await page.evaluate((rules) => (globalThis.only = rules), isDark ? ["cat.color"] : null);
    const found = await onEverySlide(page, violationsOfSlide);
    assert.deepEqual(found, []);
    await page.keyboard.press("/");
    assert.deepEqual(await page.evaluate(violations, "dialog"), [], "the contents");
    await page.keyboard.type("order");
    assert.deepEqual(await page.evaluate(violations, "dialog"), [], "the search");
    await close();
  });

  test(`axe finds nothing in the speaker view, in the ${colorScheme}`, async () => {
    const { page, trouble, close } = await open(file, { colorScheme });
    const ids = await slideIds(page);
    const [speaker] = await Promise.all([page.waitForEvent("popup"), page.keyboard.press("s")]);
    const shown = (count) =>
      speaker.waitForFunction((text) => document.querySelector("#number")?.textContent === text, count);
    await shown(`1 of ${ids.length}`);
    await speaker.addScriptTag({ path: axePath() });
    await speaker.evaluate(`globalThis.violations = ${violations}`);
    for (const size of [{ width: 1280, height: 800 }, { width: 900, height: 600 }, { width: 480, height: 400 }]) {
      await speaker.setViewportSize(size);
      assert.deepEqual(await speaker.evaluate(violations), [], `${size.width} px wide`);
    }
    // The last slide, with the clock on.
    await speaker.keyboard.press("End");
    await shown(`${ids.length} of ${ids.length}`);
    assert.deepEqual(await speaker.evaluate(violations), [], "at the end");
    assert.deepEqual(trouble, []);
    await close();
  });

  test(`axe finds nothing in the article, in the ${colorScheme}`, async () => {
    for (const width of colorScheme === "dark" ? [390] : [1280, 390]) {
      const { page, close } = await open(`${file}?read`, { colorScheme, viewport: { width, height: 844 } });
      await page.addScriptTag({ path: axePath() });
      await page.evaluate(() => {
        for (const fold of document.querySelectorAll("details")) fold.open = true;
      });
      await page.evaluate((rules) => (globalThis.only = rules), colorScheme === "dark" ? ["cat.color"] : null);
      assert.deepEqual(await page.evaluate(violations), [], `${width} px wide`);
      await close();
    }
  });
}

test("a server that allows nothing but its own files is enough", async () => {
  // Whatever a policy forbids is said while the page loads: walking finds what its scripts do, and the hour has all kinds of slides.
  for (const query of ["?track=hour", "?read", "?print"]) {
    const { page, trouble, close } = await open(visit.served + query);
    if (query === "?track=hour") {
      await onEverySlide(page, () => []);
      await page.keyboard.press("/");
      await page.keyboard.type("order");
      assert.ok((await page.locator("dialog .results a").count()) > 0);
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      assert.ok(await page.getByText("Contents and search").first().isVisible(), "the list of keys");
    }
    assert.deepEqual(trouble, [], query);
    await close();
  }
});

test("the page itself has no inline script and no inline style", async () => {
  const response = await fetch(visit.served);
  const html = await response.text();
  assert.deepEqual(html.match(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/g), null);
});

test("with the user's own colours, the banner and the title's rule are still there", async () => {
  const { page, close } = await open(file, { forcedColors: "active" });
  await slideIds(page);
  const seen = await page.evaluate(() => {
    const slide = Reveal.getCurrentSlide();
    const { borderTopStyle } = getComputedStyle(slide.querySelector(".banner"));
    const paper = getComputedStyle(slide).backgroundColor;
    return [borderTopStyle, getComputedStyle(slide.querySelector("h2"), "::after").backgroundColor !== paper];
  });
  assert.deepEqual(seen, ["solid", true]);
  await close();
});
