import { createHash } from "node:crypto";

import { EXTRA_COLUMN } from "./table.js";

/** Names that start so belong to bookkeeping. */
const RESERVED_PREFIX = "_tidemark_";
const HASH_LENGTH = 8;
/** PostgreSQL's limit, the smallest of the supported databases (its documentation: 63 bytes). */
export const DEFAULT_MAX_IDENTIFIER = 63;

/** One text for a path, whatever its steps hold: dots inside a step are escaped. */
export function pathKey(path: readonly string[]): string {
  return path.map((step) => step.replace(/[\\.]/g, "\\$&")).join(".");
}

/**
 * The snake_case of one key: `lastUpdated` → `last_updated`, `loginURL` → `login_url`, `x5t#S256` → `x5t_s256`,
 * `userIDs` → `user_ids`. Only a–z, 0–9 and single underscores inside are left; may be empty.
 */
export function snakeCase(key: string): string {
  return key
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z](?!s(?![a-z]))[a-z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

/** The column name that a path asks for, before clashes and length: its steps in snake_case, joined by `_`. */
export function wantedName(path: readonly string[]): string {
  const name = path
    .map(snakeCase)
    .filter((step) => step !== "")
    .join("_");
  if (name === "") return `c_${hashOf(path)}`;
  return /^[0-9]/.test(name) ? `c_${name}` : name;
}

/** Gives names to the columns of one table; no two are equal, not even but for case. */
export class NameBook {
  readonly #taken = new Set<string>([EXTRA_COLUMN]);
  readonly #max: number;

  /** `maxIdentifier`: longest column name of the database, in bytes. */
  constructor(maxIdentifier: number) {
    this.#max = maxIdentifier;
  }

  /** Reserves a name that exists already or that a person chose; false when it is taken. */
  take(name: string): boolean {
    const key = name.toLowerCase();
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }

  /** The name for a path: as wanted where it is free and short enough, else with a suffix that depends on the path alone. */
  assign(path: readonly string[], wanted: string): string {
    const free = wanted.length <= this.#max && !wanted.startsWith(RESERVED_PREFIX) && this.take(wanted);
    if (free) return wanted;
    for (let length = HASH_LENGTH; ; length += HASH_LENGTH) {
      const suffix = `_${hashOf(path, length)}`;
      const name = wanted.slice(0, this.#max - suffix.length).replace(/^_+|_+$/g, "") + suffix;
      if (this.take(name)) return name;
    }
  }
}

function hashOf(path: readonly string[], length = HASH_LENGTH): string {
  return createHash("sha256").update(pathKey(path)).digest("hex").slice(0, length);
}
