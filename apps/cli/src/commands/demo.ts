import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { createInterface } from "node:readline/promises";

import { type Config, loadConfig } from "@tidemark/config";
import { createSimulator, type Simulator } from "@tidemark/okta-simulator";
import { exitCodeOf, replicate } from "@tidemark/pipeline";
import { stringify } from "yaml";

import { changeOrg } from "../demo/changes.js";
import type { Invocation } from "../command.js";
import { EXIT } from "../failure.js";
import { type Io, isInteractive, paintFor, print } from "../io.js";
import { wholeNumber } from "../numbers.js";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../postgres/embedded.js";
import { ProgressView } from "../progress.js";
import { printRun } from "../run-summary.js";
import { formatCount } from "../text.js";

const FOLDER = join(".tidemark", "demo");
const PIPELINE = "demo";

/** `tidemark demo`: the whole of replication on this machine, from nothing. */
export async function run(io: Io, { options }: Invocation): Promise<number> {
  const users = wholeNumber("--users", options["users"], { min: 10, max: 1_000_000 });
  const heading = (text: string): void => print(io.stdout, "", paintFor(io.stdout, io.env).bold(text));
  heading(`1. A simulated Okta org with ${formatCount(users)} users, and an embedded PostgreSQL`);
  const [simulator, database] = await startServers(users);
  try {
    const config = await writeConfig(io, simulator, database);
    print(
      io.stdout,
      `Okta:       ${simulator.url}`,
      `PostgreSQL: ${database.version} on port ${database.port}`,
      `Config:     ${config.file}`,
    );

    heading(`2. First load: npx tidemark replicate ${PIPELINE} --config ${config.file}`);
    const first = await replicateOnce(io, config);
    if (first !== EXIT.done) return first;

    heading("3. The org changes");
    for (const change of await changeOrg(simulator)) print(io.stdout, `- ${change}`);

    heading("4. Only what changed is read: the same command again");
    const second = await replicateOnce(io, config);
    if (second !== EXIT.done) return second;

    heading("5. Look at the tables");
    print(io.stdout, ...howToLook(database));
    await waitWhileWanted(io, { keep: options["keep"] === true, file: config.file });
    return EXIT.done;
  } finally {
    await Promise.all([simulator.close(), database.stop()]);
  }
}

async function startServers(users: number): Promise<[Simulator, EmbeddedPostgres]> {
  const [simulator, database] = await Promise.allSettled([
    createSimulator({ users, rateLimits: "off" }),
    // Nothing here must outlive a power cut.
    startEmbeddedPostgres({ settings: { fsync: "off" } }),
  ]);
  if (simulator.status === "rejected") {
    if (database.status === "fulfilled") await database.value.stop();
    throw simulator.reason;
  }
  if (database.status === "rejected") {
    await simulator.value.close();
    throw database.reason;
  }
  return [simulator.value, database.value];
}

async function writeConfig(io: Io, simulator: Simulator, database: EmbeddedPostgres): Promise<Config> {
  const folder = join(io.cwd, FOLDER);
  await mkdir(folder, { recursive: true });
  const path = join(folder, "tidemark.yaml");
  const content = {
    connections: {
      simulated: { type: "okta", orgUrl: simulator.url, token: simulator.token },
      warehouse: { type: "postgres", url: database.url, schema: "okta" },
    },
    pipelines: { [PIPELINE]: { source: "simulated", destination: "warehouse", objects: "all" } },
  };
  // Token and password open servers that live as long as the demo; still, the file is this user's alone.
  await writeFile(path, `# Written by tidemark demo, for the servers of that demo.\n${stringify(content)}`, {
    mode: 0o600,
  });
  return loadConfig({ file: relative(io.cwd, path), cwd: io.cwd, env: {} });
}

async function replicateOnce(io: Io, config: Config): Promise<number> {
  const view = new ProgressView(io);
  view.start();
  const report = await replicate({
    config,
    pipeline: PIPELINE,
    signal: io.signal,
    progress: view.update,
    env: {},
    cwd: io.cwd,
  }).finally(() => view.stop());
  printRun(io, report);
  return exitCodeOf(report);
}

function howToLook(database: EmbeddedPostgres): string[] {
  return [
    `  psql '${database.url}'`,
    "  set search_path to okta;",
    "  select status, count(*) from users group by status;",
    "  select profile_login, profile_last_name, profile_title, last_updated from users order by last_updated desc limit 5;",
    "  select g.profile_name, count(*) from group_members m join groups g on g.id = m.group_id group by 1 order by 2 desc limit 5;",
    "  select published, event_type, actor_alternate_id from log_events order by published desc limit 10;",
    "  select started_at, status, requests, complete_as_of from _tidemark_runs order by started_at;",
  ];
}

/** On a terminal both servers stay until Enter or Ctrl-C; with --keep until Ctrl-C; otherwise they stop now. */
async function waitWhileWanted(io: Io, options: { readonly keep: boolean; readonly file: string }): Promise<void> {
  const again = `npx tidemark replicate ${PIPELINE} --config ${options.file}`;
  if (options.keep) {
    print(io.stdout, "", `Both servers stay until Ctrl-C. Run again: ${again}`);
    if (!io.signal.aborted) await once(io.signal, "abort");
  } else if (isInteractive(io)) {
    const terminal = createInterface({ input: io.stdin });
    print(io.stdout, "", `Both servers stay until you press Enter. In another terminal: ${again}`);
    await Promise.race([once(terminal, "line"), once(terminal, "close"), once(io.signal, "abort")]);
    terminal.close();
  } else {
    print(
      io.stdout,
      "",
      "Done; both servers stop now. `npx tidemark demo --keep` leaves them running, so that the lines above work.",
    );
  }
}
