import type { KeyValues, Row } from "@tidemark/catalog";
import type { DeletePolicy, LoadCounts, ObjectLoader } from "@tidemark/loader";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  batch,
  clubMembers,
  CLUB_MEMBERS,
  finish,
  keysOf,
  type LoaderSettings,
  newPass,
  NOTHING,
  openLoader,
  type SchemaFactory,
  sum,
} from "./fixture.js";

/** Pairs with a content, so that rows change as well as come and go. */
const table = {
  ...clubMembers,
  columns: [...clubMembers.columns, { name: "role", type: "text" as const, path: ["role"] }],
};

interface Pair {
  readonly club: string;
  readonly id: string;
  readonly role: string;
}

type Step =
  | { readonly kind: "rows"; readonly rows: readonly Pair[]; readonly merge: boolean }
  | { readonly kind: "scope"; readonly club: string | null; readonly merge: boolean }
  | { readonly kind: "gone"; readonly club: string; readonly id: string | null; readonly merge: boolean }
  | { readonly kind: "crash" };

interface PassPlan {
  readonly steps: readonly Step[];
  readonly deleteAbsent: boolean;
}

const club = fc.constantFrom("a", "b", "c");
const id = fc.constantFrom("1", "2", "3", "4", "5");
const pair = fc.record({ club, id, role: fc.constantFrom("x", "y") });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("rows" as const),
      rows: fc.array(pair, { maxLength: 8 }),
      merge: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("scope" as const),
      club: fc.option(club, { freq: 4 }),
      merge: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("gone" as const), club, id: fc.option(id), merge: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: "crash" }) },
);
const plan: fc.Arbitrary<PassPlan> = fc.record({ steps: fc.array(step, { maxLength: 7 }), deleteAbsent: fc.boolean() });

const keyOf = (one: { club: string; id: string }): string => `${one.club}${one.id}`;

function toRow(one: Pair): Row {
  return { values: [one.club, one.id, one.role], hash: `hash of ${one.role}` };
}

/** What the loader promises, in memory: tables as maps, staging as a list. */
class Model {
  readonly live = new Map<string, string>();
  #seen = new Set<string>();
  #staged: Pair[] = [];
  #openScopes: (string | null)[] = [];
  #absent = new Set<string>();

  /** A table that was empty when the pass began holds only what the pass showed: nothing can be absent. */
  #fromEmpty = false;

  readonly #soft: boolean;
  /** Soft deletes leave their rows in the table. */
  readonly #kept = new Set<string>();

  constructor(soft: boolean) {
    this.#soft = soft;
  }

  begin(): void {
    this.#fromEmpty = (this.#soft ? this.#kept : this.live).size === 0;
    this.#seen = new Set();
    this.#staged = [];
    this.#openScopes = [];
    this.#absent = new Set();
  }

  commit(of: { rows: readonly Pair[]; merge: boolean; scopes: readonly (string | null)[] }): LoadCounts {
    const last = new Map(of.rows.map((one) => [keyOf(one), one]));
    this.#staged.push(...last.values());
    this.#openScopes.push(...of.scopes);
    const before = new Map(this.live);
    let counts = NOTHING;
    if (of.merge) {
      // What was staged before is merged first, and counted on its own.
      const earlier = this.#staged.slice(0, this.#staged.length - last.size);
      counts = sum([this.#merge(earlier), this.#merge([...last.values()])]);
      this.#staged = [];
      this.#judge(before, new Set([...this.#seen, ...last.keys()]));
    }
    for (const key of last.keys()) this.#absent.delete(key);
    return counts;
  }

  #merge(rows: readonly Pair[]): LoadCounts {
    const counts = { ...NOTHING } as { -readonly [K in keyof LoadCounts]: LoadCounts[K] };
    for (const [key, one] of new Map(rows.map((row) => [keyOf(row), row]))) {
      const old = this.live.get(key);
      if (old === undefined) counts.inserted++;
      else if (old === one.role) counts.unchanged++;
      else counts.updated++;
      this.live.set(key, one.role);
      this.#kept.add(key);
      this.#seen.add(key);
    }
    return counts;
  }

  #judge(rows: ReadonlyMap<string, string>, seen: ReadonlySet<string>): void {
    for (const scope of this.#fromEmpty ? [] : this.#openScopes) {
      const inside = (key: string): boolean => scope === null || key.startsWith(scope);
      for (const key of rows.keys()) if (inside(key) && !seen.has(key)) this.#absent.add(key);
      this.#seen = new Set([...this.#seen].filter((key) => !inside(key)));
    }
    this.#openScopes = [];
  }

