import { isErrorCode } from "./errors.js";
import { isObject } from "./json.js";

/** Which requests a rule is about; absent fields match all. */
export interface FaultMatch {
  /** `GET`, `POST`, …; default any. */
  readonly method?: string;
  /** The path's beginning, or, when it starts with `^`, a regular expression for the whole path. */
  readonly path?: string;
}

/** What goes wrong. */
export type Fault =
  /** The answer comes `ms` later, and up to `jitterMs` more. */
  | { readonly kind: "latency"; readonly ms: number; readonly jitterMs?: number }
  /**
   * Another answer instead: `code` is Okta's error code; without one the usual code of `status` (502 and 504 are a
   * gateway's HTML). A 429 names a reset `resetAfterMs` ahead (default 1000); `concurrency` makes it one of that kind.
   */
  | {
      readonly kind: "status";
      readonly status?: number;
      readonly code?: string;
      readonly resetAfterMs?: number;
      readonly concurrency?: boolean;
    }
  /** The connection breaks, before the request is handled (default), after it is, or after the headers are sent. */
  | { readonly kind: "drop"; readonly when?: "before" | "after" | "afterHeaders" }
  /** The body stops in its middle and the connection breaks. */
  | { readonly kind: "truncate" }
  /** Nothing ever comes. */
  | { readonly kind: "stall" }
  /** 400 for every request that carries a cursor. */
  | { readonly kind: "expiredCursor"; readonly code?: "E0000029" | "E0000054" }
  /** A list is empty and over, though it has rows. */
  | { readonly kind: "emptyPage" }
  /** Lists leave out the items of these ids, as factor lists do by the caller's network zone; a single GET answers. */
  | { readonly kind: "hidden"; readonly ids: readonly string[] }
  /** An empty page whose next link leads to the rows: legal, and must lose nothing. */
  | { readonly kind: "emptyPageWithNext" }
  /** 200 with something else than the API promises. */
  | { readonly kind: "malformed"; readonly as: "html" | "cut" | "object" | "itemWithoutId" }
  /** The caller's admin role is gone (lists are refused or, with `lists: "empty"`, empty), or covers only `keep` of the objects. */
  | { readonly kind: "role"; readonly role: "lost"; readonly lists?: "forbidden" | "empty" }
  | { readonly kind: "role"; readonly role: "narrowed"; readonly keep?: number }
  /** The `Date` header is off by `ms`. */
  | { readonly kind: "clockSkew"; readonly ms: number };

/** When it goes wrong. */
export interface FaultTiming {
  readonly match?: FaultMatch;
  /** For each matching request; default 1. Seeded: the same requests in the same order meet the same faults. */
  readonly probability?: number;
  /** How many times at most; default without end. */
  readonly times?: number;
  /** How many matching requests are spared first; default 0. */
  readonly after?: number;
}

/** One line of the programme of faults. */
export type FaultRule = Fault & FaultTiming;

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const amount: Check = (value) => typeof value === "number" && Number.isFinite(value) && value >= 0;
const fraction: Check = (value) => amount(value) && (value as number) <= 1;
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);

function isMatch(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { method, path, ...rest } = value;
  if (Object.keys(rest).length > 0 || ![method, path].every((field) => field === undefined || text(field)))
    return false;
  try {
    return path === undefined || new RegExp(String(path)) instanceof RegExp;
  } catch {
    return !String(path).startsWith("^");
  }
}

const TIMING: Readonly<Record<string, Check>> = {
  kind: text,
  match: isMatch,
  probability: fraction,
  times: amount,
  after: amount,
};

const FIELDS: Readonly<Record<Fault["kind"], Readonly<Record<string, Check>>>> = {
  latency: { ms: amount, jitterMs: amount },
  status: {
    status: (value) => Number.isInteger(value) && (value as number) >= 400 && (value as number) < 600,
    code: isErrorCode,
    resetAfterMs: amount,
    concurrency: oneOf(true, false),
  },
  drop: { when: oneOf("before", "after", "afterHeaders") },
  truncate: {},
  stall: {},
  expiredCursor: { code: oneOf("E0000029", "E0000054") },
  emptyPage: {},
  hidden: { ids: (value) => Array.isArray(value) && value.every(text) },
  emptyPageWithNext: {},
  malformed: { as: oneOf("html", "cut", "object", "itemWithoutId") },
  role: { role: oneOf("lost", "narrowed"), lists: oneOf("forbidden", "empty"), keep: fraction },
  clockSkew: { ms: (value) => typeof value === "number" && Number.isFinite(value) },
};

const REQUIRED: Readonly<Partial<Record<string, readonly string[]>>> = {
  latency: ["ms"],
  hidden: ["ids"],
  malformed: ["as"],
  role: ["role"],
  clockSkew: ["ms"],
};

/** Checks a rule that came as JSON; throws a TypeError that names what is wrong. */
export function parseFaultRule(json: unknown): FaultRule {
  if (!isObject(json)) throw new TypeError("a fault rule is a JSON object");
  const { kind } = json;
  const fields = Object.entries(FIELDS).find(([name]) => name === kind)?.[1];
  if (typeof kind !== "string" || fields === undefined) {
    throw new TypeError(`kind must be one of ${Object.keys(FIELDS).join(", ")}`);
  }
  for (const name of REQUIRED[kind] ?? []) {
    if (json[name] === undefined) throw new TypeError(`a rule of kind ${kind} needs ${name}`);
  }
  if (kind === "status" && json["status"] === undefined && json["code"] === undefined) {
    throw new TypeError("a rule of kind status needs status or code");
  }
  const checks: Readonly<Record<string, Check>> = { ...TIMING, ...fields };
  for (const [name, value] of Object.entries(json)) {
    const check = checks[name];
    if (check === undefined) throw new TypeError(`a rule of kind ${kind} has no ${name}`);
    if (!check(value)) throw new TypeError(`${name} has a value that is not allowed`);
  }
  return json as unknown as FaultRule;
}
