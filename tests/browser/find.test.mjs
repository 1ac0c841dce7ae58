// Keys: finding a slide, light and dark, and reaching everything without a mouse.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { slideIds } from "./browser.mjs";
import { visitor } from "./visit.mjs";

const visit = visitor();
const { file, open, withPage } = visit;
const current = (page) => page.evaluate(() => Deck.here());

for (const [name, query] of [["on slides", "?slides"], ["in the article", "?read"]]) {
  describe(`finding, ${name}`, () => {
    const opened = async () => {
      const all = await open(file + query);
      if (query === "?slides") await slideIds(all.page);
      return all;
    };
    const ask = async (page, words) => {
      await page.keyboard.press("/");
      await page.keyboard.type(words);
    };

    test("a key opens the contents, with every slide by section, and Escape closes them", async () => {
      const { page, close } = await opened();
      const ids = await page.evaluate(() => Deck.slides().map(({ id }) => id));
      for (const key of ["/", "g", "Control+k"]) {
        await page.keyboard.press(key);
        const links = page.locator("dialog .results a");
        assert.equal(await links.count(), ids.length, key);
        assert.ok((await page.locator("dialog .section").count()) > 1);
        await page.keyboard.press("Escape");
        assert.equal(await page.locator("dialog[open]").count(), 0);
      }
      await page.getByRole("button", { name: "Contents" }).click();
      assert.equal(await page.locator("dialog[open]").count(), 1);
      await close();
    });

    test("a number, an id and words lead to a slide", async () => {
      const { page, trouble, close } = await opened();
      const slides = await page.evaluate(() =>
        Deck.slides().map((slide) => ({ id: slide.id, title: slide.querySelector("h2").textContent })),
      );
      const at = slides.length - 3;
      for (const words of [String(at + 1), slides[at].id, `#/${slides[at].id}`, slides[at].title]) {
        await ask(page, "1");
        await page.keyboard.press("Enter");
        assert.equal(await current(page), slides[0].id);
        await ask(page, words);
        await page.keyboard.press("Enter");
        assert.equal(await current(page), slides[at].id, words);
        await page.waitForURL(`**#/${slides[at].id}`);
      }
      assert.deepEqual(trouble, []);
      await close();
    });

    test("text, code and notes are searched, all words must be there, and arrows choose", async () => {
      const { page, close } = await opened();
      const words = await page.evaluate(() => {
        const word = (node) => /[A-Za-z_]{5,}/.exec(node?.textContent)?.[0];
        const parts = ["pre", ".notes", ".body :is(p, li)"];
        const candidates = Deck.slides().map((slide) => ({
          id: slide.id,
          all: parts.map((part) => word(slide.querySelector(part))),
        }));
        return candidates.find(({ all }) => all.every(Boolean));
      });
      for (const word of [...words.all, words.all.join(" ")]) {
        await ask(page, word);
        const hrefs = await page.locator("dialog .results a").evaluateAll((all) => all.map(({ hash }) => hash));
        assert.ok(hrefs.includes(`#/${words.id}`), word);
        await page.keyboard.press("Escape");
      }
      await ask(page, `${words.all[0]} zzqx`);
      assert.equal(await page.locator("dialog .results a").count(), 0);
      assert.equal(await page.locator("dialog [role=status]").textContent(), "Not on any sheet.");
      await page.keyboard.press("Escape");
      await ask(page, "e");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      const second = await page.locator("dialog .results a").nth(1).getAttribute("href");
      await page.keyboard.press("Enter");
      assert.equal(`#/${await current(page)}`, second);
      await close();
    });
  });
}

test("a word that would be HTML is text", async () => {
  const { page, trouble, close } = await open(file);
  await slideIds(page);
  await page.keyboard.press("/");
  await page.keyboard.type("<img src=x onerror=alert(1)>");
  assert.equal(await page.locator("dialog img").count(), 0);
  assert.deepEqual(trouble, []);
  await close();
});

