// Runs the benchmarks of test/bench, or those named: `npm run bench -- replicate loaders`.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { ROOT, run } from "./run.mjs";
import { provideServers } from "./servers/provide.mjs";

const FOLDER = join(ROOT, "test", "bench");
const SUFFIX = ".bench.mjs";
const there = existsSync(FOLDER) ? readdirSync(FOLDER).filter((file) => file.endsWith(SUFFIX)) : [];
const names = there.map((file) => file.slice(0, -SUFFIX.length));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const options = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`error: there is no benchmark ${unknown.join(", ")}. There are: ${names.join(", ")}.`);
  process.exit(2);
}

const servers = await provideServers();
for (const line of servers.lines) console.log(`server ${line}`);
let failed = 0;
for (const name of wanted.length > 0 ? wanted : names) {
  console.log(`\n=== ${name}`);
  const { code } = await run([process.execPath, "--expose-gc", join(FOLDER, name + SUFFIX), ...options], {
    show: true,
    env: servers.env,
  });
  if (code !== 0) failed += 1;
}
await servers.stop();
process.exit(failed > 0 ? 1 : 0);
