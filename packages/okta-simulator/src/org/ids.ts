import { mix } from "../generate/hash.js";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const VALUE = new Int8Array(128).fill(-1);
for (let i = 0; i < DIGITS.length; i++) VALUE[DIGITS.charCodeAt(i)] = i;

/** Base-62 digits of `n`, zero-padded: text order is number order. */
function base62(n: number, width: number): string {
  let text = "";
  let rest = n;
  for (let i = 0; i < width; i++) {
    text = DIGITS.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** What an id says: `kind` is its 3-character prefix. */
export interface Ids {
  encode(kind: string, index: number): string;
  /** The index in `id`, or -1 when this org never gave out such an id of that kind. */
  decode(kind: string, id: string): number;
}

/**
 * Ids of one org: 20 characters, a 3-character prefix by kind (recorded traffic), ordered by age, computed from a
 * number both ways so that a million of them need no memory. The check digits ignore case, so some ids of one org
 * differ in nothing but case: Okta's ids are case-sensitive, and a case-insensitive key must show.
 */
export function createIds(seed: number): Ids {
  const salt = [1, 2, 3].map((k) => DIGITS.charAt(36 + (mix(seed, 1, k) % 26))).join("");
  const tail = `${base62(mix(seed, 1, 4) % 62, 1)}5d7`;
  function encode(kind: string, index: number): string {
    const digits = base62(index, 7);
    let check = seed;
    for (let i = 0; i < 7; i++) check = Math.imul(check ^ (digits.charCodeAt(i) | 32), 0x01000193);
    return kind + salt + digits + base62((check >>> 0) % 238328, 3) + tail;
  }
  function decode(kind: string, id: string): number {
    if (id.length !== 20 || !id.startsWith(kind)) return -1;
    let index = 0;
    for (let i = 6; i < 13; i++) {
      const value = VALUE[id.charCodeAt(i)] ?? -1;
      if (value < 0) return -1;
      index = index * 62 + value;
    }
    return encode(kind, index) === id ? index : -1;
  }
  return { encode, decode };
}
