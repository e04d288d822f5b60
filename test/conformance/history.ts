import type { Row } from "@tidemark/catalog";
import type { Warehouse } from "@tidemark/warehouse";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  batch,
  clubMembers,
  CLUB_MEMBERS,
  type LoaderSettings,
  member,
  PEOPLE,
  PEOPLE_LOADER,
  people,
  peopleTags,
  person,
  runPass,
  type SchemaFactory,
  tags,
  type TestSchema,
} from "./fixture.js";

const DAY = 86_400_000;
const START = Date.parse("2026-01-10T00:00:00.000Z");

/** Okta's clock, as a test sets it. */
function clockAt(at: number): NonNullable<LoaderSettings["times"]> {
  return { now: () => at };
}

function instant(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}

/** A history, oldest version first; columns that it is asked for, and the times of each version. */
async function versionsOf(warehouse: Warehouse, table: string, columns: readonly string[]): Promise<string[]> {
  const times = ["_tidemark_valid_from", "_tidemark_valid_to"];
  const by = ["_tidemark_valid_from_by", "_tidemark_valid_to_by"];
  const rows = await warehouse.selectRows(
    { table: `${table}_history`, columns: [...columns, ...times, ...by, "_tidemark_current"] },
    { limit: 10_000 },
  );
  return rows
    .map((row) => {
      const [from, to] = times.map((column) => instant(row[column]));
      const end = to === null ? "now" : `${to} ${String(row["_tidemark_valid_to_by"])}`;
      expect(row["_tidemark_current"]).toBe(to === null);
      const content = columns.map((column) => String(row[column])).join(" ");
      return `${content}: ${from} ${String(row["_tidemark_valid_from_by"])} – ${end}`;
    })
    .toSorted();
}

/** Who was a member at an instant, as a person would ask. */
async function membersAt(schema: TestSchema, at: number): Promise<string[]> {
  const iso = new Date(at).toISOString().replace("T", " ").replace("Z", "");
  const rows = await schema.query<{ club_id: string; person_id: string }>(
    `select club_id, person_id from club_members_history
     where _tidemark_valid_from <= '${iso}' and (_tidemark_valid_to > '${iso}' or _tidemark_valid_to is null)`,
  );
  return rows.map((row) => `${row.club_id}${row.person_id}`).toSorted();
}

