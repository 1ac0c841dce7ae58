// A page that is loaded again in mid-talk, by a saved slide or by a key, and a
// page of which something does not arrive.

import assert from "node:assert/strict";
import { test } from "node:test";

import { slideIds } from "./browser.mjs";
import { visitor } from "./visit.mjs";

const visit = visitor();
const { file, open } = visit;
const place = () => [Reveal.getCurrentSlide().id, Reveal.getIndices().f ?? -1];
const reloaded = async (page) => {
  await Promise.all([page.waitForEvent("load"), page.evaluate(() => location.reload())]);
  await slideIds(page);
};

for (const [name, address] of [
  ["from a folder", () => file],
  ["from a server", () => visit.served],
]) {
  test(`the deck, opened ${name} and reloaded right after quick steps, is where it was`, async () => {
    const { page, trouble, close } = await open(address());
    const ids = await slideIds(page);
    // All within the second in which reveal.js writes no address.
    await page.evaluate(() => {
      for (let step = 0; step < 5; step += 1) Reveal.next();
      location.reload();
    });
    await page.waitForFunction((id) => globalThis.Reveal?.isReady() && Reveal.getCurrentSlide().id === id, ids[5]);
    assert.deepEqual(trouble, []);
    await close();
  });
}

test("a reload keeps the step of the slide, too", async () => {
  const { page, close } = await open(file);
  await slideIds(page);
  await page.evaluate(() => {
    Reveal.slide(Reveal.getSlides().findIndex((slide) => slide.querySelector(".fragment")));
    Reveal.next();
  });
  const before = await page.evaluate(place);
  assert.equal(before[1], 0);
  await reloaded(page);
  assert.deepEqual(await page.evaluate(place), before);
  await close();
});

test("an address that is opened anew wins over where the deck was", async () => {
  const { page, close } = await open(file);
  const ids = await slideIds(page);
  await page.evaluate(() => Reveal.slide(9));
  await page.goto("about:blank");
  await page.goto(`${file}#/${ids[3]}`);
  await slideIds(page);
  assert.equal((await page.evaluate(place))[0], ids[3]);
  await reloaded(page);
  assert.equal((await page.evaluate(place))[0], ids[3]);
  await close();
});

test("a window that has become narrow, or is zoomed to twice the size, shows slides after a reload", async () => {
  const { page, close } = await open(file);
  await slideIds(page);
  await page.setViewportSize({ width: 640, height: 360 });
  await reloaded(page);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.mode), "slides");
  await close();
});

test("without reveal.js, or before it has come, the page is an article", async () => {
  const { page, close } = await open("about:blank");
  await page.route("**/reveal.js", (route) => route.abort());
  await page.goto(visit.served);
  await page.getByRole("link", { name: "Print", exact: true }).waitFor();
  const slides = await page.locator("section.slide").all();
  assert.ok(slides.length > 0);
  for (const slide of [slides[0], slides.at(-1)]) assert.ok(await slide.locator(".notes").isVisible());
  await close();
});

test("the way back from the article leads to the slide", async () => {
  const { page, close } = await open(file);
  const ids = await slideIds(page);
  await page.evaluate((id) => (location.hash = `#/${id}`), ids[6]);
  await page.getByRole("link", { name: "Read", exact: true }).click();
  await page.waitForURL(/\?read/);
  await page.goBack();
  await slideIds(page);
  assert.equal((await page.evaluate(place))[0], ids[6]);
  await close();
});
