import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { type RunningPostgres, startEmbeddedPostgres } from "../support/embedded-postgres.js";
import { freshSchema } from "../support/postgres.js";
import { createKillable, type Killable } from "./killable.js";

const FOLDER = mkdtempSync(join(tmpdir(), "tidemark-small-disk-"));
const MOUNTED = mountSmall();
let server: RunningPostgres;
let target: Killable;

afterEach(async () => {
  await target.close();
  await server.stop();
  if (MOUNTED) execFileSync("umount", [FOLDER]);
  rmSync(FOLDER, { recursive: true, force: true });
});

/** A file system of 4 MB; false where this user may not mount one. */
function mountSmall(): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", FOLDER], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!MOUNTED)("a first load onto a full file system (needs the right to mount one)", async () => {
  server = await startEmbeddedPostgres();
  target = await createKillable({ users: 2_000, place: () => freshSchema(server.url) });
  const [row] = await target.place.query<{ folder: string }>("select current_setting('data_directory') as folder");
  const { uid, gid } = statSync(row?.folder ?? "/");
  chownSync(FOLDER, uid, gid);
  await target.place.query(`create tablespace small location '${FOLDER}'`);
  await target.place.query("alter role tidemark set default_tablespace = small");
  const full = await target.run();
  expect(full).toMatchObject({ code: 1, report: { status: "failed", error: { code: "WAREHOUSE_FULL" } } });
  expect(full.report?.error).toMatchObject({
    message: expect.stringContaining("No space left"),
    remedy: expect.stringContaining("Free space"),
  });
  execFileSync("mount", ["-o", "remount,size=256m", FOLDER]);
  expect(await target.run()).toMatchObject({ code: 0, report: { status: "succeeded" } });
  expect(await target.differences()).toEqual([]);
  expect(await target.leftovers()).toEqual([]);
});
