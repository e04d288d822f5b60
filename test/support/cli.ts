import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { main } from "../../apps/cli/src/main.js";

const BIN = join(import.meta.dirname, "../../apps/cli/bin/tidemark.js");

/** What a command line did. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Its stdout is a terminal of that width. */
  readonly columns?: number;
}

/** Runs a command line in this process, as a script without a terminal would, unless one is given. */
export async function runCli(argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  let stdout = "";
  let stderr = "";
  const code = await main(argv, {
    stdout: {
      write: (text) => (stdout += text),
      ...(options.columns === undefined ? {} : { isTTY: true, columns: options.columns }),
    },
    stderr: { write: (text) => (stderr += text) },
    stdin: process.stdin,
    env: { CI: "true", ...options.env },
    cwd: options.cwd ?? process.cwd(),
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, stdout, stderr };
}

/** Starts the built command as a process of its own. */
export function spawnCli(
  argv: readonly string[],
  options: CliOptions = {},
): { child: ChildProcess; result: Promise<CliResult> } {
  const child = spawn(process.execPath, [BIN, ...argv], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const result = once(child, "close").then(([code]) => ({ code: Number(code), stdout, stderr }));
  return { child, result };
}

/** A new folder with a `tidemark.yaml` of this content. */
export async function configFolder(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-cli-"));
  await writeFile(join(folder, "tidemark.yaml"), content);
  return folder;
}
