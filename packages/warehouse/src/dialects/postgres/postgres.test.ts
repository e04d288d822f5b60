import { randomBytes } from "node:crypto";

import { afterEach, expect, test } from "vitest";

import { freshSchema, type FreshSchema } from "../../../../../test/support/postgres.js";

let place: FreshSchema;
let database: string | null = null;
afterEach(async () => {
  await place.drop();
  if (database === null) return;
  const admin = await freshSchema();
  await admin.query(`drop database "${database}" with (force)`);
  await admin.drop();
  database = null;
});

/** The address with these settings for every session, as a role or database may have them. */
function withSettings(url: string, options: string): string {
  const changed = new URL(url);
  changed.searchParams.set("options", options);
  return changed.href.replaceAll("+", "%20");
}

test("transactions are READ COMMITTED whatever the role's default is", async () => {
  place = await freshSchema();
  for (const level of ["serializable", "repeatable read"]) {
    const url = withSettings(place.url, `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`);
    const warehouse = await place.open({ url });
    const own = await warehouse.store.read({ sql: "show transaction_isolation", bindings: [] });
    expect(own.rows[0]?.["transaction_isolation"]).toBe(level);
    const answer = await warehouse.store.transaction("look", (tx) =>
      tx.run({ sql: "show transaction_isolation", bindings: [] }),
    );
    expect(answer.rows[0]?.["transaction_isolation"]).toBe("read committed");
  }
});

test("a server that is too old is refused before anything is made", async () => {
  place = await freshSchema();
  // A function of that name in front of the server's own.
  await place.query(`create schema "${place.schema}"`);
  await place.query(
    `create function current_setting(text) returns text language sql as
     $$ select case when $1 = 'server_version_num' then '130014' else pg_catalog.current_setting($1, true) end $$`,
  );
  const url = withSettings(place.url, `-c search_path=${place.schema},pg_catalog`);
  const old = await place.open({ url });
  await expect(old.prepare()).rejects.toMatchObject({
    code: "WAREHOUSE_TOO_OLD",
    remedy: expect.stringContaining("14"),
  });
  expect(await place.query(`select 1 from pg_tables where schemaname = '${place.schema}'`)).toEqual([]);
});

test("text that is too long for an index is refused as such, and nothing of the batch is stored", async () => {
  place = await freshSchema();
  const warehouse = await place.open();
  await warehouse.prepare();
  await place.query("create table t (id text primary key, status text)");
  await place.query("create index on t (status)");
  const columns = ["id", "status"].map((name) => ({ name, type: "text" as const }));
  const load = (bytes: number): Promise<number> =>
    warehouse.store.transaction("load", (tx) =>
      tx.bulk({ schema: place.schema, table: "t", columns }, [
        { values: ["short", "x"], extra: [] },
        { values: ["long", randomBytes(bytes / 2).toString("hex")], extra: [] },
      ]),
    );
  await expect(load(6_000)).rejects.toMatchObject({
    code: "WAREHOUSE_VALUE",
    message: expect.stringContaining("t_status_idx"),
    remedy: expect.stringContaining("Drop the index"),
  });
  expect(await place.query("select id from t")).toEqual([]);
  expect(await load(2_600)).toBe(2);
});

test("in a database that sorts as people do, ids stay apart and a walk over them meets each once", async (context) => {
  const admin = await freshSchema();
  const name = `icu_${admin.schema}`;
  const made = await admin
    .query(
      `create database "${name}" template template0 encoding 'UTF8' locale_provider icu icu_locale 'und' lc_collate 'C' lc_ctype 'C'`,
    )
    .then(
      () => true,
      () => false,
    );
  const url = new URL(admin.url);
  url.pathname = `/${name}`;
  await admin.drop();
  place = await freshSchema(made ? url.href : undefined);
  if (!made) return context.skip("this server makes no ICU databases");
  database = name;
  const warehouse = await place.open();
  await warehouse.prepare();
  const names = ["a", "A", "á", "Á", "b", "B", "a-b", "ab", "a b", "Z", "z", "ä", "ß", "ss", "1", "10", "2"];
  for (const one of names) await warehouse.writeFact(one, one);
  for (const one of names) expect(await warehouse.readFact(one)).toBe(one);
  const walked: string[] = [];
  for (let after: Record<string, string> | null = null; ;) {
    const page: Record<string, string>[] = await warehouse.selectKeys("_tidemark_meta", ["name"], { limit: 3, after });
    walked.push(...page.map((key) => key["name"] ?? ""));
    after = page.at(-1) ?? null;
    if (after === null) break;
  }
  const facts = walked.filter((one) => one.startsWith("fact:"));
  expect(facts.toSorted()).toEqual(names.map((one) => `fact:${one}`).toSorted());
});
