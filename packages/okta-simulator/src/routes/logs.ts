import { logError, oktaError } from "../errors.js";
import { comparisons, evaluate, type Expression, lookup, parseExpression } from "../expression.js";
import { type Context, linksOf, type Reply } from "../http.js";
import type { JsonObject } from "../json.js";
import type { LogEntry, LogQuery } from "../org/log.js";
import type { Router } from "../router.js";

const DAY = 86_400_000;
const RETENTION = 90 * DAY;
/** Where the log's fields begin; anything else is an unknown field (E0000053). `published` cannot be filtered on. */
const FIELDS =
  /^(actor|client|target|outcome|transaction|debugContext|securityContext|authenticationContext|device|request)\.|^(eventType|severity|displayMessage|legacyEventType|uuid|version|target)$/;
const NO_CONTAINS = new Set(["debugContext.debugData.url", "debugContext.debugData.requestUri"]);

function instantOf(context: Context, name: string): number | undefined {
  const text = context.query.get(name);
  if (text === null || text === "") return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms))
    throw oktaError("E0000001", { arg: name, causes: [`${name}: The date format in your query is not recognized`] });
  return ms;
}

function limitIn(context: Context): number {
  const limit = Number(context.query.get("limit") ?? 100);
  if (!Number.isInteger(limit) || limit < 0)
    throw oktaError("E0000001", { arg: "limit", causes: ["limit: The limit must be between 0 and 1000"] });
  return Math.min(limit, 1000);
}

function onlyTypes(expression: Expression): boolean {
  return comparisons(expression).every(({ path }) => path === "eventType");
}

/** What the request looks for, with the event types it can match, so that the log's index is used. */
function queryOf(context: Context): LogQuery {
  const text = context.query.get("filter");
  const words = (context.query.get("q") ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length > 10 || words.some((word) => word.length > 40))
    throw oktaError("E0000001", { arg: "q", causes: ["q: At most 10 keywords of 40 characters"] });
  const spoken = (event: JsonObject): boolean => {
    const all = words.length === 0 ? "" : JSON.stringify(event).toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const limit = limitIn(context);
  if (!text) return { types: null, matches: spoken, limit };
  const expression = parseExpression(text, "log");
  for (const { path, op } of comparisons(expression)) {
    if (!FIELDS.test(path)) {
      throw logError("E0000053", `The field name in the search filter criteria is not valid: ${path}`);
    }
    if (op === "co" && NO_CONTAINS.has(path)) throw oktaError("E0000031");
  }
  const parts = expression.kind === "and" ? expression.items : [expression];
  const typed = parts.filter(onlyTypes);
  const types =
    typed.length === 0 ? null : (type: string): boolean => typed.every((part) => evaluate(part, () => type));
  const rest = parts.filter((part) => !onlyTypes(part));
  return { types, limit, matches: (event) => rest.every((part) => evaluate(part, lookup(event))) && spoken(event) };
}

/** Cursors of the log are opaque: `p` = a position of the feed, `o` = an offset into a bounded query. */
function encode(kind: "p" | "o", value: number): string {
  return Buffer.from(`${kind}${value}`).toString("base64url");
}

function decode(context: Context, kind: "p" | "o"): number | undefined {
  const after = context.query.get("after");
  if (after === null || after === "") return undefined;
  const match = /^([po])(\d+)$/.exec(Buffer.from(after, "base64url").toString());
  if (!match || match[1] !== kind) throw oktaError("E0000029");
  return Number(match[2]);
}

function reply(context: Context, entries: readonly LogEntry[], next: string | undefined): Reply {
  // A polled cursor excludes `since` (Okta docs); the pages of a bounded query stay within both bounds.
  const polled = !context.query.has("until");
  const links = linksOf(context, { limit: limitIn(context), next, drop: [] }).map((line) =>
    polled && line.endsWith('rel="next"') ? line.replace(/&since=[^&>]*/, "") : line,
  );
  return {
    status: 200,
    rows: entries.map((entry) => JSON.stringify(entry.event)),
    headers: { link: links },
  };
}

/**
 * A request without `until`, ascending, polls: every event in the order of persistence, and always a next link. With
 * both bounds it is finite and ordered by `published` (Okta docs).
 */
function list(context: Context): Reply {
  const { org, query: parameters } = context;
  const query = queryOf(context);
  const now = org.now();
  const [since, until] = [instantOf(context, "since"), instantOf(context, "until")];
  if (since !== undefined && parameters.has("after") && until === undefined) throw oktaError("E0000063");
  if (since !== undefined && since < now - org.logSinceDays * DAY) {
    const summary = `Invalid parameter: The since parameter is over ${org.logSinceDays} days prior to the current day.`;
    throw logError("E0000053", summary);
  }
  const descending = parameters.get("sortOrder")?.toUpperCase() === "DESCENDING";
  if (until === undefined && !descending) {
    const from = decode(context, "p") ?? org.log.positionAt(since ?? now - 7 * DAY);
    const page = org.log.read(Math.max(from, org.log.positionAt(now - RETENTION)), query);
    return reply(context, page.entries, encode("p", page.position));
  }
  const end = until ?? now + 1;
  const entries = org.log.between(Math.max(since ?? end - 7 * DAY, now - RETENTION), end, query);
  if (descending) entries.reverse();
  const offset = decode(context, "o") ?? 0;
  const page = entries.slice(offset, offset + query.limit);
  return reply(context, page, offset + query.limit < entries.length ? encode("o", offset + query.limit) : undefined);
}

/** The System Log. */
export function logRoutes(router: Router): void {
  router.add("GET", "/api/v1/logs", list);
}
