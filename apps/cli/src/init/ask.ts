import * as prompts from "@clack/prompts";
import { checkConnectionName, normalizeOrgUrl } from "@tidemark/config";

import { type Answers, suggestedName, WAREHOUSES } from "./render.js";

/** Asks for what the flags did not say; null when the person gave up or `signal` aborted. */
export async function ask(given: Partial<Answers>, signal: AbortSignal): Promise<Answers | null> {
  const askText = (message: string, question: TextQuestion): Promise<string | null> =>
    textAnswer(message, { ...question, signal });
  const askChoice = <T extends string>(message: string, choices: Readonly<Record<T, string>>): Promise<T | null> =>
    choiceAnswer(message, choices, signal);
  prompts.intro("A new tidemark.yaml. No secrets are asked for or written.");
  const orgUrl =
    given.orgUrl ??
    (await askText("Address of the Okta org", { placeholder: "https://acme.okta.com", fault: orgUrlFault }));
  if (orgUrl === null) return null;
  const normal = normalizeOrgUrl(orgUrl);
  const url = "url" in normal ? normal.url : orgUrl;
  const name =
    given.name ??
    (await askText("Name of this connection", { initialValue: suggestedName(url), fault: checkConnectionName }));
  if (name === null) return null;
  const auth =
    given.auth ??
    (await askChoice("How does Tidemark sign in?", {
      token: "API token (SSWS)",
      key: "API service app with a private key (OAuth 2.0)",
    }));
  if (auth === null) return null;
  const warehouse =
    given.warehouse ??
    (await askChoice("Where do the tables go?", {
      postgres: WAREHOUSES.postgres.name,
      mysql: WAREHOUSES.mysql.name,
      sqlserver: WAREHOUSES.sqlserver.name,
    }));
  if (warehouse === null) return null;
  const place = warehouse === "mysql" ? "Database" : "Schema";
  const schema =
    given.schema ?? (await askText(`${place} for the tables (it belongs to this org alone)`, { initialValue: "okta" }));
  if (schema === null) return null;
  const preset =
    given.objects ??
    (await askChoice("What to replicate?", {
      core: "people, groups, applications and their links",
      all: "everything",
    }));
  if (preset === null) return null;
  const pipeline = given.pipeline ?? (await askText("Name of the pipeline", { initialValue: "nightly" }));
  if (pipeline === null) return null;
  return {
    orgUrl: url,
    name,
    auth,
    warehouse,
    schema,
    pipeline,
    objects: typeof preset === "string" ? [preset] : preset,
  };
}

function orgUrlFault(text: string): string | null {
  const normal = normalizeOrgUrl(text);
  return "problem" in normal ? `It ${normal.problem}` : null;
}

interface TextQuestion {
  readonly placeholder?: string;
  readonly initialValue?: string;
  readonly fault?: (text: string) => string | null;
}

async function textAnswer(
  message: string,
  { fault, ...rest }: TextQuestion & { readonly signal: AbortSignal },
): Promise<string | null> {
  const answer = await prompts.text({
    message,
    ...rest,
    validate: (text) => ((text ?? "") === "" ? "Please type something." : (fault?.(text ?? "") ?? undefined)),
  });
  return prompts.isCancel(answer) ? null : answer;
}

async function choiceAnswer<T extends string>(
  message: string,
  choices: Readonly<Record<T, string>>,
  signal: AbortSignal,
): Promise<T | null> {
  const options = (Object.entries(choices) as [T, string][]).map(([value, label]) => ({
    value: value as string,
    label,
  }));
  const answer = await prompts.select<string>({ message, options, signal });
  return prompts.isCancel(answer) ? null : (answer as T);
}
