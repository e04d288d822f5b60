import { execFile, type ExecFileException } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { messageOf } from "@tidemark/kernel";

import { type LookupContext, parseReferences, type Reference, ReferenceFault } from "./references.js";
import { readStoredSecret } from "./secrets-file.js";

const COMMAND_TIMEOUT_MS = 30_000;

/** Puts in what the references in `text` stand for. Throws {@link ReferenceFault}, which never holds a value. */
export async function expand(text: string, context: LookupContext): Promise<string> {
  const parts = parseReferences(text);
  const values = await Promise.all(parts.map((part) => (typeof part === "string" ? part : lookup(part, context))));
  return values.join("");
}

async function lookup(reference: Reference, context: LookupContext): Promise<string> {
  switch (reference.kind) {
    case "env":
      return lookupEnv(reference.argument, context);
    case "file":
      return lookupFile(reference.argument, context);
    case "cmd":
      return runCommand(reference.argument, context);
    case "secret":
      return readStoredSecret(reference.argument, context);
  }
}

function lookupEnv(name: string, context: LookupContext): string {
  const value = context.env[name];
  if (value === undefined || value === "") {
    throw new ReferenceFault(`The environment variable ${name} is ${value === undefined ? "not set" : "empty"}.`);
  }
  return value;
}

async function lookupFile(path: string, context: LookupContext): Promise<string> {
  try {
    return withoutLastNewline(await readFile(resolve(context.folder, path), "utf8"));
  } catch (error) {
    throw new ReferenceFault(
      `The file ${path} cannot be read (${codeOf(error)}). Relative paths start at the folder of the configuration file.`,
    );
  }
}

/** Runs a program without a shell: its own arguments, no expansion, nothing on its standard input. */
async function runCommand(line: string, context: LookupContext): Promise<string> {
  const [program, ...args] = splitCommand(line);
  if (program === undefined) throw new ReferenceFault("${cmd:} names no program.");
  return new Promise((fulfil, reject) => {
    const child = execFile(
      program,
      args,
      {
        cwd: context.folder,
        env: { ...context.env },
        timeout: COMMAND_TIMEOUT_MS,
        maxBuffer: 1_048_576,
        windowsHide: true,
      },
      (error, stdout, stderr) => {
        if (error) reject(new ReferenceFault(commandFault(program, error, stderr)));
        else fulfil(withoutLastNewline(stdout));
      },
    );
    child.stdin?.end();
  });
}

function commandFault(program: string, error: ExecFileException, stderr: string): string {
  if (error.code === "ENOENT") return `The program ${program} of \${cmd:…} was not found.`;
  if (error.killed === true)
    return `The program ${program} of \${cmd:…} did not end within ${COMMAND_TIMEOUT_MS / 1000} s.`;
  const said = stderr.trim().split("\n")[0] ?? "";
  return `The program ${program} of \${cmd:…} failed (${String(error.code)})${said === "" ? "" : `: ${said}`}.`;
}

/** Splits at spaces; single and double quotes keep words together, a backslash inside double quotes escapes. */
function splitCommand(line: string): string[] {
  const words: string[] = [];
  for (const match of line.matchAll(/(?:[^\s"']+|"(?:\\.|[^"\\])*"|'[^']*')+/g)) {
    words.push(
      match[0].replaceAll(
        /"((?:\\.|[^"\\])*)"|'([^']*)'/g,
        (_, double: string | undefined, single: string | undefined) =>
          double === undefined ? (single ?? "") : double.replaceAll(/\\(.)/g, "$1"),
      ),
    );
  }
  return words;
}

function withoutLastNewline(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === "string" ? code : messageOf(error);
}
