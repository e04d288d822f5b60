import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";

import { type LookupContext, ReferenceFault } from "./references.js";
import { didYouMean } from "./suggest.js";

/** Name of the encrypted file beside the configuration, unless TIDEMARK_SECRETS_FILE names another. */
const SECRETS_FILE = "tidemark.secrets.age";

/** Where the identity is looked for after TIDEMARK_SECRETS_KEY and TIDEMARK_SECRETS_KEY_FILE. */
const IDENTITY_FILE = ".config/tidemark/secrets.key";

/** Where the encrypted file is. */
function secretsPath(context: LookupContext): string {
  return resolve(context.folder, context.env["TIDEMARK_SECRETS_FILE"] ?? SECRETS_FILE);
}

/** One value of the age-encrypted file, which holds a JSON object of names and texts. Throws {@link ReferenceFault}. */
export async function readStoredSecret(name: string, context: LookupContext): Promise<string> {
  const secrets = await readSecrets(context);
  const value = secrets.get(name);
  if (value === undefined)
    throw new ReferenceFault(`The secrets file holds no "${name}".${didYouMean(name, secrets.keys())}`);
  return value;
}

/** Everything in the encrypted file. Throws {@link ReferenceFault}. */
async function readSecrets(context: LookupContext): Promise<ReadonlyMap<string, string>> {
  const path = secretsPath(context);
  const sealed = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ReferenceFault(`The secrets file ${path} cannot be read (${error.code ?? error.message}).`);
  });
  const identities = await readIdentities(context);
  let plain: string;
  try {
    // Loaded only where a ${secret:…} is used: the cipher libraries cost more start-up time than the rest of this package.
    const { armor, Decrypter } = await import("age-encryption");
    const decrypter = new Decrypter();
    for (const identity of identities) decrypter.addIdentity(identity);
    const text = sealed.toString("latin1");
    const bytes = text.startsWith("-----BEGIN AGE") ? armor.decode(text) : new Uint8Array(sealed);
    plain = await decrypter.decrypt(bytes, "text");
  } catch {
    // The cause is left out on purpose: it may quote the identity.
    throw new ReferenceFault(`The secrets file ${path} cannot be opened with this key. Was it made for another one?`);
  }
  return parseSecrets(plain, path);
}

async function readIdentities(context: LookupContext): Promise<string[]> {
  const inline = context.env["TIDEMARK_SECRETS_KEY"];
  const named = context.env["TIDEMARK_SECRETS_KEY_FILE"];
  const home = context.env["HOME"] ?? context.env["USERPROFILE"] ?? homedir();
  const path = named === undefined ? resolve(home, IDENTITY_FILE) : resolve(context.folder, named);
  const text =
    inline ??
    (await readFile(path, "utf8").catch(() => {
      throw new ReferenceFault(
        `There is no key for the secrets file: set TIDEMARK_SECRETS_KEY, or TIDEMARK_SECRETS_KEY_FILE, or put it into ${path}.`,
      );
    }));
  const identities = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.startsWith("AGE-SECRET-KEY-"));
  if (identities.length === 0)
    throw new ReferenceFault("The key for the secrets file is not an age identity (AGE-SECRET-KEY-1…).");
  return identities;
}

function parseSecrets(plain: string, path: string): ReadonlyMap<string, string> {
  const fault = new ReferenceFault(`The secrets file ${path} does not hold a JSON object of names and texts.`);
  let content: unknown;
  try {
    content = JSON.parse(plain);
  } catch {
    throw fault;
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) throw fault;
  const entries = Object.entries(content);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) throw fault;
  return new Map(entries);
}