/** Versions of rows beside their tables. */
export function describeHistory(newSchema: SchemaFactory): void {
  describe("histories", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
    });
    afterEach(() => schema.drop());

    const membership = (at: number, more: Partial<LoaderSettings> = {}): LoaderSettings => ({
      definition: CLUB_MEMBERS,
      tables: [clubMembers],
      history: true,
      times: clockAt(at),
      ...more,
    });

    test("who was in which club on a date is one query", async () => {
      const all = (rows: readonly Row[]) => ({ batches: [batch({ rows, scopes: [{}] })] });
      await runPass(warehouse, membership(START), all([member("a", "1"), member("a", "2")]));
      await runPass(warehouse, membership(START + DAY), all([member("a", "2"), member("b", "1")]));
      await runPass(warehouse, membership(START + 2 * DAY), all([member("a", "2"), member("a", "1")]));
      expect(await membersAt(schema, START - 1)).toEqual([]);
      expect(await membersAt(schema, START)).toEqual(["a1", "a2"]);
      expect(await membersAt(schema, START + DAY)).toEqual(["a2", "b1"]);
      expect(await membersAt(schema, START + 9 * DAY)).toEqual(["a1", "a2"]);
    });

    test("times are those of events where there is one, else the run's that saw it", async () => {
      const event = START + DAY + 12_345;
      const times = { now: () => START + 2 * DAY, events: [{ key: { club_id: "a", person_id: "1" }, at: event }] };
      await runPass(warehouse, membership(START), { batches: [batch({ rows: [member("a", "1"), member("a", "2")] })] });
      await runPass(
        warehouse,
        { ...membership(0), times },
        {
          mode: "incremental",
          batches: [
            batch({ gone: ["1", "2"].map((id) => ({ key: { club_id: "a", person_id: id }, reason: "event" })) }),
          ],
          end: { complete: false },
        },
      );
      expect(await versionsOf(warehouse, "club_members", ["person_id"])).toEqual([
        "1: 2026-01-10T00:00:00.000Z observed – 2026-01-11T00:00:12.345Z event",
        "2: 2026-01-10T00:00:00.000Z observed – 2026-01-12T00:00:00.000Z observed",
      ]);
    });

    const of = (at: number, more: Partial<LoaderSettings> = {}): LoaderSettings => ({
      ...PEOPLE_LOADER,
      history: true,
      times: clockAt(at),
      ...more,
    });

    test("a changed row ends its version at its own lastUpdated and begins another, staged or not; child rows too", async () => {
      for (const merge of [true, false]) {
        const id = String(merge);
        const load = (login: string, lastUpdated: string, names: readonly string[]) => ({
          batches: [
            batch({
              merge,
              rows: [person({ id, login, lastUpdated }), person({ id: `same ${id}` })],
              children: [{ table: peopleTags, rows: tags(id, names) }],
            }),
          ],
          end: { complete: false, deleteAbsent: false },
        });
        await runPass(warehouse, of(START), load("old", "2026-01-01T00:00:00.001Z", ["x", "y"]));
        await runPass(warehouse, of(START + DAY), load("new", "2026-01-10T11:00:00.002Z", ["x"]));
        // What changed without a later lastUpdated was seen by the run.
        await runPass(warehouse, of(START + 2 * DAY), load("odd", "2026-01-10T11:00:00.002Z", ["x"]));
        await runPass(warehouse, of(START + 3 * DAY), load("odd", "2026-01-10T11:00:00.002Z", ["x"]));
        const own = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith(`${id} `));
        expect(own(await versionsOf(warehouse, "people", ["id", "login"]))).toEqual(
          [
            `${id} old: 2026-01-01T00:00:00.001Z last_updated – 2026-01-10T11:00:00.002Z last_updated`,
            `${id} new: 2026-01-10T11:00:00.002Z last_updated – 2026-01-12T00:00:00.000Z observed`,
            `${id} odd: 2026-01-12T00:00:00.000Z observed – now`,
          ].toSorted(),
        );
        expect(own(await versionsOf(warehouse, "people_tags", ["person_id", "name"]))).toEqual([
          `${id} x: 2026-01-10T00:00:00.000Z observed – now`,
          `${id} y: 2026-01-10T00:00:00.000Z observed – 2026-01-11T00:00:00.000Z observed`,
        ]);
      }
    });

    test("deletes of every kind end the version: hard, soft, absent, by the parent, and a row that returns begins another", async () => {
      for (const deletes of ["hard", "soft"] as const) {
        const dependants = [{ table: "club_members", column: "person_id" }];
        const settings = (at: number) => of(at, { deletes, references: dependants });
        const all = (rows: readonly Row[]) => ({
          batches: [
            batch({
              rows,
              scopes: [{}],
              children: [{ table: peopleTags, rows: rows.flatMap((row) => tags(String(row.values[0]), ["t"])) }],
            }),
          ],
        });
        const id = `${deletes}1`;
        await runPass(warehouse, settings(START), all([person({ id }), person({ id: `${deletes}2` })]));
        await runPass(warehouse, membership(START, { deletes }), { batches: [batch({ rows: [member("a", id)] })] });
        await runPass(warehouse, settings(START + DAY), all([person({ id: `${deletes}2` })]));
        await runPass(warehouse, settings(START + 2 * DAY), all([person({ id }), person({ id: `${deletes}2` })]));
        const own = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith(id));
        const gone = `2026-01-10T00:00:00.000Z observed – 2026-01-11T00:00:00.000Z observed`;
        expect(own(await versionsOf(warehouse, "people", ["id"]))).toEqual([
          `${id}: ${gone}`,
          `${id}: 2026-01-12T00:00:00.000Z observed – now`,
        ]);
        expect(own(await versionsOf(warehouse, "club_members", ["person_id"]))).toEqual([`${id}: ${gone}`]);
        expect(own(await versionsOf(warehouse, "people_tags", ["person_id"]))).toHaveLength(2);
      }
    });

    test("a history that is begun later holds what the table holds, and one that was left off is taken up again", async () => {
      const load = (login: string) => ({ batches: [batch({ rows: [person({ id: "1", login })] })] });
      await runPass(warehouse, PEOPLE_LOADER, load("before"));
      await runPass(warehouse, of(START), load("before"));
      expect(await versionsOf(warehouse, "people", ["login"])).toEqual([
        "before: 2026-01-10T00:00:00.000Z observed – now",
      ]);
      const incremental = { mode: "incremental" as const, end: { complete: false } };
      await runPass(warehouse, PEOPLE_LOADER, { ...load("meanwhile"), ...incremental });
      await runPass(warehouse, of(START + DAY), { batches: [], ...incremental });
      expect(await versionsOf(warehouse, "people", ["login"])).toEqual([
        "before: 2026-01-10T00:00:00.000Z observed – 2026-01-11T00:00:00.000Z observed",
        "meanwhile: 2026-01-11T00:00:00.000Z observed – now",
      ]);
      await schema.query("drop table people_history");
      await runPass(warehouse, of(START + 2 * DAY), { batches: [], ...incremental });
      expect(await versionsOf(warehouse, "people", ["login"])).toEqual([
        "meanwhile: 2026-01-12T00:00:00.000Z observed – now",
      ]);
    });

    test("columns of a history come, widen and take new names with those of its table", async () => {
      await runPass(warehouse, of(START), { batches: [batch({ rows: [person({ id: "1", login: "a", badge: 7 })] })] });
      const grown = {
        ...people,
        indexes: [],
        columns: [
          ...people.columns.map((column) => {
            if (column.name === "badge") return { ...column, type: "text" as const };
            return column.name === "login" ? { ...column, name: "user_name" } : column;
          }),
          { name: "nickname", type: "text" as const, path: ["profile", "nickname"] },
        ],
      };
      const values = ["1", "a", null, "seven", null, null, null, "Al"];
      await runPass(warehouse, of(START + DAY, { definition: PEOPLE, tables: [grown, peopleTags] }), {
        batches: [batch({ rows: [{ hash: "2", values }] })],
      });
      expect(await versionsOf(warehouse, "people", ["user_name", "badge", "nickname"])).toEqual([
        "a 7 null: 2026-01-10T00:00:00.000Z observed – 2026-01-11T00:00:00.000Z observed",
        "a seven Al: 2026-01-11T00:00:00.000Z observed – now",
      ]);
    });

    test("a dry run keeps no version, and uninstalling takes histories with their tables", async () => {
      await runPass(warehouse, of(START), { batches: [batch({ rows: [person({ id: "1" })] })] });
      const change = { batches: [batch({ rows: [person({ id: "1", login: "x" }), person({ id: "2" })] })] };
      await runPass(warehouse, of(START + DAY, { dryRun: true }), change);
      expect(await versionsOf(warehouse, "people", ["id"])).toHaveLength(1);
      const dropped = await warehouse.uninstall({ dropTables: true });
      expect(dropped).toEqual(expect.arrayContaining(["people_history", "people_tags_history"]));
    });

    test("whatever happens in whatever order: versions do not overlap, and the current ones are the rows", async () => {
      const table = {
        ...clubMembers,
        columns: [...clubMembers.columns, { name: "role", type: "text" as const, path: ["role"] }],
      };
      const pair = fc.record({
        club: fc.constantFrom("a", "b"),
        id: fc.constantFrom("1", "2", "3"),
        role: fc.constantFrom("x", "y"),
      });
      const step = fc.record({
        rows: fc.array(pair, { maxLength: 5 }),
        gone: fc.array(pair, { maxLength: 2 }),
        events: fc.array(fc.tuple(pair, fc.integer({ min: -3, max: 3 })), { maxLength: 3 }),
        merge: fc.boolean(),
        whole: fc.boolean(),
        pause: fc.constantFrom(0, 1, 1_000, DAY),
        deletes: fc.constantFrom("hard" as const, "soft" as const),
      });
      const key = (one: { club: string; id: string }) => ({ club_id: one.club, person_id: one.id });
      let now = START;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
          for (const one of steps) {
            now += one.pause;
            const at = now;
            const events = one.events.map(([pairOf, offset]) => ({ key: key(pairOf), at: at + offset * 500 }));
            const rows = one.rows.map((row) => ({ values: [row.club, row.id, row.role], hash: `h ${row.role}` }));
            const gone = one.gone.map((row) => ({ key: key(row), reason: "event" as const }));
            await runPass(
              warehouse,
              {
                definition: CLUB_MEMBERS,
                tables: [table],
                deletes: one.deletes,
                history: true,
                times: { now: () => at, events },
              },
              {
                mode: one.whole ? "reconcile" : "incremental",
                batches: [
                  batch({ rows, merge: one.merge, scopes: one.whole ? [{}] : [] }),
                  batch({ gone, merge: one.merge }),
                ],
                end: { complete: one.whole },
              },
            );
            await checkVersions(warehouse);
          }
        }),
        { numRuns: Number(process.env["TIDEMARK_TEST_RUNS"] ?? 15) },
      );
    });
  });
}

