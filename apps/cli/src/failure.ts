import { isAbort, messageOf, TidemarkError } from "@tidemark/kernel";

import { type Io, paintFor, print, printJson } from "./io.js";

/** Exit codes as README documents them. */
export const EXIT = { done: 0, failed: 1, usage: 2, partial: 3, interrupted: 130 } as const;

interface Problem {
  readonly where: string;
  readonly message: string;
}

/** Says what went wrong (as JSON on stdout too when `json`) and gives the exit code. */
export function reportFailure(error: unknown, io: Io, json: boolean): number {
  const paint = paintFor(io.stderr, io.env);
  if (isAbort(error) || io.signal.aborted) {
    print(io.stderr, "Interrupted. What was committed stays; the next run carries on from there.");
    if (json) printJson(io, { error: { code: "INTERRUPTED", message: "Interrupted." } });
    return EXIT.interrupted;
  }
  const known = error instanceof TidemarkError ? error : null;
  const problems = problemsOf(error);
  if (problems.length > 0) {
    for (const problem of problems)
      print(io.stderr, `${paint.red("error:")} ${problem.message}`, `  where: ${problem.where}`);
  } else {
    print(io.stderr, `${paint.red("error:")} ${messageOf(error)}`);
    if (known?.where !== undefined) print(io.stderr, `  where: ${known.where}`);
  }
  if (known?.remedy !== undefined) print(io.stderr, `  remedy: ${known.remedy}`);
  if (known !== null) print(io.stderr, paint.dim(`  code: ${known.code}`));
  else print(io.stderr, "  This is a fault of Tidemark itself. Please report it with the lines below.", stackOf(error));
  if (json) {
    printJson(io, {
      error: {
        code: known?.code ?? "INTERNAL",
        message: messageOf(error),
        where: known?.where,
        remedy: known?.remedy,
        ...(problems.length > 0 ? { problems } : {}),
      },
    });
  }
  return exitCodeFor(known);
}

function exitCodeFor(error: TidemarkError | null): number {
  return error !== null && (error.code.startsWith("CONFIG_") || error.code === "USAGE") ? EXIT.usage : EXIT.failed;
}

/** The faults of a ConfigError, told apart by shape: importing the class would load the whole configuration package. */
function problemsOf(error: unknown): readonly Problem[] {
  const problems = (error as { problems?: unknown } | null)?.problems;
  return Array.isArray(problems) ? (problems as Problem[]) : [];
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
}
