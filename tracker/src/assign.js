/**
 * Which variant a unit gets: the same arithmetic as experiments/assignment.py, held to it by
 * tests/golden/assignment.json. Put into the second script as it stands.
 */
const fnv = (text) => new TextEncoder().encode(text).reduce((value, byte) => Math.imul(value ^ byte, 0x1000193), 0x811c9dc5) >>> 0;

/** The place of a unit, in [0, 1): FNV-1a twice, in ten thousand buckets. */
export const bucket = (seed, unit) => fnv(fnv(seed + unit)) % 1e4 / 1e4;

/** Which of the ranges holds n, or -1. */
export const placeIn = (ranges, n) => ranges.findIndex(([start, end]) => n >= start && n < end);

/** The variant of a unit, as its place in the definition, or -1: not in this experiment. */
export const variantFor = ({seed, ranges, group, slots}, unit) =>
  group && placeIn(slots, bucket(group, unit)) < 0 ? -1 : placeIn(ranges, bucket(seed, unit));
