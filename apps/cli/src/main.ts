import { CommanderError } from "commander";

import type { Choice } from "./command.js";
import { EXIT, reportFailure } from "./failure.js";
import type { Io } from "./io.js";
import { buildProgram } from "./program.js";

/** Runs one command line (without node and script) and resolves with the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const choice = parse(argv, io);
  if (typeof choice === "number") return choice;
  try {
    const module = await choice.load();
    return await module.run(io, choice);
  } catch (error) {
    return reportFailure(error, io, choice.options["json"] === true);
  }
}

function parse(argv: readonly string[], io: Io): Choice | number {
  const chosen: Choice[] = [];
  try {
    const program = buildProgram(io, (choice) => chosen.push(choice));
    if (argv.length === 0) program.outputHelp();
    else program.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  return chosen[0] ?? EXIT.done;
}

/**
 * Runs the process's own command line. The first SIGINT or SIGTERM asks the command to stop at a point from which the
 * next run can carry on; the second ends the process at once.
 */
export async function runProcess(): Promise<void> {
  const stop = new AbortController();
  let signals = 0;
  const onSignal = (): void => {
    signals += 1;
    if (signals > 1) process.exit(EXIT.interrupted);
    process.stderr.write("\nStopping after what is under way; once more stops at once.\n");
    stop.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // A reader that closes the pipe (head, less) has seen enough: that is no fault.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT.done);
    throw error;
  });
  process.exitCode = await main(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    cwd: process.cwd(),
    signal: stop.signal,
  });
  // Whatever a library left open must not keep a finished command alive; output that is still on its way may.
  setTimeout(() => process.exit(), 2_000).unref();
}
