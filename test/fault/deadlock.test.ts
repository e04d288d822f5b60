import { type Logger, silentLogger, systemClock } from "@tidemark/kernel";
import { afterEach, describe, expect, test } from "vitest";

import type { RunReport } from "../../packages/pipeline/src/report.js";
import { createWorld, lineOf, type World } from "../support/world.js";
import { FAULTY_WAREHOUSES } from "./warehouses.js";

let world: World;
afterEach(() => world.close());

/** MySQL and MariaDB show who waits as of a tenth of a second without a question (MySQL manual, INNODB_TRX). */
const POLL_MS = 150;

/** Keeps what a run warns of. */
function keeping(warnings: string[]): Logger {
  return { ...silentLogger, warn: (message) => void warnings.push(message) };
}

for (const kind of FAULTY_WAREHOUSES) {
  describe.skipIf(kind.place === null)(`a deadlock in ${kind.name}`, () => {
    test(
      "with another person's transaction: the batch is tried again, and nothing is lost or doubled",
      { timeout: 120_000 },
      async () => {
        world = await createWorld(kind.place ? { place: kind.place } : {});
        const { sim, place } = world;
        expect((await world.run()).status).toBe("succeeded");
        const active = [...sim.org.truth("users")].filter((user) => user["status"] === "ACTIVE");
        const ids = active.map((user) => String(user["id"]));
        for (const id of ids) sim.org.updateUser(id, { lastName: "Changed" });
        world.quiet();
        const contested = ids.at(-1) ?? "";

        const warnings: string[] = [];
        const rival = await place.open();
        const { quote } = rival.store.dialect.statements;
        await place.query(`create table ${quote(place.schema)}.${quote("heavy")} (id varchar(40))`);
        let running: Promise<RunReport> | undefined;
        await rival.store.transaction("be in the way", async (tx) => {
          await kind.prefer(tx, rival);
          await tx.table("users").where({ id: contested }).update({ _tidemark_hash: "another person's" });
          running ??= world.run({ logger: keeping(warnings) });
          // The run's batch waits for the row; it holds its lease's row already, for which we wait in turn.
          for (let waited = 0; waited < 60_000 && !(await kind.waits(place)); waited += POLL_MS)
            await systemClock.sleep(POLL_MS);
          const held = await tx.table("_tidemark_leases").where({ object: "users" }).first("token");
          await tx.table("_tidemark_leases").where({ object: "users" }).update({ token: held.token });
        });
        if (!running) throw new Error("the run was not begun");
        const report = await running;
        expect(report).toMatchObject({ status: "succeeded" });
        expect(warnings).toContain("transaction conflict, trying again");
        expect(lineOf(report, "users")).toMatchObject({ status: "succeeded", inserted: 0, updated: ids.length });
        expect(await world.differences()).toEqual([]);
      },
    );
  });
}
