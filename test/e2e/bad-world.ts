import { randomBytes } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";

import { createSimulator, type Simulator } from "@tidemark/okta-simulator";
import { expect } from "vitest";

import { type CliResult, configFolder, runCli } from "../support/cli.js";
import type { FreshSchema } from "../support/postgres.js";
import { type BadKind, POSTGRES } from "./bad-kinds.js";

/** What a bad configuration has otherwise than a good one. */
export interface Wrong {
  readonly orgUrl?: string;
  readonly token?: string;
  /** Of the database. */
  readonly url?: string;
  readonly schema?: string;
  readonly objects?: string;
  /** Further lines, or other ones: edits the whole file. */
  readonly edit?: (yaml: string) => string;
}

/** What a bad command has to end with. */
export interface Expected {
  readonly exit: number;
  /** Documented error code that is printed. */
  readonly code: string;
  /** What the message names: texts or patterns that stdout or stderr holds. */
  readonly says: readonly (string | RegExp)[];
  /** False: the message itself says what is allowed, and a place in the file is named. */
  readonly remedy?: boolean;
  /** Other objects were under way: their places may have moved, their rows not. */
  readonly midway?: boolean;
}

/** A filled schema, an org, and the means to ask for the impossible; everything that is printed is searched for secrets. */
export interface BadWorld {
  readonly sim: Simulator;
  readonly kind: BadKind;
  readonly place: FreshSchema;
  /** A database user of this world with a password that nothing else has, and its URL. */
  readonly user: { readonly name: string; readonly password: string; readonly url: string };
  /** The URL with another part. */
  urlWith(part: Partial<Record<"password" | "pathname" | "port" | "username", string>>): string;
  /** Runs a command line with this configuration. No secret may be in what it prints. */
  tidemark(argv: readonly string[], wrong?: Wrong): Promise<CliResult>;
  /** Runs it, holds it against what is expected, and sees that the data stayed as it was. */
  expectRefusal(argv: readonly string[], wrong: Wrong, expected: Expected): Promise<CliResult>;
  /** Contents of every table of the schema that holds data or a place in it. */
  snapshot(): Promise<Record<string, string>>;
  admin<T extends Record<string, unknown>>(sql: string): Promise<T[]>;
  close(): Promise<void>;
}

/** Tables that say how the last run went, which a failed one may. */
const TELLING = new Set(["_tidemark_runs", "_tidemark_objects", "_tidemark_leases"]);

export async function createBadWorld(kind: BadKind = POSTGRES): Promise<BadWorld> {
  const sim = await createSimulator({
    users: 60,
    groups: 6,
    apps: 4,
    customAttributes: 3,
    token: `00Bad${randomBytes(12).toString("hex")}`,
  });
  if (!kind.place) throw new Error(`no ${kind.name} server`);
  const place = await kind.place();
  const name = `r_${place.schema}`;
  const password = `Pw/${randomBytes(6).toString("hex")}@geheim`;
  const run = async (statements: readonly string[]): Promise<void> => {
    for (const sql of statements) await place.query(sql);
  };
  await run([...kind.createUser(name, password), ...kind.createSchema(place.schema, name)]);
  const secrets = new Set([sim.token, password, encodeURIComponent(password)]);
  const own = new URL(place.url);
  own.username = name;
  own.password = encodeURIComponent(password);
  const yaml = (wrong: Wrong): string => `connections:
  acme:
    type: okta
    orgUrl: ${wrong.orgUrl ?? sim.url}
    token: ${wrong.token ?? sim.token}
  warehouse:
    type: ${kind.type}
    url: "${wrong.url ?? own.href}"
    schema: ${wrong.schema ?? place.schema}
pipelines:
  nightly:
    source: acme
    destination: warehouse
    objects: ${wrong.objects ?? "[users, groups, group_members, applications, application_users]"}
`;
  const world: BadWorld = {
    sim,
    kind,
    place,
    user: { name, password, url: own.href },
    urlWith(part) {
      const url = new URL(own.href);
      for (const [key, value] of Object.entries(part)) url[key as "password"] = value;
      return url.href;
    },
    async tidemark(argv, wrong = {}) {
      const text = (wrong.edit ?? ((same) => same))(yaml(wrong));
      const result = await runCli(argv, { cwd: await configFolder(text) });
      const hidden = [...secrets, ...(wrong.token ? [wrong.token] : []), ...passwordOf(wrong.url)];
      const shown = hidden.filter((secret) => `${result.stdout}\n${result.stderr}`.includes(secret));
      expect(shown, "secrets in what was printed").toEqual([]);
      return result;
    },
    async expectRefusal(argv, wrong, expected) {
      const before = await world.snapshot();
      const result = await world.tidemark(argv, wrong);
      const printed = `${result.stdout}\n${result.stderr}`;
      expect({ code: result.code, printed }).toMatchObject({ code: expected.exit });
      expect(printed).toContain(expected.code);
      const unsaid = expected.says.filter((text) => !holds(printed, text));
      expect({ unsaid, printed }).toEqual({ unsaid: [], printed });
      expect(printed).toMatch(expected.remedy === false ? /where: \S+/ : /remedy: \S+/);
      // A run that was partly done moved the places of what it did; the rows are the same, as the org is.
      const after = await world.snapshot();
      const counted = ([name]: readonly [string, string]): boolean =>
        (expected.exit !== 3 && expected.midway !== true) || !name.startsWith("_tidemark");
      expect(Object.fromEntries(Object.entries(after).filter(counted))).toMatchObject(
        Object.fromEntries(Object.entries(before).filter(counted)),
      );
      return result;
    },
    snapshot: () => snapshot(kind, place),
    async admin<T extends Record<string, unknown>>(sql: string) {
      return place.query<T>(sql);
    },
    async close() {
      await sim.close();
      await run([kind.dropSchema(place.schema), ...kind.dropUser(name)]);
      await place.drop();
    },
  };
  return world;
}

function holds(printed: string, text: string | RegExp): boolean {
  return typeof text === "string" ? printed.includes(text) : text.test(printed);
}

function passwordOf(url: string | undefined): string[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { password } = new URL(url);
  return password === "" ? [] : [password, decodeURIComponent(password)];
}

async function snapshot(kind: BadKind, place: FreshSchema): Promise<Record<string, string>> {
  const tables = await place.query<{ name: string }>(kind.tables(place.schema));
  const contents: Record<string, string> = {};
  for (const { name } of tables) {
    if (TELLING.has(name)) continue;
    const [row] = await place.query(kind.content(place.schema, name));
    contents[name] = JSON.stringify(row);
  }
  return contents;
}

/** A web server that is no Okta org. */
export async function startSite(
  answer: (response: ServerResponse) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
