import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, readFileSync } from "node:fs";

type Json = Record<string, unknown>;

interface Line {
  readonly id: string;
  readonly parents: readonly (readonly [string, string])[];
  readonly object: Json;
}

const FOLDER = new URL("../../../shared/okta/payloads/objects/", import.meta.url);

/** True where the recorded answers are at hand. */
export const HAS_RECORDINGS = existsSync(FOLDER);

/** An item of a list, and under which parent (`""` for objects without one). */
export interface Served {
  readonly parent: string;
  readonly id: string;
  readonly item: Json;
}

/** The recorded objects, of each the version recorded last. */
function recorded(kind: string, parentKind = ""): Served[] {
  const found = new Map<string, Served>();
  for (const text of readFileSync(new URL(`${kind}.jsonl`, FOLDER), "utf8").split("\n")) {
    if (text === "") continue;
    const line = JSON.parse(text) as Line;
    const parent = line.parents.find(([name]) => name === parentKind)?.[1] ?? "";
    const id = String(line.object["id"]);
    found.set(`${parent}#${id}`, { parent, id, item: withNews(line.object, id) });
  }
  return [...found.values()];
}

/** Okta adds properties without notice (Okta docs). */
function withNews(object: Json, id: string): Json {
  return {
    ...object,
    comesTomorrow: `new ${id}`,
    alsoNew: { nested: [1, { deeper: `new too ${id}` }], nothing: null },
  };
}

/** What an org of all recorded objects holds, by table. */
export interface RecordedOrg {
  readonly users: Served[];
  readonly user_types: Served[];
  readonly user_schemas: Served[];
  readonly groups: Served[];
  readonly group_rules: Served[];
  readonly group_members: Served[];
  readonly applications: Served[];
  readonly application_users: Served[];
  readonly application_groups: Served[];
  readonly application_user_schemas: Served[];
  readonly groupSchema: Json;
}

const lastStep = (url: unknown): string => String(url).split("/").at(-1) ?? "";

/** One org of all recorded ones: what lies under a parent that was not recorded is left out. */
export function recordedOrg(): RecordedOrg {
  const groups = recorded("groups");
  const applications = recorded("apps");
  const users = recorded("users");
  const under = (rows: Served[], parents: readonly Served[]): Served[] => {
    const ids = new Set(parents.map(({ id }) => id));
    return rows.filter(({ parent }) => ids.has(parent));
  };
  const types = recorded("user_types");
  const byDefault = types.findLast(({ item }) => item["default"] === true);
  const schemas = new Map(recorded("schemas_user").map((row) => [lastStep(row.id), row.item]));
  const groupSchema = recorded("schemas_group").at(-1)?.item ?? {};
  return {
    users,
    // An org has one default type.
    user_types: types.filter((type) => type.item["default"] !== true || type === byDefault),
    user_schemas: [...schemas].map(([id, item]) => ({ parent: "", id, item })),
    groups,
    group_rules: recorded("group_rules"),
    group_members: under(recorded("group_members", "groups"), groups),
    applications,
    application_users: under(recorded("app_users", "apps"), applications),
    application_groups: under(recorded("app_groups", "apps"), applications),
    application_user_schemas: under(recorded("schemas_app", "apps"), applications),
    groupSchema,
  };
}

