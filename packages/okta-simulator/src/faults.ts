import type { Clock } from "@tidemark/kernel";

import { type OktaError, oktaError } from "./errors.js";
import type { FaultRule } from "./fault-rules.js";
import { mix } from "./generate/hash.js";
import { isObject } from "./json.js";

/** A request as the faults see it. */
export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** An answer ready to be sent. */
export interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | undefined;
}

/** What the server shall do to one request, all faults that hit it together. */
export interface FaultAction {
  /** Wait so long first. */
  readonly delayMs: number;
  /** Add to the `Date` header. */
  readonly clockSkewMs: number;
  /** Send this instead of handling the request. */
  readonly answer?: RawReply;
  /**
   * `dropBefore`: destroy the socket and do nothing; `dropAfter`: handle, then destroy; `dropAfterHeaders`,
   * `truncate`: send the headers, or half of the body too, then destroy; `stall`: never answer.
   */
  readonly connection?: "dropBefore" | "dropAfter" | "dropAfterHeaders" | "truncate" | "stall";
  /** Send `rewrite(reply)` instead of the reply. */
  readonly rewrite?: (reply: RawReply) => RawReply;
}

export interface Faults {
  /** Adds a rule; returns its id. */
  add(rule: FaultRule): string;
  /** False when there is no such rule. */
  remove(id: string): boolean;
  clear(): void;
  /** The rules in force, with their ids and how often each has struck. */
  list(): readonly { readonly id: string; readonly rule: FaultRule; readonly struck: number }[];
  /** Counts the request against every rule; null when none strikes. */
  before(request: FaultRequest): FaultAction | null;
  /** False for an object that the narrowed or lost role hides on that path. */
  visible(path: string, id: string): boolean;
  /** What is left of the caller's admin role, for the answers that name it. */
  role(): "full" | "narrowed" | "lost";
}

interface Entry {
  readonly id: string;
  readonly rule: FaultRule;
  readonly number: number;
  readonly matches: (method: string | null, path: string) => boolean;
  seen: number;
  struck: number;
  /** Whether it struck the last request it was asked about: a role stays what it was until the next request. */
  striking: boolean;
}

const CODE_BY_STATUS: Readonly<Record<number, string>> = {
  400: "E0000001",
  401: "E0000011",
  403: "E0000006",
  404: "E0000008",
  405: "E0000022",
  429: "E0000047",
  500: "E0000009",
  503: "E0000181",
};

/** An org without faults, until rules are added. `seed` decides what `probability` and `keep` choose. */
export function createFaults(clock: Clock, seed = 1): Faults {
  return new FaultProgramme(clock, seed);
}

class FaultProgramme implements Faults {
  readonly #clock: Clock;
  readonly #seed: number;
  #entries: Entry[] = [];
  #added = 0;
  #empties = 0;

  constructor(clock: Clock, seed: number) {
    this.#clock = clock;
    this.#seed = seed;
  }

  add(rule: FaultRule): string {
    const number = ++this.#added;
    const id = `fault${number}`;
    // A role holds from now on unless it is told to wait: objects may be asked for before the next request is counted.
    const striking = rule.kind === "role" && !rule.after;
    this.#entries.push({ id, rule, number, matches: matcher(rule), seen: 0, struck: 0, striking });
    return id;
  }

