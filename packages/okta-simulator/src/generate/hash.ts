/** A well-mixed 32-bit number that depends on all three arguments alone: the whole generated org is a function of it. */
export function mix(seed: number, a: number, b: number): number {
  let h = Math.imul(seed ^ Math.imul(a + 0x7f4a7c15, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(b + 0x165667b1, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  h ^= h >>> 15;
  return h >>> 0;
}

/** One of `items`, chosen by `mix`. */
export function pick<T>(items: readonly T[], hash: number): T {
  const item = items[hash % items.length];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}
