// The built deck, in a browser: DECK_DIR=deck node --test tests/browser/

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { slideIds } from "./browser.mjs";
import { compare, exceptions, nothing } from "./exceptions.mjs";
import { contrasts, faults } from "./measure.mjs";
import { visitor } from "./visit.mjs";

const visit = visitor();
const { file, open, onEverySlide, withPage } = visit;

// From a server the hour's slides are walked through: accessible.test.mjs serves all of them.
for (const [name, address, track] of [
  ["from a folder", () => file, ""],
  ["from a server", () => visit.served, "?track=hour"],
]) {
  describe(`the deck, opened ${name}`, () => {
    test("walks to its end without an error or a failed request, and asks for nothing outside of its folder", async () => {
      const { page, trouble, requested, close } = await open(address() + track);
      await onEverySlide(page, () => []);
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

    test("is walked through by the right arrow, slide by slide", async () => {
      const { page, close } = await open(address() + track);
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

test("every slide fits on every screen, and its banner names its checkpoint and covers nothing", async () => {
  const found = [];
  for (const [width, height] of [[1280, 720], [1920, 1080], [1024, 768]]) {
    const viewport = { width, height };
    const here = await withPage(file, (page) => onEverySlide(page, faults), { viewport });
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
  const { page, close } = await open(file);
  const ids = await slideIds(page);
  const seen = [];
  for (const index of ids.keys()) {
    await page.evaluate((at) => Reveal.slide(at), index);
    seen.push(
      await page.evaluate(() => {
        const body = Reveal.getCurrentSlide().querySelector(".body");
        const size = (node) => node && parseFloat(getComputedStyle(node).fontSize);
        const last = body.lastElementChild;
        const free = body.clientHeight - (last.offsetTop + last.offsetHeight);
        const code = size(body.querySelector("pre"));
        return { fit: Number(body.dataset.fit), code, title: size(body.querySelector("h2")), free };
      }),
    );
  }
  assert.deepEqual([...new Set(seen.map(({ title }) => title))], [44]);
  assert.ok(seen.every(({ code }) => code === null || code >= 22), "code is too small");
  assert.deepEqual([...new Set(seen.map(({ fit }) => fit))].sort(), [0, 1, 2, 3, 4]);
  await close();
});

test("what a slide grows by is the same in a preview, on paper and on a larger screen", async () => {
  const fits = (page) =>
    page.evaluate(() => [...document.querySelectorAll("section.slide")].map((slide) => slide.querySelector(".body").dataset.fit));
  const walked = async (page) => {
    await onEverySlide(page, () => []);
    return fits(page);
  };
  const plain = await withPage(file, walked);
  assert.deepEqual(await withPage(file, walked, { viewport: { width: 1920, height: 1080 } }), plain);
  assert.deepEqual(await withPage(`${file}?slides&receiver`, walked, { viewport: { width: 480, height: 270 } }), plain);
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
