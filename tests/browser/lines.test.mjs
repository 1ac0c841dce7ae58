// Stepping through the lines of a fence, in the built deck.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { deckDir, launch, slideIds } from "./browser.mjs";
import { contrasts } from "./measure.mjs";

const file = pathToFileURL(path.join(deckDir(), "index.html")).href;
let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

/** Opens the deck, or what it prints, where code is walked through first. */
async function open(options = {}, query = "") {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  const page = await context.newPage();
  await page.goto(`${file}${query}`);
  return page;
}

const walked = async (page) => {
  await slideIds(page);
  await page.evaluate(() => {
    Reveal.slide(Reveal.getSlides().findIndex((slide) => slide.querySelector("[data-lines]")));
  });
};

/** What the slide says of the step that it is at, and what is marked. */
const step = (page) =>
  page.evaluate(() => {
    const slide = Reveal.getCurrentSlide();
    const figure = slide.querySelector("figure[data-lines]");
    if (!figure) return null;
    const steps = [figure, ...figure.querySelectorAll(".fragment")].map((it) => it.dataset.lines);
    const lines = [...figure.querySelectorAll(".line")];
    const marked = lines.flatMap((line, at) => (line.matches(".on") ? [at + 1] : []));
    return { steps, marked };
  });

const numbers = (group) =>
  group.split(",").flatMap((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });

test("each step forward and back marks its lines, on the same slide", async () => {
  const page = await open();
  await walked(page);
  const { steps } = await step(page);
  assert.ok(steps.length > 1, "no fence of the deck has steps");
  for (const [at, group] of steps.entries()) {
    if (at > 0) await page.keyboard.press("ArrowRight");
    assert.deepEqual((await step(page)).marked, numbers(group), `step ${at}`);
  }
  for (const group of steps.slice(0, -1).reverse()) {
    await page.keyboard.press("ArrowLeft");
    assert.deepEqual((await step(page)).marked, numbers(group));
  }
  await page.context().close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`no line is hard to read at any step in the ${colorScheme}`, async () => {
    const page = await open({ colorScheme });
    await walked(page);
    for (const _ of (await step(page)).steps) {
      assert.deepEqual(await page.evaluate(contrasts), []);
      const opacities = await page.evaluate(() =>
        [...Reveal.getCurrentSlide().querySelectorAll(".line")].map(
          (line) => getComputedStyle(line).opacity,
        ),
      );
      assert.deepEqual([...new Set(opacities)], ["1"]);
      await page.keyboard.press("ArrowRight");
    }
    await page.context().close();
  });
}

test("what is walked through is copied as it stands in the source", async () => {
  const page = await open();
  await walked(page);
  const code = await page.evaluate(
    () => Reveal.getCurrentSlide().querySelector("[data-lines] code").textContent,
  );
  assert.match(code, /^\[package\]\nname = "dunder"\n/);
  assert.equal(code.split("\n\n").length, 3);
  await page.context().close();
});

test("without JavaScript and in print, no line is marked", async () => {
  const marked = (page) => page.locator(".line.on").count();
  const plain = await open({ javaScriptEnabled: false });
  assert.ok((await plain.locator(".line").count()) > 0);
  assert.equal(await marked(plain), 0);
  await plain.context().close();

  const print = await open({}, "?print");
  assert.equal(await marked(print), 0);
  await print.context().close();

  const printed = await open();
  await walked(printed);
  await printed.emulateMedia({ media: "print" });
  const marks = printed.locator(".line.on");
  assert.ok((await marks.count()) > 0);
  const looks = await marks.evaluateAll((lines) => lines.map((line) => getComputedStyle(line).boxShadow));
  assert.deepEqual([...new Set(looks)], ["none"]);
  await printed.context().close();
});
