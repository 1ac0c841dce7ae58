// Tracks: what `?track=` leaves of the deck, in each of its forms.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { visitor } from "./visit.mjs";

const visit = visitor();
const { file, open, withPage } = visit;

/** The page as an article tells it: contents, totals, numbers. */
const told = (page) =>
  page.evaluate(() => {
    const text = (node) => node?.textContent.replace(/\s+/g, " ").trim();
    return {
      slides: [...document.querySelectorAll("section.slide")].map((slide) => ({
        id: slide.id,
        section: slide.dataset.section,
        minutes: Number(slide.dataset.minutes),
        tracks: slide.dataset.track.split(" "),
        number: text(slide.querySelector(".number")),
      })),
      contents: [...document.querySelectorAll(".contents details")].map((fold) => ({
        minutes: text(fold.querySelector("small")),
        start: fold.querySelector("ol").start,
        ids: [...fold.querySelectorAll("a")].map((link) => link.hash.slice(1)),
      })),
      chapters: document.querySelectorAll("h2.chapter").length,
      size: text(document.querySelector(".masthead .size")),
      end: text(document.querySelector(".colophon")),
      status: text(document.querySelector(".deck-status")),
    };
  });

test("the article of a track has its slides, and its contents, numbers and totals are the track's", async () => {
  const whole = await withPage(`${file}?read`, told);
  const { page, trouble, close } = await open(`${file}?read&track=hour`);
  const found = await told(page);
  const hour = whole.slides.filter(({ tracks }) => tracks.includes("hour"));
  assert.ok(hour.length > 0 && hour.length < whole.slides.length, "the track hides nothing");
  assert.deepEqual(found.slides.map(({ id }) => id), hour.map(({ id }) => id));
  assert.deepEqual(found.slides.map(({ number }) => number), hour.map((_, index) => String(index + 1)));
  const stems = [...new Set(hour.map(({ section }) => section))];
  const wanted = stems.map((stem) => {
    const mine = hour.filter(({ section }) => section === stem);
    const minutes = mine.reduce((sum, slide) => sum + slide.minutes, 0);
    const ids = mine.map(({ id }) => id);
    return { minutes: `${Math.round(minutes)} min`, start: hour.indexOf(mine[0]) + 1, ids };
  });
  assert.deepEqual(found.contents, wanted);
  assert.equal(found.chapters, stems.length);
  assert.equal(found.size, `The track “hour”: ${hour.length} sheets of ${whole.size}`);
  assert.equal(found.end, `End of the track “hour”: ${hour.length} sheets.`);
  assert.equal(found.status, undefined);
  assert.deepEqual(trouble, []);
  await close();
});

for (const query of ["?read", "?print", "?slides"]) {
  test(`a track that nobody knows is named under ${query}, with those that there are`, async () => {
    const whole = await withPage(file + query, told);
    const { page, trouble, close } = await open(`${file}${query}&track=nonsense`);
    const { status, ...rest } = await told(page);
    assert.equal(status, "No track is called “nonsense”: every slide is shown. There are hour, half, day.");
    assert.deepEqual({ ...rest, status: undefined }, whole);
    const box = await page.locator(".deck-status").boundingBox();
    assert.ok(box.height > 20 && box.y >= 0 && box.y + box.height < 200, JSON.stringify(box));
    const title = await page.locator("section.slide h2").first().boundingBox();
    assert.ok(title.y >= box.y + box.height, "it lies on the title");
    const look = await page.locator(".deck-status").evaluate((node) => getComputedStyle(node).backgroundColor);
    assert.notEqual(look, "rgba(0, 0, 0, 0)", "it does not stand out");
    await page.emulateMedia({ media: "print" });
    assert.ok(!(await page.locator(".deck-status").isVisible()), "it is printed");
    assert.deepEqual(trouble, []);
    await close();
  });
}

test("the names are those of deck.toml, and one without slides hides none", async (t) => {
  const copy = await mkdtemp(path.join(os.tmpdir(), "deck-"));
  t.after(() => rm(copy, { recursive: true }));
  await cp(visit.dir, copy, { recursive: true });
  const page = path.join(copy, "index.html");
  const html = await readFile(page, "utf8");
  const listed = /data-tracks="([^"]*)"/.exec(html);
  assert.equal(listed?.[1], "hour half day");
  await writeFile(page, html.replace(listed[0], 'data-tracks="hour week"'));
  const address = pathToFileURL(page).href;
  const other = await withPage(`${address}?read&track=day`, told);
  assert.equal(other.status, "No track is called “day”: every slide is shown. There are hour, week.");
  const empty = await withPage(`${address}?read&track=week`, told);
  assert.equal(empty.status, "The track “week” has no slides yet: every slide is shown.");
  assert.equal(empty.slides.length, other.slides.length);
});
