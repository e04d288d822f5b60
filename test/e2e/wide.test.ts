import { afterEach, describe, expect, test } from "vitest";

import { configFolder, runCli } from "../support/cli.js";
import { freshDatabase, mysqlUrl } from "../support/mysql.js";
import { testConfig } from "../support/pipeline.js";
import { freshSchema, type FreshSchema } from "../support/postgres.js";
import { freshSqlServerSchema, sqlServerUrl } from "../support/sqlserver.js";
import { createWorld, lineOf, type World } from "../support/world.js";

const WAREHOUSES: readonly { name: string; place: (() => Promise<FreshSchema>) | null }[] = [
  { name: "PostgreSQL", place: () => freshSchema() },
  { name: "MySQL/MariaDB", place: mysqlUrl() === null ? null : () => freshDatabase() },
  { name: "SQL Server", place: sqlServerUrl() === null ? null : () => freshSqlServerSchema() },
];

/** More custom attributes than the table of users has room for in any database. */
const ATTRIBUTES = 330;

const OBJECTS = ["users", "groups", "group_members", "application_users"];

for (const { name, place } of WAREHOUSES) {
  describe.skipIf(place === null)(`an org with ${ATTRIBUTES} custom attributes, into ${name}`, () => {
    let world: World;
    afterEach(() => world.close());

    /** Users of the default type, who can have its attributes. */
    async function people(): Promise<string[]> {
      const type = [...world.sim.org.truth("user_types")].find((candidate) => candidate["default"] === true);
      const rows = await world.query<{ id: string }>(
        `select id from users where type_id = '${String(type?.["id"])}' and status = 'ACTIVE' order by id`,
      );
      return rows.map((row) => row.id);
    }

    const attribute = (n: number): string => `wide${String(n).padStart(3, "0")}${n % 2 === 0 ? "" : "Count"}`;

    function addAttributes(from: number, to: number): void {
      for (let n = from; n < to; n++) {
        world.sim.org.addUserAttribute("default", attribute(n), {
          title: attribute(n),
          type: n % 2 ? "integer" : "string",
        });
      }
    }

    function fill(id: string, from: number, to: number): void {
      const values = Array.from({ length: to - from }, (_, at) => {
        const n = from + at;
        return [attribute(n), n % 2 ? n * 1_000_003 : `${id} ${n} `.repeat(4)];
      });
      world.sim.org.updateUser(id, Object.fromEntries(values));
    }

    async function rowsOfSecond(id?: string): Promise<number> {
      const where = id === undefined ? "" : ` where id = '${id}'`;
      return (await world.query(`select id from users_2${where}`)).length;
    }

    test("all are typed columns, in a second table once the first is full, and stay what the org says", async () => {
      world = await createWorld({ users: 40, ...(place ? { place } : {}) });
      const { org } = world.sim;
      addAttributes(0, 10);
      expect((await world.run()).status).toBe("succeeded");
      const [first = "", second = "", third = ""] = await people();
      expect((await world.warehouse.readRegistry("users")).some((table) => table.name === "users_2")).toBe(false);

      addAttributes(10, ATTRIBUTES);
      for (const id of [first, second, third]) fill(id, 0, ATTRIBUTES);
      world.quiet();
      const dry = await world.run({ dryRun: true });
      expect(lineOf(dry, "users")).toMatchObject({ mode: "incremental", status: "succeeded", inserted: 0, updated: 3 });
      expect((await world.warehouse.readRegistry("users")).some((table) => table.name === "users_2")).toBe(false);
      const run = await world.run();
      expect(lineOf(run, "users")).toMatchObject({ mode: "incremental", status: "succeeded", inserted: 0, updated: 3 });
      expect(await world.differences(OBJECTS)).toEqual([]);
      expect(await rowsOfSecond()).toBe((await world.query("select id from users")).length);

      fill(second, ATTRIBUTES - 3, ATTRIBUTES - 2);
      org.updateUser(first, { [attribute(ATTRIBUTES - 2)]: "other" });
      world.quiet();
      expect(lineOf(await world.run(), "users")).toMatchObject({ mode: "incremental", updated: 1 });
      org.deactivateUser(third);
      org.deleteUser(third);
      org.createUser({ firstName: "Fresh" });
      world.quiet();
      expect(lineOf(await world.run(), "users")).toMatchObject({ inserted: 1, deleted: 1 });
      expect(await world.differences(OBJECTS)).toEqual([]);
      expect(await rowsOfSecond(third)).toBe(0);

      const reconciled = lineOf(await world.run({ reconcile: true }), "users");
      expect(reconciled).toMatchObject({ inserted: 0, deleted: 0 });
      expect(lineOf(await world.run({ full: true }), "users")).toMatchObject({ inserted: 0, updated: 0, deleted: 0 });
      expect(await world.differences(OBJECTS)).toEqual([]);

      const folder = await configFolder(
        testConfig({
          sim: world.sim,
          databaseUrl: world.place.url,
          schema: world.place.schema,
          type: world.warehouse.type,
        }),
      );
      const { stdout } = await runCli(["mapping", "nightly"], { cwd: folder });
      const line = stdout.split("\n").find((one) => one.includes(`profile.${attribute(ATTRIBUTES - 1)} `));
      expect(line?.split(/\s+/)).toMatchObject([
        "users",
        expect.anything(),
        expect.stringMatching(/^users_[23]$/),
        expect.anything(),
        "integer",
      ]);
      const gone = await runCli(["uninstall", "nightly", "--drop-tables"], { cwd: folder });
      expect(gone.code).toBe(0);
      const left = await world.warehouse.store.read(
        world.warehouse.store.dialect.statements.listTables(world.place.schema),
      );
      expect(left.rows).toEqual([]);
      // Babelfish takes its time for each of the columns.
    }, 240_000);
  });
}
