import { access, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";

import { checkConnectionName, configJsonSchema, normalizeOrgUrl } from "@tidemark/config";
import { TerminalError } from "@tidemark/kernel";

import type { Invocation } from "../command.js";
import { EXIT } from "../failure.js";
import {
  type Answers,
  renderConfig,
  SCHEMA_FILE,
  suggestedName,
  WAREHOUSES,
  type WarehouseType,
} from "../init/render.js";
import { type Io, isInteractive, print } from "../io.js";
import { splitList } from "../text.js";

/** `tidemark init`: writes a configuration file without secrets, and the JSON Schema beside it for the editor. */
export async function run(io: Io, { options }: Invocation): Promise<number> {
  const file = String(options["config"]);
  const path = resolve(io.cwd, file);
  if (options["force"] !== true && (await exists(path))) {
    throw new TerminalError("USAGE", `${file} is there already.`, {
      where: path,
      remedy: "Give --force to overwrite it, or --config with another name.",
    });
  }
  const given = fromOptions(options);
  const answers = isInteractive(io)
    ? await (await import("../init/ask.js")).ask(given, io.signal)
    : withDefaults(given);
  if (answers === null) {
    print(io.stderr, "Nothing was written.");
    return EXIT.interrupted;
  }
  await writeFile(path, renderConfig(answers));
  await writeFile(resolve(dirname(path), SCHEMA_FILE), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  print(io.stdout, ...nextSteps(answers, file));
  return EXIT.done;
}

/** What the flags say; checked, so that a wrong one is told before anything is asked. */
function fromOptions(options: Invocation["options"]): Partial<Answers> {
  const text = (key: string): string | undefined => (typeof options[key] === "string" ? options[key] : undefined);
  const orgUrl = text("orgUrl");
  const name = text("name");
  const objects = splitList(options["objects"]);
  return {
    ...(orgUrl === undefined ? {} : { orgUrl: checkedOrgUrl(orgUrl) }),
    ...(name === undefined ? {} : { name: checkedName(name) }),
    ...(text("auth") === undefined ? {} : { auth: text("auth") === "key" ? "key" : "token" }),
    ...(text("warehouse") === undefined ? {} : { warehouse: text("warehouse") as WarehouseType }),
    ...(text("schema") === undefined ? {} : { schema: text("schema") ?? "" }),
    ...(text("pipeline") === undefined ? {} : { pipeline: text("pipeline") ?? "" }),
    ...(objects === undefined ? {} : { objects }),
  };
}

function checkedOrgUrl(text: string): string {
  const normal = normalizeOrgUrl(text);
  if ("problem" in normal) throw new TerminalError("USAGE", `--org-url ${normal.problem}`);
  return normal.url;
}

function checkedName(name: string): string {
  const fault = checkConnectionName(name);
  if (fault !== null) throw new TerminalError("USAGE", fault);
  return name;
}

function withDefaults(given: Partial<Answers>): Answers {
  if (given.orgUrl === undefined) {
    throw new TerminalError("USAGE", "There is no terminal to ask on: give at least --org-url.", {
      remedy:
        "tidemark init --org-url https://acme.okta.com [--auth token|key] [--warehouse postgres|mysql|sqlserver] [--schema okta] [--objects core]",
    });
  }
  return {
    name: suggestedName(given.orgUrl),
    auth: "token",
    warehouse: "postgres",
    schema: "okta",
    pipeline: "nightly",
    objects: ["core"],
    ...given,
    orgUrl: given.orgUrl,
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function nextSteps(answers: Answers, file: string): string[] {
  const suffix = basename(file) === "tidemark.yaml" ? "" : ` --config ${file}`;
  const secret =
    answers.auth === "token"
      ? "  export OKTA_CLIENT_TOKEN=00…       # Okta admin console: Security > API > Tokens"
      : "  export OKTA_CLIENT_CLIENTID=0oa…   # and the app's private key in okta-private-key.pem";
  return [
    `Wrote ${file} (and ${SCHEMA_FILE}, which lets an editor check it).`,
    "Next:",
    secret,
    `  export DATABASE_URL=${WAREHOUSES[answers.warehouse].url}`,
    `  npx tidemark check${suffix}`,
    `  npx tidemark replicate ${answers.pipeline}${suffix}`,
  ];
}