  remove(id: string): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    return this.#entries.length < before;
  }

  clear(): void {
    this.#entries = [];
  }

  list(): readonly { readonly id: string; readonly rule: FaultRule; readonly struck: number }[] {
    return this.#entries.map(({ id, rule, struck }) => ({ id, rule, struck }));
  }

  before(request: FaultRequest): FaultAction | null {
    let action: FaultAction | null = null;
    for (const entry of this.#entries) {
      if (!this.#strikes(entry, request)) continue;
      action = combine(action, this.#actionOf(entry.rule, entry, request));
    }
    return action;
  }

  visible(path: string, id: string): boolean {
    return this.#entries.every(({ rule, striking, matches }) => {
      if (rule.kind !== "role" || !striking || !matches(null, path)) return true;
      return rule.role === "narrowed" && this.#kept(id, rule.keep ?? 0.5);
    });
  }

  role(): "full" | "narrowed" | "lost" {
    const roles = this.#entries.flatMap(({ rule, striking }) => (rule.kind === "role" && striking ? [rule.role] : []));
    return roles.includes("lost") ? "lost" : roles.includes("narrowed") ? "narrowed" : "full";
  }

  #strikes(entry: Entry, request: FaultRequest): boolean {
    const { rule } = entry;
    if (!entry.matches(request.method, request.path)) return false;
    if (rule.kind === "expiredCursor" && !request.query.has("after")) return false;
    const turn = entry.seen++;
    entry.striking =
      turn >= (rule.after ?? 0) &&
      entry.struck < (rule.times ?? Infinity) &&
      this.#chance(entry.number, turn) < (rule.probability ?? 1);
    if (entry.striking) entry.struck++;
    return entry.striking;
  }

  /** From 0 to below 1. */
  #chance(a: number, b: number): number {
    return mix(this.#seed, a, b) / 2 ** 32;
  }

  #kept(id: string, keep: number): boolean {
    let hash = this.#seed;
    for (let i = 0; i < id.length; i++) hash = mix(hash, id.charCodeAt(i), i);
    return hash / 2 ** 32 < keep;
  }

  #actionOf(rule: FaultRule, entry: Entry, request: FaultRequest): FaultAction {
    const none = { delayMs: 0, clockSkewMs: 0 };
    switch (rule.kind) {
      case "latency":
        return { ...none, delayMs: rule.ms + (rule.jitterMs ?? 0) * this.#chance(-entry.number, entry.seen) };
      case "clockSkew":
        return { ...none, clockSkewMs: rule.ms };
      case "status":
        return { ...none, answer: this.#statusAnswer(rule) };
      case "expiredCursor":
        return { ...none, answer: replyOf(oktaError(rule.code ?? "E0000029")) };
      case "drop":
        return {
          ...none,
          connection:
            rule.when === "after" ? "dropAfter" : rule.when === "afterHeaders" ? "dropAfterHeaders" : "dropBefore",
        };
      case "truncate":
      case "stall":
        return { ...none, connection: rule.kind };
      case "emptyPage":
        return { ...none, rewrite: (reply) => emptied(reply, null) };
      case "hidden":
        return { ...none, rewrite: (reply) => withoutItems(reply, rule.ids) };
      case "emptyPageWithNext":
        return { ...none, rewrite: (reply) => emptied(reply, `&empty=${++this.#empties}`) };
      case "malformed":
        return { ...none, rewrite: (reply) => malformed(reply, rule.as) };
      case "role":
        if (rule.role === "narrowed") return none;
        if (rule.lists !== "empty") return { ...none, answer: replyOf(oktaError("E0000006")) };
        return { ...none, rewrite: (reply) => withoutRole(reply, request.path) };
    }
  }

  #statusAnswer(rule: FaultRule & { readonly kind: "status" }): RawReply {
    const code = rule.code ?? CODE_BY_STATUS[rule.status ?? 500];
    if (code === undefined) {
      const status = rule.status ?? 502;
      return html(status, `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`);
    }
    const reply = replyOf(oktaError(code, rule.status === undefined ? {} : { status: rule.status }));
    if (reply.status !== 429) return reply;
    const reset = Math.ceil((this.#clock.now() + (rule.resetAfterMs ?? 1000)) / 1000);
    return {
      ...reply,
      headers: {
        ...reply.headers,
        "X-Rate-Limit-Limit": rule.concurrency ? "0" : "600",
        "X-Rate-Limit-Remaining": "0",
        "X-Rate-Limit-Reset": String(reset),
      },
    };
  }
}

function matcher(rule: FaultRule): Entry["matches"] {
  const { method, path } = rule.match ?? {};
  const pattern = path?.startsWith("^") ? new RegExp(`${path}${path.endsWith("$") ? "" : "$"}`) : undefined;
  return (askedMethod, askedPath) => {
    // Without its role a caller still gets tokens and the org's metadata.
    if (rule.kind === "role" && !askedPath.startsWith("/api/")) return false;
    if (method !== undefined && askedMethod !== null && askedMethod !== method.toUpperCase()) return false;
    return pattern ? pattern.test(askedPath) : askedPath.startsWith(path ?? "");
  };
}

/** Delays and skews add up; of answers and connections the first rule's wins; rewrites apply one after the other. */
function combine(first: FaultAction | null, second: FaultAction): FaultAction {
  if (first === null) return second;
  const answer = first.answer ?? second.answer;
  const connection = first.connection ?? second.connection;
  const [before, after] = [first.rewrite, second.rewrite];
  const rewrite = before && after ? (reply: RawReply): RawReply => after(before(reply)) : (before ?? after);
  return {
    delayMs: first.delayMs + second.delayMs,
    clockSkewMs: first.clockSkewMs + second.clockSkewMs,
    ...(answer && { answer }),
    ...(connection && { connection }),
    ...(rewrite && { rewrite }),
  };
}

function replyOf(error: OktaError): RawReply {
  return {
    status: error.status,
    headers: { "content-type": "application/json", ...error.headers },
    body: JSON.stringify(error.body),
  };
}

function html(status: number, body: string): RawReply {
  return { status, headers: { "content-type": "text/html" }, body };
}

/** The JSON of a 200 answer, or undefined. */
function parsed(reply: RawReply): unknown {
  if (reply.status !== 200 || reply.body === undefined) return undefined;
  try {
    return JSON.parse(reply.body) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * A list without its rows. With `marker` the next link leads to this very page under another URL, so that whoever
 * follows it gets the rows after all; with null there is no next.
 */
function emptied(reply: RawReply, marker: string | null): RawReply {
  if (!Array.isArray(parsed(reply))) return reply;
  const lines = [reply.headers["link"] ?? []].flat().filter((line) => !line.includes('rel="next"'));
  const self = lines.map((line) => /^<([^>]*)>; rel="self"/.exec(line)?.[1]).find((url) => url !== undefined);
  if (marker !== null) {
    if (self === undefined) return reply;
    lines.push(`<${self}${marker}>; rel="next"`);
  }
  return { ...reply, headers: { ...reply.headers, link: lines }, body: "[]" };
}

function withoutItems(reply: RawReply, ids: readonly string[]): RawReply {
  const json = parsed(reply);
  if (!Array.isArray(json)) return reply;
  return {
    ...reply,
    body: JSON.stringify(json.filter((item) => !isObject(item) || !ids.includes(String(item["id"])))),
  };
}

function malformed(reply: RawReply, as: (FaultRule & { kind: "malformed" })["as"]): RawReply {
  const json = parsed(reply);
  if (json === undefined) return reply;
  if (as === "html")
    return { ...reply, headers: { ...reply.headers, "content-type": "text/html" }, body: "<html></html>" };
  if (as === "cut") return { ...reply, body: (reply.body ?? "").slice(0, -1) };
  if (!Array.isArray(json)) return reply;
  if (as === "object") return { ...reply, body: JSON.stringify({ items: json }) };
  const [first, ...rest] = json as unknown[];
  if (!isObject(first)) return reply;
  return { ...reply, body: JSON.stringify([{ ...first, id: undefined, uuid: undefined }, ...rest]) };
}

/** Lists are empty, single objects are not found: how a role without any resource looks. */
function withoutRole(reply: RawReply, path: string): RawReply {
  if (Array.isArray(parsed(reply))) return emptied(reply, null);
  if (reply.status >= 400) return reply;
  const id = path.split("/").at(-1) ?? "";
  return replyOf(oktaError("E0000007", { arg: `Resource not found: ${id}` }));
}