test("a key makes the page dark or light, and it stays so", async () => {
  for (const [colorScheme, other] of [["light", "dark"], ["dark", "light"]]) {
    const { page, close } = await open(file, { colorScheme });
    await slideIds(page);
    const paper = () => page.evaluate(() => getComputedStyle(document.querySelector(".slide")).backgroundColor);
    const before = await paper();
    await page.keyboard.press("d");
    const after = await paper();
    assert.notEqual(after, before);
    await page.reload();
    await slideIds(page);
    assert.equal(await paper(), after);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), other);
    await page.getByRole("button", { name: colorScheme === "dark" ? "Dark" : "Light" }).click();
    assert.equal(await paper(), before);
    await close();
  }
});

test("Tab reaches the skip link, hints, links and tools, each with a visible frame", async () => {
  for (const query of ["?slides", "?read"]) {
    const { page, close } = await open(file + query);
    if (query === "?slides") await slideIds(page);
    const slide = await page.evaluate(() => {
      const found = Deck.slides().find((each) => each.querySelector(".body summary"));
      Deck.go(found.id);
      return found.id;
    });
    const reached = [];
    const bare = [];
    // From the slide's heading to the end of the page, and once round.
    for (let ends = 0, step = 0; ends < 2 && step < 600; step += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const node = document.activeElement;
        if (node === document.body || node === document.documentElement) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(node);
        const inSlide = node.closest("section.slide")?.id ?? "";
        const name = node.matches("summary, .skip") || node.closest(".tools") ? node.textContent : node.localName;
        return { name: `${inSlide} ${name}`.trim(), framed: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
      });
      if (at === null) {
        ends += 1;
        continue;
      }
      reached.push(at.name);
      if (!at.framed) bare.push(at.name);
    }
    assert.deepEqual(bare, []);
    for (const name of ["Skip to the slides", "Contents", `${slide} Hint 1`, query === "?read" ? "Slides" : "Read"]) {
      assert.ok(reached.includes(name), `${name} is not among ${reached.join(", ")}`);
    }
    if (query === "?slides") {
      const others = reached.filter((name) => /^[a-z0-9-]+ /.test(name) && !name.startsWith(slide));
      assert.deepEqual(others, [], "a slide that is not shown has the focus");
    }
    await close();
  }
});

test("the space bar unfolds a hint and does not turn the slide", async () => {
  const { page, close } = await open(file);
  await slideIds(page);
  const id = await page.evaluate(() => {
    const found = Deck.slides().find((each) => each.querySelector(".body summary"));
    Reveal.slide(Deck.slides().indexOf(found));
    found.querySelector("summary").focus();
    return found.id;
  });
  for (const [key, isOpen] of [[" ", true], ["Enter", false]]) {
    await page.keyboard.press(key);
    assert.equal(await page.locator(`#${id} details`).first().evaluate((node) => node.open), isOpen);
    assert.equal(await current(page), id);
  }
  await close();
});

test("the skip link leads to the slide", async () => {
  for (const query of ["?slides", "?read"]) {
    const { page, close } = await open(file + query);
    if (query === "?slides") await slideIds(page);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.closest("section.slide")?.id), await current(page));
    await close();
  }
});

test("nothing moves for those who asked for that", async () => {
  const moving = await withPage(
    file,
    async (page) => {
      await slideIds(page);
      return page.evaluate(() =>
        [...document.querySelectorAll("*")]
          .filter((node) => {
            const { transitionDuration, animationDuration, transitionProperty } = getComputedStyle(node);
            const lasts = (time) => time.split(",").some((each) => parseFloat(each) > 0);
            return (transitionProperty !== "none" && lasts(transitionDuration)) || lasts(animationDuration);
          })
          .map((node) => node.className),
      );
    },
    { reducedMotion: "reduce" },
  );
  assert.deepEqual(moving, []);
});
