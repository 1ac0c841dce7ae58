// The speaker view's arithmetic: no page, no clock of its own, so that node can
// test it. A classic script: a module does not load from file://.
//
// A slide is { id, title, section, at, minutes, optional, notes }; a clock is
// { running, since, before, from, section, entered, spent }, times in milliseconds.

globalThis.pacing = {
  /** How long the clock has run, breaks not counted. */
  elapsed(clock, now) {
    return clock.before + (clock.running ? Math.max(0, now - clock.since) : 0);
  },

  /** The clock set running, or stopped for a break. */
  toggled(clock, now, from) {
    const before = pacing.elapsed(clock, now);
    return { ...clock, running: !clock.running, since: now, before, from: clock.from ?? from };
  },

  /** The clock after the deck has gone to `section`: each keeps what it took. */
  entering(clock, now, section) {
    if (clock.section === section) return clock;
    const elapsed = pacing.elapsed(clock, now);
    const spent = { ...clock.spent };
    if (clock.section) spent[clock.section] = pacing.inSection(clock, now);
    return { ...clock, section, entered: elapsed, spent };
  },

  /** How long the section that is on has taken, earlier visits included. */
  inSection(clock, now) {
    return (clock.spent[clock.section] ?? 0) + pacing.elapsed(clock, now) - clock.entered;
  },

  unstarted: { running: false, since: 0, before: 0, from: null, section: null, entered: 0, spent: {} },

  /** The range of slides, [first, end), of the slot in which slide `at` lies. */
  session(slides, slots, at) {
    const slot = slots?.find((one) => one.sections.includes(slides[at]?.section));
    if (!slot) return [0, slides.length];
    const inside = slides.map((slide) => slot.sections.includes(slide.section));
    return [inside.indexOf(true), inside.lastIndexOf(true) + 1];
  },

  sum(slides, first, end) {
    return slides.slice(first, Math.max(first, end)).reduce((sum, slide) => sum + slide.minutes, 0);
  },

  /**
   * Minutes late (or early, if negative) on slide `at`, `minutes` after the
   * clock was started on slide `from`. While the slide's own time runs, 0.
   */
  late(slides, from, at, minutes) {
    const begins = at < from ? -pacing.sum(slides, at, from) : pacing.sum(slides, from, at);
    const ends = begins + (slides[at]?.minutes ?? 0);
    if (minutes > ends) return minutes - ends;
    return minutes < begins ? minutes - begins : 0;
  },

  /** What a presenter should know about it, in one sentence. */
  advice(slides, from, at, end, minutes) {
    const late = pacing.late(slides, from, at, minutes);
    const whole = Math.floor(Math.abs(late) + 1e-6);
    if (whole === 0) return "on time";
    if (late < 0) return `${count(whole)} early`;
    const ahead = slides.slice(at + 1, end);
    const save = (list) => round(pacing.sum(list, 0, list.length));
    const optional = save(ahead.filter((slide) => slide.optional));
    const exercises = save(
      ahead.filter((slide) => !slide.optional && slide.id.startsWith("exercise-")),
    );
    const cuts = [];
    if (optional > 0) cuts.push(`slides marked optional ahead save ${optional}`);
    if (exercises > 0) cuts.push(`exercises ahead ${optional > 0 ? "" : "save "}${exercises}`);
    return `${count(whole)} late: ${cuts.join(", ") || "nothing ahead can be left out"}`;
  },

  /** The next checkpoint ahead of slide `at`, and in how many slides it is due. */
  command(slides, at) {
    const ahead = slides.slice(at + 1).findIndex((slide) => slide.at !== slides[at]?.at);
    return ahead < 0 ? null : { tag: slides[at + 1 + ahead].at, due: ahead + 1 };
  },

  /** The checkpoints after `from` up to `to`, of which each knows its difference. */
  between(checkpoints, from, to) {
    const index = (tag) => checkpoints.findIndex((checkpoint) => checkpoint.tag === tag);
    return checkpoints.slice(index(from) + 1, index(to) + 1);
  },

  /** Milliseconds as minutes and seconds; over an hour, hours too. */
  shown(milliseconds) {
    const seconds = Math.floor(Math.abs(milliseconds) / 1000);
    const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) =>
      String(part).padStart(2, "0"),
    );
    const hours = Math.floor(seconds / 3600);
    if (hours > 0) parts.unshift(String(hours));
    else parts[0] = String(Number(parts[0]));
    return parts.join(":");
  },
};

function count(minutes) {
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

function round(minutes) {
  return Math.round(minutes * 10) / 10;
}
