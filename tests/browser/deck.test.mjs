// The built deck, in a browser: DECK_DIR=deck node --test tests/browser/

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { deckDir, launch, serve, slideIds } from "./browser.mjs";
import { contrasts, faults } from "./measure.mjs";

const dir = deckDir();
const file = pathToFileURL(path.join(dir, "index.html")).href;
let browser;
let server;

before(async () => {
  browser = await launch();
  server = await serve(dir);
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Opens an address at the projector's size; `trouble` fills up by itself. */
async function open(address, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 720 },
    colorScheme: "light",
    ...options,
  });
  const page = await context.newPage();
  const trouble = [];
  const requested = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) trouble.push(message.text());
  });
  page.on("pageerror", (error) => trouble.push(String(error)));
  page.on("requestfailed", (request) => trouble.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) trouble.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => requested.push(request.url()));
  await page.goto(address);
  return { page, trouble, requested, close: () => context.close() };
}

/** Walks the deck and returns what `look` finds on each slide, as sentences. */
async function onEverySlide(page, look) {
  const found = [];
  for (const [index, id] of (await slideIds(page)).entries()) {
    await page.evaluate((slide) => Reveal.slide(slide), index);
    for (const fault of await page.evaluate(look)) found.push(`${id}: ${fault}`);
  }
  return found;
}

for (const [name, address] of [
  ["from a folder", () => file],
  ["from a server", () => server.url],
]) {
  describe(`the deck, opened ${name}`, () => {
    test("starts and walks to its end without an error or a failed request", async () => {
      const { page, trouble, close } = await open(address());
      await onEverySlide(page, () => []);
      assert.deepEqual(trouble, []);
      await close();
    });

    test("asks for nothing outside of its folder", async () => {
      const { page, requested, close } = await open(address());
      await onEverySlide(page, () => []);
      const home = address().replace(/index\.html$/, "");
      const elsewhere = requested.filter(
        (url) => !url.startsWith(home) && !url.startsWith("data:"),
      );
      assert.deepEqual(elsewhere, []);
      assert.ok(requested.length > 1, "the page asked for no style and no script");
      await close();
    });

    test("opens at the slide that the address names", async () => {
      const ids = await withPage(address(), slideIds);
      const { page, close } = await open(`${address()}#/${ids.at(-1)}`);
      await slideIds(page);
      assert.equal(await page.evaluate(() => Reveal.getCurrentSlide().id), ids.at(-1));
      await close();
    });

    test("is walked through by the right arrow, slide by slide", async () => {
      const { page, close } = await open(address());
      const ids = await slideIds(page);
      const seen = [];
      for (const _ of ids) {
        seen.push(await page.evaluate(() => Reveal.getCurrentSlide().id));
        // Code that is walked through takes a press for each of its steps.
        const steps = await page.evaluate(() => Reveal.getCurrentSlide().querySelectorAll(".fragment").length);
        for (let step = 0; step <= steps; step += 1) await page.keyboard.press("ArrowRight");
      }
      assert.deepEqual(seen, ids);
      await page.waitForURL(`**#/${ids.at(-1)}`);
      await close();
    });
  });
}

test("every slide has an id of its own", async () => {
  const ids = await withPage(file, (page) =>
    page.evaluate(() => [...document.querySelectorAll("[id]")].map((node) => node.id)),
  );
  assert.ok(ids.length > 0, "no slide has an id");
  assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
  assert.deepEqual(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)), []);
});

test("every slide fits, and its banner names its checkpoint and covers nothing", async () => {
  assert.deepEqual(await withPage(file, (page) => onEverySlide(page, faults)), []);
});

test("a slide with every hint open still fits", async () => {
  const found = await withPage(file, async (page) => {
    await slideIds(page);
    await page.evaluate(() => {
      for (const hint of document.querySelectorAll(".body details")) hint.open = true;
    });
    return onEverySlide(page, faults);
  });
  assert.deepEqual(found, []);
});

for (const colorScheme of ["light", "dark"]) {
  test(`every text has a contrast of at least 4.5 to 1 in the ${colorScheme}`, async () => {
    const { page, close } = await open(file, { colorScheme });
    assert.deepEqual(await onEverySlide(page, contrasts), []);
    await close();
  });
}

test("a screen reader is not told that the deck is an application", async () => {
  const found = await withPage(file, async (page) => {
    await slideIds(page);
    await page.waitForFunction(() => !document.querySelector("[role=application]"));
    return page.getByRole("main").count();
  });
  assert.equal(found, 1);
});

test("without JavaScript, every slide and its notes can be read", async () => {
  const { page, close } = await open(file, { javaScriptEnabled: false });
  const slides = page.locator("section.slide");
  const count = await slides.count();
  assert.ok(count > 0, "the page has no slides");
  let end = 0;
  for (let index = 0; index < count; index += 1) {
    const slide = slides.nth(index);
    const box = await slide.boundingBox();
    assert.ok(box && box.y >= end - 1, `slide ${index + 1} lies on the one before`);
    end = box.y + box.height;
    assert.ok(await slide.locator("h2").first().isVisible());
    assert.ok(await slide.locator(".notes").isVisible());
    assert.ok(await slide.locator(".banner").isVisible());
  }
  await close();
});

test("a phone shows the whole slide, not a part of it", async () => {
  const { page, close } = await open(file, { viewport: { width: 390, height: 844 } });
  await slideIds(page);
  const box = await page.locator("section.slide.present").boundingBox();
  assert.ok(box.x >= -1 && box.x + box.width <= 391, `from ${box.x}, ${box.width} wide`);
  await close();
});

async function withPage(address, use) {
  const { page, close } = await open(address);
  const value = await use(page);
  await close();
  return value;
}
