// Faults of slides that are known and not mended yet, as the tests word them,
// with the window's size in front: "1280x720 frozen: 12px too high: pre …".
// Nothing stands here for long: a line whose fault is gone fails the tests.

export const exceptions = [];

/** What is new, and what stands in the list but is no longer so. */
export function compare(found, listed) {
  return {
    found: found.filter((fault) => !listed.includes(fault)),
    "has become good, strike it off": listed.filter((fault) => !found.includes(fault)),
  };
}

export const nothing = compare([], []);
