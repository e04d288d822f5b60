import type { IncomingHttpHeaders } from "node:http";
import type { Principal } from "./auth/authenticator.js";
import { isObject, type JsonObject } from "./json.js";
import { oktaError } from "./errors.js";
import type { Org } from "./org/org.js";
import type { ResourceStore } from "./resources/store.js";

/** A request on its way to a route. */
export interface Context {
  readonly org: Org;
  /** Policies, zones, hooks …: everything that is declared rather than programmed. */
  readonly resources: ResourceStore;
  /** `http://host:port` as the client wrote it: every link starts with it. */
  readonly base: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly bodyText: string;
  readonly principal: Principal;
  /** What is left of the caller's admin role. */
  readonly role: "full" | "narrowed" | "lost";
  /** False for objects that the caller's admin role does not cover. */
  readonly sees: (id: string) => boolean;
}

/** An answer; its body is JSON text already, or the texts of a JSON array's elements. */
export interface Reply {
  readonly status: number;
  readonly json?: string;
  readonly rows?: readonly string[];
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

export type Handler = (context: Context) => Reply;

export function ok(body: unknown, headers?: Reply["headers"]): Reply {
  return { status: 200, json: JSON.stringify(body), ...(headers ? { headers } : {}) };
}

export const NO_CONTENT: Reply = { status: 204 };

/** The request's JSON object; E0000003 when it is none. */
export function bodyOf(context: Context): JsonObject {
  if (context.bodyText === "") return {};
  let body: unknown;
  try {
    body = JSON.parse(context.bodyText);
  } catch {
    throw oktaError("E0000003");
  }
  if (!isObject(body)) throw oktaError("E0000003");
  return body;
}

/** The `limit` parameter between its bounds; absent = `fallback`. What Okta does beyond the maximum is not documented: it is cut. */
export function limitOf(context: Context, bounds: { fallback: number; max: number; min?: number }): number {
  const text = context.query.get("limit");
  if (text === null) return bounds.fallback;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < -1)
    throw oktaError("E0000001", { arg: "limit", causes: [`limit: The limit must be a number`] });
  if (limit <= 0) return bounds.fallback;
  return Math.max(bounds.min ?? 1, Math.min(limit, bounds.max));
}

/** What {@link pageOf} needs to write the Link header lines. */
export interface PageLinks {
  readonly limit: number;
  /** The cursor of the next page; absent on the last. */
  readonly next?: string | undefined;
  /** Parameters that Okta leaves out of its links (recorded traffic: `/users` drops sortOrder). */
  readonly drop?: readonly string[];
  /** What the size of a page is asked by, where it is not `limit`. */
  readonly parameter?: string;
}

/** A JSON array with one Link header line a rel: `self` normalised (after, limit, the rest), `next` while there is more. */
export function pageOf(context: Context, rows: readonly string[], links: PageLinks): Reply {
  return { status: 200, rows, headers: { link: linksOf(context, links) } };
}

export function linksOf(context: Context, links: PageLinks): string[] {
  const { parameter = "limit" } = links;
  const drop = new Set(["after", parameter, ...(links.drop ?? [])]);
  const rest = [...context.query]
    .filter(([name]) => !drop.has(name))
    .map(([name, value]) => `&${name}=${encodeURIComponent(value)}`)
    .join("");
  const link = (after: string | null | undefined, rel: string): string =>
    `<${context.base}${context.path}?${after ? `after=${encodeURIComponent(after)}&` : ""}${parameter}=${links.limit}${rest}>; rel="${rel}"`;
  const lines = [link(context.query.get("after"), "self")];
  if (links.next !== undefined) lines.push(link(links.next, "next"));
  return lines;
}

/** Rows up to `limit`, and whether more follow; `key` names a row for the cursor. */
export function take<T>(rows: Iterable<T>, limit: number): { readonly rows: T[]; readonly more: boolean } {
  const taken: T[] = [];
  for (const row of rows) {
    if (taken.length === limit) return { rows: taken, more: true };
    taken.push(row);
  }
  return { rows: taken, more: false };
}

let scratch = Buffer.allocUnsafe(1 << 20);

/**
 * The bytes of a JSON array of `rows`. Row by row: one row outside Latin-1 would otherwise make the whole page a
 * two-byte string, which takes five times as long to encode.
 */
export function encodeRows(rows: readonly string[]): Buffer {
  let most = 2;
  for (const row of rows) most += row.length * 3 + 1;
  if (most > scratch.length) scratch = Buffer.allocUnsafe(most * 2);
  let end = scratch.write("[", 0, "latin1");
  for (const [k, row] of rows.entries()) {
    if (k > 0) scratch[end++] = 0x2c;
    end += scratch.write(row, end);
  }
  scratch[end++] = 0x5d;
  return Buffer.from(scratch.subarray(0, end));
}
