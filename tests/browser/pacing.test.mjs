// The speaker view's arithmetic, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import "../../slides/theme/pacing.js";

const { pacing } = globalThis;
const MINUTE = 60_000;

const slide = (id, minutes, more = {}) => ({ id, minutes, section: "01-why", at: "01-why-1", ...more });
const SLIDES = [
  slide("a", 2),
  slide("b", 3, { at: "01-why-2" }),
  slide("c", 6, { at: "01-why-2", optional: true }),
  slide("exercise-d", 4, { section: "02-hello", at: "01-why-2" }),
  slide("e", 1, { section: "02-hello", at: "02-hello-1" }),
];

test("a slide is on time from its first minute to its last", () => {
  const late = (minutes) => pacing.late(SLIDES, 0, 1, minutes);
  assert.deepEqual([1.5, 2, 4, 5, 9].map(late), [-0.5, 0, 0, 0, 4]);
});

test("the plan begins at the slide on which the clock was started", () => {
  assert.equal(pacing.late(SLIDES, 1, 2, 3), 0);
  assert.equal(pacing.late(SLIDES, 1, 2, 9.5), 0.5);
  assert.equal(pacing.late(SLIDES, 2, 0, 1), 4, "back before it: five minutes of plan again");
});

test("who is late is told what can be left out, and who is not is left alone", () => {
  const advice = (at, minutes, end = SLIDES.length) => pacing.advice(SLIDES, 0, at, end, minutes);
  assert.equal(advice(1, 5.9), "on time");
  assert.equal(advice(2, 3.9), "1 minute early");
  assert.equal(advice(1, 9.2), "4 minutes late: slides marked optional ahead save 6, exercises ahead 4");
  assert.equal(advice(1, 9, 3), "4 minutes late: slides marked optional ahead save 6");
  assert.equal(advice(2, 12), "1 minute late: exercises ahead save 4");
  assert.equal(advice(4, 20), "4 minutes late: nothing ahead can be left out");
});

test("the clock keeps still while it is stopped", () => {
  const started = pacing.toggled(pacing.unstarted, 1000, "a");
  assert.equal(pacing.elapsed(started, 1000 + 5 * MINUTE), 5 * MINUTE);
  const stopped = pacing.toggled(started, 1000 + 5 * MINUTE, "b");
  assert.equal(pacing.elapsed(stopped, 1000 + 15 * MINUTE), 5 * MINUTE);
  const again = pacing.toggled(stopped, 1000 + 15 * MINUTE, "c");
  assert.equal(pacing.elapsed(again, 1000 + 16 * MINUTE), 6 * MINUTE);
  assert.equal(again.from, "a");
});

test("a machine whose time is set back loses no minutes", () => {
  const started = pacing.toggled(pacing.unstarted, 10 * MINUTE, "a");
  assert.equal(pacing.elapsed(started, 0), 0);
});

test("each section keeps the time that it took, over two visits too", () => {
  let clock = pacing.entering(pacing.unstarted, 0, "01-why");
  clock = pacing.toggled(clock, 0, "a");
  clock = pacing.entering(clock, 3 * MINUTE, "02-hello");
  assert.equal(pacing.inSection(clock, 5 * MINUTE), 2 * MINUTE);
  clock = pacing.entering(clock, 5 * MINUTE, "01-why");
  assert.equal(pacing.inSection(clock, 6 * MINUTE), 4 * MINUTE);
  assert.equal(pacing.entering(clock, 6 * MINUTE, "01-why"), clock);
});

test("a session is the slot of the track in which the slide lies", () => {
  const slots = [{ sections: ["01-why"] }, { sections: ["02-hello"] }];
  assert.deepEqual(pacing.session(SLIDES, slots, 1), [0, 3]);
  assert.deepEqual(pacing.session(SLIDES, slots, 4), [3, 5]);
  assert.deepEqual(pacing.session(SLIDES, undefined, 4), [0, 5]);
});

test("the next command is known as many slides ahead as it takes", () => {
  assert.deepEqual(pacing.command(SLIDES, 0), { tag: "01-why-2", due: 1 });
  assert.deepEqual(pacing.command(SLIDES, 1), { tag: "02-hello-1", due: 3 });
  assert.equal(pacing.command(SLIDES, 4), null);
});

test("checkpoints without a slide in between are passed through", () => {
  const checkpoints = ["a", "b", "c", "d"].map((tag) => ({ tag }));
  assert.deepEqual(pacing.between(checkpoints, "a", "c"), [{ tag: "b" }, { tag: "c" }]);
  assert.deepEqual(pacing.between(checkpoints, "c", "a"), []);
});

test("times are shown as a stopwatch shows them", () => {
  const shown = [0, 59_999, 61_000, 61 * MINUTE, -30_000].map(pacing.shown);
  assert.deepEqual(shown, ["0:00", "0:59", "1:01", "1:01:00", "0:30"]);
});
