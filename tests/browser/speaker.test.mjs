// The speaker view and the tracks, in a browser: DECK_DIR=deck node --test tests/browser/
// The file is long because two windows that talk can go wrong in many ways.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { deckDir, launch, slideIds } from "./browser.mjs";
import { isLetGo } from "./visit.mjs";

const dir = deckDir();
const file = pathToFileURL(path.join(dir, "index.html")).href;
const NOON = new Date("2026-11-23T12:00:00Z");
let browser;
let server;

before(async () => {
  browser = await launch();
  server = await serveStrictly();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Serves the deck under the strictest policy that lets it load its own files. */
async function serveStrictly() {
  const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
  const serving = createServer(async (request, response) => {
    const asked = new URL(request.url, "http://localhost").pathname;
    const name = asked === "/" ? "index.html" : asked.slice(1);
    try {
      const bytes = await readFile(path.join(dir, name));
      const type = types[path.extname(name)] ?? "application/octet-stream";
      response
        .writeHead(200, {
          "content-type": `${type}; charset=utf-8`,
          "content-security-policy": "default-src 'self'",
        })
        .end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => serving.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${serving.address().port}/`,
    close: () => new Promise((resolve) => serving.close(resolve)),
  };
}

// The hour's slides stand for all: each window and each preview is ready sooner.
const HOUR = "?track=hour";

/** Opens the deck with a clock that only the test moves; trouble fills up. */
async function open(address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  await context.clock.install({ time: NOON });
  const trouble = [];
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) trouble.push(message.text());
  });
  context.on("weberror", (error) => trouble.push(String(error.error())));
  context.on("requestfailed", (request) => {
    if (!isLetGo(request)) trouble.push(`failed: ${request.url()}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) trouble.push(`${response.status()}: ${response.url()}`);
  });
  const page = await context.newPage();
  await page.goto(address);
  const ids = await slideIds(page);
  return { context, page, ids, trouble, close: () => context.close() };
}

/** Presses S and waits until the speaker view shows the deck's slide. */
async function openSpeaker(deck) {
  const [speaker] = await Promise.all([
    deck.context.waitForEvent("page"),
    deck.page.keyboard.press("s"),
  ]);
  await speaker.waitForLoadState();
  await onSlide(speaker, deck, await current(deck));
  return speaker;
}

const current = (deck) => deck.page.evaluate(() => Reveal.getCurrentSlide().id);

/** Waits until deck, speaker view and preview agree on the slide. */
async function onSlide(speaker, deck, id) {
  await deck.page.waitForFunction((wanted) => Reveal.getCurrentSlide().id === wanted, id);
  const number = deck.ids.indexOf(id) + 1;
  await text(speaker, "#number", `${number} of ${deck.ids.length}`);
  await speaker.frameLocator("#current").locator(`section.present[id="${id}"]`).waitFor();
}

/** Waits until the element says this, or a text that fits the pattern. */
async function text(page, selector, wanted) {
  await page.waitForFunction(
    ([at, source, isPattern]) => {
      const found = document.querySelector(at)?.textContent ?? "";
      return isPattern ? new RegExp(source).test(found) : found === source;
    },
    [selector, wanted.source ?? wanted, wanted instanceof RegExp],
  );
}

for (const [name, address] of [
  ["from a folder", () => file],
  ["from a server with default-src 'self'", () => server.url],
]) {
  describe(`the speaker view, opened ${name}`, () => {
    test("shows the notes, this slide and the next, and what to type", async () => {
      const deck = await open(address() + HOUR);
      const speaker = await openSpeaker(deck);
      const found = await deck.page.evaluate(() => {
        const slide = Reveal.getCurrentSlide();
        return {
          title: slide.querySelector("h2").textContent,
          notes: slide.querySelector(".notes").textContent.trim(),
          at: slide.dataset.at,
        };
      });
      assert.equal(await speaker.textContent("h1"), found.title);
      assert.equal((await speaker.textContent("#notes")).trim(), found.notes);
      assert.ok((await speaker.textContent("#command")).startsWith(`This slide stands at ${found.at}.`));
      const next = speaker.frameLocator("#next").locator("section.present");
      await next.and(speaker.frameLocator("#next").locator(`[id="${deck.ids[1]}"]`)).waitFor();
      assert.ok(await speaker.frameLocator("#current").locator("section.present .banner").isVisible());
      assert.deepEqual(deck.trouble, []);
      await deck.close();
    });

    test("turns the slides in both directions, and follows the deck's own keys", async () => {
      const deck = await open(address() + HOUR);
      const speaker = await openSpeaker(deck);
      await speaker.keyboard.press("ArrowRight");
      await onSlide(speaker, deck, deck.ids[1]);
      await speaker.keyboard.press(" ");
      await onSlide(speaker, deck, deck.ids[2]);
      await speaker.keyboard.press("ArrowLeft");
      await onSlide(speaker, deck, deck.ids[1]);
      await speaker.getByRole("button", { name: "Back" }).click();
      await onSlide(speaker, deck, deck.ids[0]);
      await deck.page.keyboard.press("ArrowRight");
      await onSlide(speaker, deck, deck.ids[1]);
      await deck.page.waitForURL(`**#/${deck.ids[1]}`);
      await speaker.keyboard.press("End");
      await onSlide(speaker, deck, deck.ids.at(-1));
      assert.deepEqual(deck.trouble, []);
      await deck.close();
    });

    test("says the command before it is needed, and what it changes", async () => {
      const deck = await open(address() + HOUR);
      const speaker = await openSpeaker(deck);
      const tags = await deck.page.evaluate(() => Reveal.getSlides().map((one) => one.dataset.at));
      const last = tags.findIndex((tag, index) => tags[index + 1] !== tag);
      assert.ok(last > 0, "the first checkpoint has one slide only");
      await text(speaker, "#command", new RegExp(`In ${last + 1} slides: stage go ${tags[last + 1]}$`));
      assert.equal(await speaker.locator("#command.due").count(), 0);
      for (let step = 0; step < last; step += 1) await speaker.keyboard.press("ArrowRight");
      await text(speaker, "#command.due", new RegExp(`(Before the next one:|type it, or) stage go ${tags[last + 1]}$`));
      const difference = await speaker.textContent("#difference");
      assert.ok(difference.startsWith(`next ${tags[last + 1]}: `), difference);
      assert.ok((await speaker.locator("#difference .added").count()) > 0, difference);
      assert.match(tags[last + 1], /\d$/, "the first step is typed");
      await speaker.keyboard.press("ArrowRight");
      await text(speaker, "#difference", new RegExp(`^here ${tags[last + 1]}: `));
      assert.deepEqual(deck.trouble, []);
      await deck.close();
    });

    test("starts its clock at the first step forward and says how late it is", async () => {
      const deck = await open(address() + HOUR);
      const speaker = await openSpeaker(deck);
      await text(speaker, "#session", /^0:00 used/);
      await deck.context.clock.runFor("05:00");
      await text(speaker, "#session", /^0:00 used/);
      assert.match(await speaker.textContent("#pace"), /^The clock starts/);
      await speaker.keyboard.press("ArrowRight");
      await onSlide(speaker, deck, deck.ids[1]);
      await text(speaker, "#pace", "on time");
      await deck.context.clock.runFor("30:00");
      await text(speaker, "#session", /^30:/);
      await text(speaker, "#section", / over$/);
      await text(speaker, "#pace", /^\d+ minutes late: .+/);
      await speaker.keyboard.press("t");
      await text(speaker, "#pace", /\(the clock is stopped\)$/);
      const stopped = await speaker.textContent("#session");
      await deck.context.clock.runFor("10:00");
      assert.equal(await speaker.textContent("#session"), stopped);
      await speaker.keyboard.press("Shift+R");
      await text(speaker, "#session", /^0:00 used/);
      await text(speaker, "#pace", /^The clock starts/);
      assert.deepEqual(deck.trouble, []);
      await deck.close();
    });

    test("survives a reload of either window", async () => {
      const deck = await open(address() + HOUR);
      const speaker = await openSpeaker(deck);
      await speaker.keyboard.press("ArrowRight");
      await onSlide(speaker, deck, deck.ids[1]);
      await deck.context.clock.runFor("05:00");
      await text(speaker, "#session", /^5:/);

      await speaker.reload();
      await deck.context.clock.runFor(1000);
      await onSlide(speaker, deck, deck.ids[1]);
      await text(speaker, "#session", /^5:/);

      await deck.page.reload();
      await slideIds(deck.page);
      await deck.context.clock.runFor(1000);
      await speaker.keyboard.press("ArrowRight");
      await onSlide(speaker, deck, deck.ids[2]);
      await text(speaker, "#session", /^5:/);
      assert.deepEqual(deck.trouble, []);
      await deck.close();
    });

    test("is found again, and its previews are new, when the deck has been reloaded", async () => {
      const deck = await open(address() + HOUR);
      const speaker = await openSpeaker(deck);
      await speaker.evaluate(() => {
        globalThis.loads = [];
        for (const frame of document.querySelectorAll("iframe")) {
          frame.addEventListener("load", () => globalThis.loads.push(frame.id));
        }
      });
      await deck.page.reload();
      await slideIds(deck.page);
      await deck.context.clock.runFor(1000);
      await speaker.waitForFunction(() => ["current", "next"].every((id) => globalThis.loads.includes(id)));
      // Before it greets: the deck knows no window.
      await deck.page.reload();
      await slideIds(deck.page);
      await deck.page.keyboard.press("s");
      await speaker.waitForLoadState();
      await deck.context.clock.runFor(1000);
      await onSlide(speaker, deck, deck.ids[0]);
      assert.equal(deck.context.pages().length, 2);
      await deck.close();
    });

    test("says so when the deck's window shows something else", async () => {
      const deck = await open(address() + HOUR);
      const speaker = await openSpeaker(deck);
      await deck.page.goto(`${address()}?read`);
      for (let half = 0; half < 9; half += 1) await deck.context.clock.runFor(500);
      await text(speaker, "#status", "The deck does not answer: is its window on the slides?");
      await deck.page.goto(`${address()}?slides&track=hour`);
      await slideIds(deck.page);
      await deck.context.clock.runFor(1000);
      await text(speaker, "#status", "");
      await deck.close();
    });

    test("is opened once, and goes on where it was when it has been closed", async () => {
      const deck = await open(address() + HOUR);
      await deck.page.evaluate(() => {
        const { open } = window;
        window.open = (...args) => (globalThis.view = open(...args));
      });
      const speaker = await openSpeaker(deck);
      await speaker.keyboard.press("ArrowRight");
      await onSlide(speaker, deck, deck.ids[1]);
      await deck.page.keyboard.press("s");
      assert.equal(deck.context.pages().length, 2);
      await deck.context.clock.runFor("05:00");
      await speaker.close();
      await deck.page.waitForFunction(() => globalThis.view.closed);
      const again = await openSpeaker(deck);
      await text(again, "#session", /^5:/);
      assert.deepEqual(deck.trouble, []);
      await deck.close();
    });

    test("hides the slides of other tracks, in the previews too", async () => {
      const deck = await open(address());
      const all = await deck.page.evaluate(() =>
        Reveal.getSlides().map((slide) => [slide.id, slide.dataset.track.split(" ")]),
      );
      const hour = all.filter(([, tracks]) => tracks.includes("hour")).map(([id]) => id);
      assert.ok(hour.length < all.length, "every slide is in the track");
      await deck.close();

      const short = await open(`${address()}${HOUR}`);
      assert.deepEqual(short.ids, hour);
      assert.equal(await short.page.locator(".deck-status").count(), 0);
      const hidden = all.findIndex(([id]) => !hour.includes(id));
      const before = all[hidden - 1][0];
      await short.page.evaluate((at) => Reveal.slide(at), hour.indexOf(before));
      const speaker = await openSpeaker(short);
      const after = hour[hour.indexOf(before) + 1];
      await speaker.frameLocator("#next").locator(`section.present[id="${after}"]`).waitFor();
      const numbers = await short.page.evaluate(() =>
        Reveal.getSlides().map((slide) => slide.querySelector(".number").textContent),
      );
      assert.deepEqual(numbers, hour.map((_, index) => String(index + 1)));
      assert.deepEqual(short.trouble, []);
      await short.close();
    });
  });
}

test("a preview has no keys, and writes no address", async () => {
  const deck = await open(`${file}?receiver`);
  await deck.page.keyboard.press("ArrowRight");
  await deck.page.keyboard.press("s");
  assert.equal(await current(deck), deck.ids[0]);
  assert.equal(deck.page.url(), `${file}?receiver`);
  assert.equal(deck.context.pages().length, 1);
  await deck.close();
});

test("a window of another page cannot turn the slides", async () => {
  const deck = await open(server.url);
  const stranger = await deck.context.newPage();
  await stranger.goto(file);
  const [page] = await Promise.all([
    deck.context.waitForEvent("page"),
    stranger.evaluate((address) => {
      globalThis.opened = window.open(address);
    }, server.url),
  ]);
  await slideIds(page);
  await page.evaluate(() => {
    globalThis.heard = 0;
    addEventListener("message", (event) => {
      if (event.source === window.opener) globalThis.heard += 1;
    });
  });
  await stranger.evaluate(() => {
    const step = { speakerView: "step", value: "next" };
    for (const message of [{ speakerView: "hello" }, step, '{"method":"next"}']) {
      globalThis.opened.postMessage(message, "*");
    }
  });
  await page.waitForFunction(() => globalThis.heard === 3);
  assert.equal(await page.evaluate(() => Reveal.getCurrentSlide().id), deck.ids[0]);
  await deck.close();
});

test("a speaker view that cannot be opened is a sentence on the deck", async () => {
  const deck = await open(file + HOUR);
  const status = deck.page.getByRole("status").filter({ hasText: "speaker view" });
  await deck.page.evaluate(() => {
    window.open = () => null;
  });
  await deck.page.keyboard.press("s");
  assert.match(await status.textContent(), /has blocked the speaker view: allow pop-ups/);
  await deck.page.keyboard.press("ArrowRight");
  await status.waitFor({ state: "detached" });
  assert.equal(deck.context.pages().length, 1);
  await deck.close();
});

test("the previews follow each fragment, and the next one is a fragment ahead", async () => {
  const copy = await mkdtemp(path.join(os.tmpdir(), "deck-"));
  try {
    await cp(dir, copy, { recursive: true });
    const page = path.join(copy, "index.html");
    const fragments = '<p class="fragment">one</p><p class="fragment">two</p></div>\n<footer';
    const html = await readFile(page, "utf8");
    await writeFile(page, html.replace("</div>\n<footer", fragments));
    const deck = await open(pathToFileURL(page).href + HOUR);
    const speaker = await openSpeaker(deck);
    const seen = (frame, count) =>
      speaker
        .frameLocator(frame)
        .locator("section.present .fragment.visible")
        .nth(count - 1)
        .waitFor();
    await seen("#next", 1);
    assert.equal(await speaker.frameLocator("#current").locator(".fragment.visible").count(), 0);
    await speaker.keyboard.press("ArrowRight");
    await seen("#current", 1);
    await seen("#next", 2);
    assert.equal(await speaker.frameLocator("#current").locator(".fragment.visible").count(), 1);
    assert.equal(await current(deck), deck.ids[0]);
    await speaker.keyboard.press("ArrowRight");
    await seen("#current", 2);
    await speaker.frameLocator("#next").locator(`section.present[id="${deck.ids[1]}"]`).waitFor();
    await speaker.keyboard.press("ArrowLeft");
    await speaker.frameLocator("#current").locator("p.fragment:not(.visible)").waitFor();
    assert.deepEqual(deck.trouble, []);
    await deck.close();
  } finally {
    await rm(copy, { recursive: true });
  }
});

test("a speaker view without a deck says what to do", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(new URL("speaker.html", file).href);
  await text(page, "#status", "This window has no deck: open the deck and press S in it.");
  await context.close();
});

test("the speaker view's parts do not overlap, its texts stand out, light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const deck = await open(file + HOUR, { colorScheme });
    const speaker = await openSpeaker(deck);
    const overlaps = () => {
      const parts = [...document.querySelectorAll("header, #status, main > section *, footer")]
        .filter((node) => !node.closest("#notes *, #difference *, #command *"))
        .map((node) => [node.id || node.textContent, node.getBoundingClientRect()]);
      const found = parts.filter(([, one]) => one.bottom > innerHeight || one.right > innerWidth);
      for (const [index, [, one]] of parts.entries()) {
        for (const [name, other] of parts.slice(index + 1)) {
          const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
          const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
          if (high > 1 && wide > 1) found.push([parts[index][0], name]);
        }
      }
      return found;
    };
    for (const [width, height] of [[1360, 768], [1280, 800], [1024, 768], [900, 600]]) {
      await speaker.setViewportSize({ width, height });
      assert.deepEqual(await speaker.evaluate(overlaps), [], `${width} by ${height}`);
      const room = await speaker.evaluate(() => document.querySelector("#notes").clientHeight);
      assert.ok(room > height / 4, `notes have ${room} px of ${height}`);
    }
    // No room for all: it scrolls, and nothing lies on anything or leaves the window sideways.
    for (const [width, height] of [[640, 400], [320, 480]]) {
      await speaker.setViewportSize({ width, height });
      const found = await speaker.evaluate(overlaps);
      assert.deepEqual(found.filter((one) => typeof one[1] === "string" && one[0] !== "header"), []);
      assert.equal(await speaker.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    }
    const faint = await speaker.evaluate(() => {
      const light = ([red, green, blue]) =>
        [red, green, blue]
          .map((part) => part / 255)
          .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
          .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
      const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
      const ground = (node) => {
        const colour = parts(getComputedStyle(node).backgroundColor);
        return colour.length === 4 && colour[3] === 0 && node.parentElement
          ? ground(node.parentElement)
          : colour;
      };
      const found = [];
      for (const node of document.querySelectorAll("body *")) {
        const has = [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
        if (!has) continue;
        const pair = [light(parts(getComputedStyle(node).color)), light(ground(node))];
        const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        if (ratio < 4.5) found.push(`${node.tagName} ${node.className}: ${ratio.toFixed(2)}`);
      }
      return found;
    });
    assert.deepEqual(faint, []);
    await deck.close();
  }
});