export interface RecordedOkta {
  readonly url: string;
  readonly org: RecordedOrg;
  /** Paths that were answered with 404, with how often. */
  readonly unknown: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

interface Route {
  readonly pattern: RegExp;
  /** Undefined: not found. An array is a list and paged. */
  readonly answer: (query: URLSearchParams, ...ids: string[]) => unknown;
}

/**
 * An Okta org written from Okta's documentation and the recorded traffic alone, as strange as both allow: short pages,
 * empty ones with a next, rows that come twice, keys in another order each time, no rate limit headers.
 */
export async function startRecordedOkta(options: { now: () => number; wellKnown?: boolean }): Promise<RecordedOkta> {
  const org = recordedOrg();
  const unknown = new Map<string, number>();
  const routes = routesOf(org, options.wellKnown === true);
  let answered = 0;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const base = `http://${request.headers.host ?? ""}`;
    const url = new URL(request.url ?? "/", base);
    response.setHeader("Date", new Date(options.now()).toUTCString());
    response.setHeader("Content-Type", "application/json");
    const send = (status: number, body: unknown): void => {
      response.statusCode = status;
      answered += 1;
      response.end(JSON.stringify(turned(body, answered)));
    };
    for (const { pattern, answer } of routes) {
      const match = pattern.exec(url.pathname);
      if (!match) continue;
      const found = answer(url.searchParams, ...match.slice(1));
      if (found instanceof Refused) return send(400, errorBody("E0000031", found.message));
      if (found === undefined) break;
      if (!Array.isArray(found)) return send(200, found);
      const page = pageOf(found, url);
      response.setHeader("Link", page.links);
      return send(200, page.items);
    }
    unknown.set(url.pathname, (unknown.get(url.pathname) ?? 0) + 1);
    const known = /^\/api\/v1\/(users|groups|apps|meta)\//.test(url.pathname);
    send(
      404,
      known
        ? errorBody("E0000007", `Not found: Resource not found: ${lastStep(url.pathname)} (AppInstance)`)
        : errorBody("E0000008", "The requested path was not found"),
    );
  };
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    org,
    unknown,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Refused extends Error {}

function errorBody(errorCode: string, errorSummary: string): Json {
  return { errorCode, errorSummary, errorLink: errorCode, errorId: "oaeRecordedAnswers00000", errorCauses: [] };
}

const PAGE = 40;

/** A page behind the cursor; each list has an empty page in its middle, and a row that comes twice. */
function pageOf(rows: readonly unknown[], url: URL): { items: readonly unknown[]; links: string[] } {
  const limit = Math.min(PAGE, Number(url.searchParams.get("limit") ?? PAGE));
  const [from = 0, seen = ""] = Buffer.from(url.searchParams.get("after") ?? "", "base64url")
    .toString()
    .split(":")
    .map((part, index) => (index === 0 ? Number(part) : part));
  const start = Number(from);
  const isPause = start > 0 && seen === "";
  const items = isPause ? [] : rows.slice(Math.max(0, start - 1), start + limit);
  const end = isPause ? start : start + limit;
  const link = (rel: string, cursor: string | null): string => {
    const at = new URL(url);
    at.searchParams.delete("after");
    if (cursor !== null) at.searchParams.set("after", Buffer.from(cursor).toString("base64url"));
    return `<${at.href}>; rel="${rel}"`;
  };
  const next = isPause ? link("next", `${start}:on`) : end < rows.length ? link("next", `${end}:`) : null;
  return { items, links: [link("self", url.searchParams.get("after")), ...(next === null ? [] : [next])] };
}

/** The same JSON with its keys in another order. */
function turned(value: unknown, by: number): unknown {
  if (Array.isArray(value)) return value.map((element) => turned(element, by));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [key, turned(inner, by)]);
  const at = entries.length === 0 ? 0 : by % entries.length;
  return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)]);
}

