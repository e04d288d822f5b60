import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";

import { type Config, type CsvConnection, resolveConnection } from "@tidemark/config";
import { TerminalError } from "@tidemark/kernel";

import { problemOf } from "./problems.js";
import type { CheckProblem, CsvCheck } from "./types.js";

/** Looks whether files can be written; writes none. */
export async function checkCsv(name: string, config: Config): Promise<CsvCheck> {
  const base = { connection: name, kind: "csv", type: "csv", warnings: [] } as const;
  let connection: CsvConnection;
  try {
    connection = (await resolveConnection(config, name)) as CsvConnection;
  } catch (error) {
    return { ...base, ok: false, problems: [problemOf(error)], settings: {}, dir: null, writable: false };
  }
  const problem = await writeProblem(connection.dir);
  return {
    ...base,
    ok: problem === null,
    problems: problem === null ? [] : [problem],
    settings: connection.origins,
    dir: connection.dir,
    writable: problem === null,
  };
}

/** Why no file can be made there; a folder that is missing can be made in the nearest one that is there. */
async function writeProblem(dir: string): Promise<CheckProblem | null> {
  for (let folder = dir; ; folder = dirname(folder)) {
    try {
      const found = await stat(folder);
      if (!found.isDirectory()) return cannot(dir, `${folder} is not a folder`);
      await access(folder, constants.W_OK | constants.X_OK);
      return null;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" || folder === dirname(folder)) return cannot(dir, `${folder}: ${code ?? "not writable"}`);
    }
  }
}

function cannot(dir: string, reason: string): CheckProblem {
  return problemOf(
    new TerminalError("CONFIG_INVALID", `Files cannot be written to ${dir} (${reason})`, {
      remedy: "Choose another dir, or let this user write there",
    }),
  );
}
