import { afterEach, expect, test } from "vitest";

import type { RunReport } from "../../packages/pipeline/src/report.js";
import { run, testConfig } from "../support/pipeline.js";
import { freshSchema, type FreshSchema } from "../support/postgres.js";
import { VirtualClock } from "../support/virtual-clock.js";
import { HAS_RECORDINGS, type RecordedOkta, type Served, startRecordedOkta } from "./recorded-okta.js";

type Json = Record<string, unknown>;

let okta: RecordedOkta | undefined;
let place: FreshSchema | undefined;
afterEach(async () => {
  await okta?.close();
  await place?.drop();
});

/** Key columns of each table, in the order of parent and id. */
const TABLES = {
  users: ["id"],
  user_types: ["id"],
  groups: ["id"],
  group_rules: ["id"],
  group_members: ["group_id", "user_id"],
  applications: ["id"],
  application_users: ["application_id", "user_id"],
  application_groups: ["application_id", "group_id"],
  application_user_schemas: ["application_id"],
} as const;

/** What never leaves Okta, or is never stored: secrets. And what points at other resources. */
const LEFT_OUT =
  /(^|\.)(_links|_embedded)(\.|$)|client_secret|credentials\.password\.|recovery_question\.answer|jwks\.keys\.\d+\.(d|p|q|dp|dq|qi|k)$/;

function* leavesOf(value: unknown, path: readonly string[] = []): Generator<[string, unknown]> {
  if (value === null || LEFT_OUT.test(path.join("."))) return;
  if (typeof value !== "object") yield [path.join("."), value];
  else for (const [key, inner] of Object.entries(value)) yield* leavesOf(inner, [...path, key]);
}

/** Every scalar that a row holds, JSON columns taken apart. */
function scalarsOf(row: Json): Set<string> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (value instanceof Date) found.add(value.toISOString());
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
    else found.add(String(value));
  };
  walk(row);
  return found;
}

function lostLeaves(table: string, served: Served, row: Json): string[] {
  const there = scalarsOf(row);
  return [...leavesOf(served.item)]
    .filter(([, value]) => !there.has(String(value)))
    .map(([path, value]) => `${table} ${served.parent}/${served.id}: ${path} = ${String(value)}`);
}

/** Rows and leaves of the org that the tables do not have, and rows too many. */
async function losses(target: FreshSchema, server: RecordedOkta): Promise<string[]> {
  const lines: string[] = [];
  for (const [table, key] of Object.entries(TABLES)) {
    const rows = await target.query<Json>(`select * from "${table}"`);
    const byKey = new Map(rows.map((row) => [key.map((column) => String(row[column])).join("/"), row]));
    const served = server.org[table as keyof typeof TABLES];
    for (const one of served) {
      const id =
        table === "application_user_schemas" ? one.parent : key.length > 1 ? `${one.parent}/${one.id}` : one.id;
      const row = byKey.get(id);
      if (!row) lines.push(`${table} ${id} is missing`);
      else if (table !== "group_members") lines.push(...lostLeaves(table, one, row));
    }
    if (rows.length !== served.length) lines.push(`${table}: ${rows.length} rows for ${served.length}`);
  }
  return lines;
}

const changes = (report: RunReport): Json =>
  Object.fromEntries(
    report.objects
      .map(({ object, inserted, updated, deleted }) => [object, inserted + updated + deleted] as const)
      .filter(([, count]) => count > 0),
  );

const reason = HAS_RECORDINGS ? "" : " (skipped: no recorded answers of Okta are at hand)";

for (const wellKnown of [true, false]) {
  test.skipIf(!HAS_RECORDINGS)(
    `an org of recorded answers is replicated without loss, ${wellKnown ? "with" : "without"} its id${reason}`,
    async () => {
      const clock = new VirtualClock();
      okta = await startRecordedOkta({ now: () => clock.now(), wellKnown });
      place = await freshSchema();
      const yaml = testConfig({
        sim: { url: okta.url, token: "00Qany" },
        databaseUrl: place.url,
        schema: place.schema,
      });

      const first = await run(yaml, { clock, env: {} });
      expect(first.objects.filter(({ status }) => status !== "succeeded")).toEqual([]);
      expect(first).toMatchObject({ status: "succeeded" });
      expect(first.warnings.join("\n")).toMatch(/System Log may not be read/);
      expect(first.objects.find(({ object }) => object === "application_users")).toMatchObject({ degraded: true });
      expect(await losses(place, okta)).toEqual([]);

      clock.advance(11 * 60_000);
      const second = await run(yaml, { clock, env: {} });
      expect(second).toMatchObject({ status: "succeeded" });
      expect(changes(second)).toEqual({});

      if (!wellKnown) return;
      clock.advance(25 * 3_600_000);
      const third = await run(yaml, { clock, env: {} });
      expect(changes(third)).toEqual({});
      expect(third.objects.filter(({ status, rejected }) => status !== "succeeded" || rejected > 0)).toEqual([]);
      expect(await losses(place, okta)).toEqual([]);
    },
  );
}
