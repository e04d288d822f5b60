import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The pinned package manager; the same version stands in package.json's packageManager. */
export const PNPM = ["npx", "-y", "pnpm@10.34.8"];

/**
 * Runs a program. `show`: its output goes to ours; otherwise it is collected.
 * @returns {Promise<{ code: number, output: string }>} code 127 when the program is not there.
 */
export function run([program, ...args], { show = false, env = {}, cwd = ROOT, timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
      // npx is a .cmd file on Windows, which only a shell runs.
      shell: process.platform === "win32",
      ...(timeoutMs > 0 ? { timeout: timeoutMs, killSignal: "SIGKILL" } : {}),
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    child.once("error", (error) => resolve({ code: 127, output: error.message }));
    child.once("close", (code, signal) =>
      resolve({ code: code ?? 1, output: signal === null ? output : `${output}\nended by ${signal}` }),
    );
  });
}

/** The last `count` lines of a text. */
export function tail(text, count) {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
