import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { startEmbeddedPostgres } from "../support/embedded-postgres.js";
import { freshSchema } from "../support/postgres.js";
import { createKillable, type EndedRun, isUp, type Killable } from "./killable.js";
import { MARIADB_OF_LIMITED_SIZE, MYSQL } from "./warehouses.js";

let target: Killable;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  await target.close();
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A file system of 4 MB; null where this user may not mount one. */
function mountSmall(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-small-disk-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], { stdio: "ignore" });
    closing.push(() => execFileSync("umount", [folder]));
    return folder;
  } catch {
    return null;
  }
}

const FOLDER = mountSmall();

/** Every error of a run that did not succeed. */
function errorsOf({ report }: EndedRun): string[] {
  const errors = [report?.error, ...(report?.objects ?? []).map(({ error }) => error)];
  return errors.flatMap((error) => (error ? [error.code] : []));
}

test.skipIf(FOLDER === null)("a first load onto a full file system (needs the right to mount one)", async () => {
  const folder = FOLDER ?? "";
  const server = await startEmbeddedPostgres();
  closing.push(() => server.stop());
  target = await createKillable({ users: 2_000, place: () => freshSchema(server.url) });
  const [row] = await target.place.query<{ folder: string }>("select current_setting('data_directory') as folder");
  const { uid, gid } = statSync(row?.folder ?? "/");
  chownSync(folder, uid, gid);
  await target.place.query(`create tablespace small location '${folder}'`);
  await target.place.query("alter role tidemark set default_tablespace = small");
  const full = await target.run();
  expect(full).toMatchObject({ code: 1, report: { status: "failed", error: { code: "WAREHOUSE_FULL" } } });
  expect(full.report?.error).toMatchObject({
    message: expect.stringContaining("No space left"),
    remedy: expect.stringContaining("Free space"),
  });
  execFileSync("mount", ["-o", "remount,size=256m", folder]);
  expect(await target.run()).toMatchObject({ code: 0, report: { status: "succeeded" } });
  expect(await target.differences()).toEqual([]);
  expect(await target.leftovers()).toEqual([]);
});

test.skipIf(MARIADB_OF_LIMITED_SIZE === null)(
  "a full load into a MariaDB whose tablespace is full leaves the tables as they were",
  { timeout: 120_000 },
  async () => {
    const server = await MARIADB_OF_LIMITED_SIZE?.();
    if (!server) throw new Error("no MariaDB");
    closing.push(() => server.stop());
    target = await createKillable({ kind: MYSQL, users: 600, place: server.place });
    const { query } = target.place;
    expect(await target.run()).toMatchObject({ code: 0 });
    await query("create table filler (body longblob)");
    const fill = (): Promise<boolean> =>
      query("insert into filler values (repeat('x', 1000000))").then(
        () => true,
        () => false,
      );
    while (await fill());

    const full = await target.run(["--full"]);
    expect(full.code).not.toBe(0);
    expect(new Set(errorsOf(full))).toEqual(new Set(["WAREHOUSE_FULL"]));
    expect(await target.differences()).toEqual([]);

    await server.grow();
    while (!(await isUp(target.place))) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await target.run(["--full"])).toMatchObject({ code: 0, report: { status: "succeeded" } });
    expect(await target.differences()).toEqual([]);
    expect(await target.leftovers()).toEqual([]);
  },
);
