import { TerminalError } from "@tidemark/kernel";
import { oktaAnswer } from "./errors.js";
import type { OktaClient, OktaOrganization } from "./types.js";

const PATH = "/.well-known/okta-organization";

/** Asks the org for its id. An Okta that answers this path with its own 404 is named by its host. */
export async function readOrganization(client: OktaClient): Promise<OktaOrganization> {
  try {
    const { json } = await client.get(PATH);
    const body = json as { id?: unknown; pipeline?: unknown } | null | undefined;
    if (typeof body?.id === "string" && body.id !== "") {
      return { id: body.id, pipeline: typeof body.pipeline === "string" ? body.pipeline : null };
    }
  } catch (error) {
    const answer = oktaAnswer(error);
    const malformed = error instanceof TerminalError ? false : (error as { code?: unknown }).code === "OKTA_MALFORMED";
    if (answer?.status === 404 && answer.errorCode?.startsWith("E") === true) {
      return { id: `host:${new URL(client.orgUrl).hostname}`, pipeline: null };
    }
    const foreign =
      malformed ||
      (answer !== undefined &&
        answer.errorCode === null &&
        answer.status < 500 &&
        answer.status !== 407 &&
        answer.status !== 429);
    if (!foreign) throw error;
    throw notAnOrg(client.orgUrl, error);
  }
  throw notAnOrg(client.orgUrl, undefined);
}

function notAnOrg(orgUrl: string, cause: unknown): TerminalError {
  return new TerminalError("OKTA_NOT_AN_ORG", `${orgUrl} answers, but not as an Okta org (${PATH} names none)`, {
    where: "orgUrl",
    remedy: "Check orgUrl: it is the address of your Okta dashboard without -admin and without a path",
    ...(cause === undefined ? {} : { cause }),
  });
}