function routesOf(org: RecordedOrg, wellKnown: boolean): Route[] {
  const items = (rows: readonly Served[]): Json[] => rows.map(({ item }) => item);
  const one = (rows: readonly Served[], id: string, parent = ""): unknown =>
    rows.find((row) => row.id === id && row.parent === parent)?.item;
  const below = (rows: readonly Served[], parents: readonly Served[], parent: string): unknown =>
    one(parents, parent) === undefined ? undefined : items(rows.filter((row) => row.parent === parent));
  const route = (path: string, answer: Route["answer"]): Route => ({
    pattern: new RegExp(`^${path.replaceAll("*", "([^/]+)")}$`),
    answer,
  });
  return [
    ...(wellKnown
      ? [route("/.well-known/okta-organization", () => ({ id: "00orecorded000000001", pipeline: "idx", _links: {} }))]
      : []),
    route("/api/v1/users", (query) => usersOf(items(org.users), query)),
    route("/api/v1/users/*", (_, id) => one(org.users, id ?? "")),
    route("/api/v1/users/*/groups", (_, id) =>
      items(org.groups.filter((group) => org.group_members.some((row) => row.parent === group.id && row.id === id))),
    ),
    route("/api/v1/meta/types/user", () => items(org.user_types)),
    route("/api/v1/meta/types/user/*", (_, id) => one(org.user_types, id ?? "")),
    route("/api/v1/meta/schemas/user/*", (_, id) => one(org.user_schemas, id ?? "")),
    route("/api/v1/meta/schemas/group/default", () => org.groupSchema),
    route(
      "/api/v1/meta/schemas/apps/*/default",
      (_, id) => org.application_user_schemas.find((row) => row.parent === id)?.item,
    ),
    route("/api/v1/groups", (query) => groupsOf(org, query)),
    route("/api/v1/groups/rules", () => items(org.group_rules)),
    route("/api/v1/groups/rules/*", (_, id) => one(org.group_rules, id ?? "")),
    route("/api/v1/groups/*", (_, id) => one(org.groups, id ?? "")),
    route("/api/v1/groups/*/users", (_, id) => below(org.group_members, org.groups, id ?? "")),
    route("/api/v1/apps", () => items(org.applications)),
    route("/api/v1/apps/*", (_, id) => one(org.applications, id ?? "")),
    route("/api/v1/apps/*/users", (_, id) => below(org.application_users, org.applications, id ?? "")),
    route("/api/v1/apps/*/users/*", (_, app, id) => one(org.application_users, id ?? "", app)),
    route("/api/v1/apps/*/groups", (_, id) => below(org.application_groups, org.applications, id ?? "")),
    route("/api/v1/apps/*/groups/*", (_, app, id) => one(org.application_groups, id ?? "", app)),
  ];
}

/** Okta docs: the plain list omits DEPROVISIONED, a filter does not. */
function usersOf(users: readonly Json[], query: URLSearchParams): unknown {
  const filter = query.get("filter");
  if (query.has("search") || query.has("q")) return new Refused("Invalid search criteria");
  if (filter === null) return users.filter((user) => user["status"] !== "DEPROVISIONED");
  const since = /^lastUpdated gt "([^"]+)"$/.exec(filter)?.[1];
  if (since === undefined) return new Refused(`Invalid filter '${filter}'`);
  return users.filter((user) => String(user["lastUpdated"]) > since);
}

function groupsOf(org: RecordedOrg, query: URLSearchParams): unknown {
  const filter = query.get("filter");
  const all = org.groups.map(({ id, item }) =>
    query.get("expand") === "stats" ? { ...item, _embedded: { stats: statsOf(org, id) } } : item,
  );
  if (filter === null) return all;
  const since = /^\(lastUpdated gt "([^"]+)" or lastMembershipUpdated gt "\1"\)$/.exec(filter)?.[1];
  if (since !== undefined) {
    return all.filter((group: Json) =>
      [group["lastUpdated"], group["lastMembershipUpdated"]].some((at) => String(at) > since),
    );
  }
  const ids = [...filter.matchAll(/id eq "([^"]+)"/g)].map((match) => match[1]);
  return ids.length > 0
    ? all.filter((group: Json) => ids.includes(String(group["id"])))
    : new Refused(`Invalid filter '${filter}'`);
}

function statsOf(org: RecordedOrg, id: string): Json {
  const usersCount = org.group_members.filter((row) => row.parent === id).length;
  return { usersCount, appsCount: 0, groupPushMappingsCount: 0, hasAdminPrivlege: false };
}