/** Current versions are the live rows; versions of a key follow each other without overlap. */
async function checkVersions(warehouse: Warehouse): Promise<void> {
  const columns = ["club_id", "person_id", "role"];
  const text = (row: Readonly<Record<string, unknown>>): string =>
    columns.map((column) => String(row[column])).join(" ");
  const live = await warehouse.selectRows({ table: "club_members", columns }, { limit: 1_000 });
  const versions = await warehouse.selectRows(
    {
      table: "club_members_history",
      columns: [...columns, "_tidemark_valid_from", "_tidemark_valid_to", "_tidemark_current"],
    },
    { limit: 100_000 },
  );
  const current = versions.filter((row) => row["_tidemark_current"] === true);
  expect(current.map(text).toSorted()).toEqual(live.map(text).toSorted());
  const byKey = new Map<string, { from: string; to: string | null }[]>();
  for (const row of versions) {
    const name = `${String(row["club_id"])} ${String(row["person_id"])}`;
    const own = byKey.get(name) ?? [];
    own.push({ from: instant(row["_tidemark_valid_from"]) ?? "", to: instant(row["_tidemark_valid_to"]) });
    byKey.set(name, own);
  }
  for (const own of byKey.values()) {
    const inOrder = own.toSorted((a, b) => (a.from < b.from ? -1 : 1));
    inOrder.forEach(({ from, to }, index) => {
      const next = inOrder[index + 1];
      expect(to === null || to > from).toBe(true);
      expect(next === undefined || (to !== null && to <= next.from)).toBe(true);
    });
  }
}