  gone(of: { club: string; id: string | null }): number {
    const isGone = (key: string): boolean => (of.id === null ? key.startsWith(of.club) : key === of.club + of.id);
    const keys = [...this.live.keys()].filter(isGone);
    for (const key of keys) this.live.delete(key);
    this.#staged = this.#staged.filter((one) => !isGone(keyOf(one)));
    return keys.length;
  }

  findAbsent(): void {
    this.#judge(this.live, new Set([...this.#seen, ...this.#staged.map(keyOf)]));
  }

  finish(deleteAbsent: boolean): LoadCounts {
    const counts = this.#merge(this.#staged);
    let deleted = 0;
    if (deleteAbsent) for (const key of this.#absent) if (this.live.delete(key)) deleted++;
    return { ...counts, deleted };
  }
}

function scopeOf(name: string | null): KeyValues {
  return name === null ? {} : { club_id: name };
}

/** Random passes with crashes, against a model in memory. */
export function describeModel(newSchema: SchemaFactory): void {
  describe("random passes", () => {
    for (const deletes of ["hard", "soft"] as const satisfies readonly DeletePolicy[]) {
      test(`${deletes} deletes: rows and counts are those of the model, whatever crashes between commits`, async () => {
        const schema = await newSchema();
        const warehouse = await schema.open();
        await warehouse.prepare();
        const settings: LoaderSettings = { definition: CLUB_MEMBERS, tables: [table], deletes };
        await fc.assert(
          fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 3 }), async (passes) => {
            await (await openLoader(warehouse, settings)).close();
            await schema.query(`delete from ${table.name}`);
            const model = new Model(deletes === "soft");
            for (const one of passes) {
              await runAgainst(model, one, () => openLoader(warehouse, settings));
              const rows = await warehouse.selectRows(
                { table: table.name, columns: ["club_id", "person_id", "role"] },
                { limit: 1_000 },
              );
              const stored = new Map(
                rows.map((row) => [`${String(row["club_id"])}${String(row["person_id"])}`, row["role"]]),
              );
              expect(Object.fromEntries([...stored].toSorted())).toEqual(
                Object.fromEntries([...model.live].toSorted()),
              );
              expect(await keysOf(warehouse, table)).toHaveLength(model.live.size);
            }
          }),
          { numRuns: Number(process.env["TIDEMARK_TEST_RUNS"] ?? 25) },
        );
        await schema.drop();
      });
    }
  });
}

async function runAgainst(model: Model, one: PassPlan, open: () => Promise<ObjectLoader>): Promise<void> {
  let loader = await open();
  try {
    const pass = newPass("reconcile");
    await loader.begin(pass);
    model.begin();
    for (const current of one.steps) {
      if (current.kind === "crash") {
        // All that a loader keeps in memory is lost; the lease is given back so that the test need not wait for its end.
        await loader.close();
        loader = await open();
        await loader.begin(pass);
      } else {
        await compareStep(model, loader, current);
      }
    }
    await loader.findAbsent();
    model.findAbsent();
    expect(await loader.finish(finish({ deleteAbsent: one.deleteAbsent }))).toEqual(model.finish(one.deleteAbsent));
  } finally {
    await loader.close();
  }
}

async function compareStep(
  model: Model,
  loader: ObjectLoader,
  current: Exclude<Step, { kind: "crash" }>,
): Promise<void> {
  const cursor = { at: 1 };
  switch (current.kind) {
    case "rows": {
      const counts = await loader.commit(batch({ rows: current.rows.map(toRow), merge: current.merge, cursor }));
      expect(counts).toEqual(model.commit({ rows: current.rows, merge: current.merge, scopes: [] }));
      break;
    }
    case "scope": {
      const counts = await loader.commit(batch({ scopes: [scopeOf(current.club)], merge: current.merge, cursor }));
      expect(counts).toEqual(model.commit({ rows: [], merge: current.merge, scopes: [current.club] }));
      break;
    }
    case "gone": {
      const key = current.id === null ? { club_id: current.club } : { club_id: current.club, person_id: current.id };
      const counts = await loader.commit(batch({ gone: [{ key, reason: "event" }], merge: current.merge, cursor }));
      const merged = model.commit({ rows: [], merge: current.merge, scopes: [] });
      expect(counts).toEqual({ ...merged, deleted: model.gone(current) });
      break;
    }
    default:
      current satisfies never;
  }
}
