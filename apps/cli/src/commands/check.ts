import { check, exitCodeOfCheck } from "@tidemark/pipeline";

import { printCheck } from "../check-summary.js";
import type { Invocation } from "../command.js";
import { type Io, printJson } from "../io.js";
import { readConfig } from "../pipelines.js";

/** `tidemark check`: looks at every connection, or one, and writes nothing. */
export async function run(io: Io, invocation: Invocation): Promise<number> {
  const { args, options } = invocation;
  const config = await readConfig(io, invocation);
  const live = io.stderr.isTTY === true;
  const report = await check({
    config,
    ...(args[0] === undefined ? {} : { connection: args[0] }),
    signal: io.signal,
    env: io.env,
    cwd: io.cwd,
    progress: ({ connection, step, requests }) => {
      if (live) io.stderr.write(`\r\u001B[2K${connection}: ${step} (${requests} requests)`);
    },
  }).finally(() => {
    if (live) io.stderr.write("\r\u001B[2K");
  });
  if (options["json"] === true) printJson(io, report);
  else printCheck(io, report);
  return exitCodeOfCheck(report);
}
