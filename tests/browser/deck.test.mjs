// The built deck, in a browser: DECK_DIR=deck node --test tests/browser/

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { slideIds } from "./browser.mjs";
import { compare, exceptions, nothing } from "./exceptions.mjs";
import { contrasts, faults } from "./measure.mjs";
import { lookAtEverySlide, sentences, visitor } from "./visit.mjs";

const visit = visitor();
const { file, open, onEverySlide, withPage } = visit;

/** What is seen on every slide, in the light, at one size of the window: walked once, for all who ask. */
const walks = new Map();
const walked = (width, height) => {
  const size = `${width}x${height}`;
  if (!walks.has(size)) {
    const looks = { faults, contrasts, letters };
    walks.set(size, withPage(file, (page) => lookAtEverySlide(page, looks), { viewport: { width, height } }));
  }
  return walks.get(size);
};

/** By how much a slide has grown, and the size of its letters. */
function letters() {
  const body = Reveal.getCurrentSlide().querySelector(".body");
  const size = (node) => node && parseFloat(getComputedStyle(node).fontSize);
  return { fit: body.dataset.fit, code: size(body.querySelector("pre")), title: size(body.querySelector("h2")) };
}

// From a server the hour's slides are walked through: accessible.test.mjs serves all of them.
for (const [name, address, track] of [
  ["from a folder", () => file, ""],
  ["from a server", () => visit.served, "?track=hour"],
]) {
  describe(`the deck, opened ${name}`, () => {
    test("is walked to its end by the right arrow, slide by slide, without an error, and asks for nothing outside of its folder", async () => {
      const { page, trouble, requested, close } = await open(address() + track);
      const ids = await slideIds(page);
      const seen = [];
      for (const _ of ids) {
        // Code that is walked through takes a press for each of its steps.
        const [id, steps] = await page.evaluate(() => {
          const slide = Reveal.getCurrentSlide();
          return [slide.id, slide.querySelectorAll(".fragment").length];
        });
        seen.push(id);
        for (let step = 0; step <= steps; step += 1) await page.keyboard.press("ArrowRight");
      }
      assert.deepEqual(seen, ids);
      await page.waitForURL(`**#/${ids.at(-1)}`);
      assert.deepEqual(trouble, []);
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

test("every slide fits on every screen, and its banner names its checkpoint and covers nothing", async () => {
  const found = [];
  for (const [width, height] of [[1280, 720], [1920, 1080], [1024, 768]]) {
    const here = sentences(await walked(width, height), "faults");
    found.push(...here.map((fault) => `${width}x${height} ${fault}`));
  }
  assert.deepEqual(compare(found, exceptions), nothing);
});

test("a slide is there at once: none lies over another for a while", async () => {
  const slow = await withPage(file, (page) => page.evaluate(() =>
    [...document.querySelectorAll("section.slide")]
      .filter((slide) => getComputedStyle(slide).transitionDuration.split(", ").some((one) => one !== "0s"))
      .map((slide) => slide.id)));
  assert.deepEqual(slow, []);
});

test("an exception that is no longer needed is a failure", () => {
  const { found, ...good } = compare(["a: high", "b: wide"], ["b: wide", "c: high"]);
  assert.deepEqual([found, Object.values(good)], [["a: high"], [["c: high"]]]);
});

test("a fault that is planted on a slide is found", async () => {
  const found = await withPage(file, async (page) => {
    const [first] = await slideIds(page);
    await page.evaluate((id) => {
      const body = document.querySelector(`#${id} .body`);
      body.innerHTML = `<h2>t</h2><figure class="code"><pre><code>${"x".repeat(200)}\n${"y\n".repeat(40)}</code></pre></figure>`;
      Reveal.slide(0);
    }, first);
    return (await page.evaluate(faults)).join("; ");
  });
  assert.match(found, /too wide: (pre|code)/);
  assert.match(found, /too high: div/);
});

test("a slide with room to spare has larger letters, a full one has not, and titles stay where they are", async () => {
  const seen = (await walked(1280, 720)).map((slide) => slide.letters);
  assert.deepEqual([...new Set(seen.map(({ title }) => title))], [44]);
  assert.ok(seen.every(({ code }) => code === null || code >= 22), "code is too small");
  assert.deepEqual([...new Set(seen.map(({ fit }) => fit))].sort(), ["0", "1", "2", "3", "4"]);
});

test("what a slide grows by is the same in a preview, on paper and on a larger screen", async () => {
  const grown = async (width, height) => (await walked(width, height)).map((slide) => slide.letters.fit);
  const plain = await grown(1280, 720);
  assert.deepEqual(await grown(1920, 1080), plain);
  const inPreview = (page) => lookAtEverySlide(page, { letters });
  const preview = await withPage(`${file}?slides&receiver`, inPreview, { viewport: { width: 480, height: 270 } });
  assert.deepEqual(preview.map((slide) => slide.letters.fit), plain);
  const fits = (page) =>
    page.evaluate(() => [...document.querySelectorAll("section.slide")].map((slide) => slide.querySelector(".body").dataset.fit));
  assert.deepEqual(await withPage(`${file}?print`, fits), plain);
  const article = await withPage(`${file}?read`, fits);
  assert.deepEqual(article.filter(Boolean), []);
});

test("a slide with every hint open still fits", async () => {
  const found = await withPage(file, async (page) => {
    await slideIds(page);
    await page.evaluate(() => {
      for (const hint of document.querySelectorAll(".body details")) hint.open = true;
    });
    return onEverySlide(page, faults, ".body details");
  });
  assert.deepEqual(found, []);
});

test("every text has a contrast of at least 4.5 to 1, light and dark", async () => {
  assert.deepEqual(sentences(await walked(1280, 720), "contrasts"), []);
  const { page, close } = await open(file, { colorScheme: "dark" });
  assert.deepEqual(await onEverySlide(page, contrasts), []);
  await close();
});

test("a screen reader is not told that the deck is an application", async () => {
  const found = await withPage(file, async (page) => {
    await slideIds(page);
    await page.waitForFunction(() => !document.querySelector("[role=application]"));
    return page.getByRole("main").count();
  });
  assert.equal(found, 1);
});
