import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";

import { configJsonSchema } from "@tidemark/config";

import type { Invocation } from "../command.js";
import { EXIT } from "../failure.js";
import { type Io, print } from "../io.js";

/** `tidemark schema`: the JSON Schema of the configuration file. */
export async function run(io: Io, { options }: Invocation): Promise<number> {
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  if (typeof options["out"] !== "string") {
    io.stdout.write(text);
    return EXIT.done;
  }
  await writeFile(resolve(io.cwd, options["out"]), text);
  print(
    io.stderr,
    `Written to ${options["out"]}. First line of the YAML file: # yaml-language-server: $schema=${options["out"]}`,
  );
  return EXIT.done;
}
