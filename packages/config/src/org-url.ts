import { isLoopback } from "@tidemark/kernel";

/** An org's address as it is used, with what was corrected in it. */
export type OrgUrl = { readonly url: string; readonly note: string | null } | { readonly problem: string };

const ADMIN_HOST =
  /^([a-z0-9-]+)-admin(\.(?:okta|oktapreview|okta-emea|okta-gov)\.com|\.okta\.mil|\.trex-govcloud\.com)$/i;

/**
 * Makes the origin of an org from what people write: https:// is added, the `-admin` host (which answers API calls with
 * redirects, Okta docs) becomes the org's, a path is dropped. Plain http is refused except on loopback addresses,
 * because it would show the token to everyone on the way.
 */
export function normalizeOrgUrl(text: string): OrgUrl {
  const form = "must be the org's address, e.g. https://acme.okta.com";
  const schemeless = !/^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const whole = schemeless ? `https://${text}` : text;
  if (!URL.canParse(whole) || /[\s{}<>]/.test(text)) return { problem: `${form}; this is no URL.` };
  const url = new URL(whole);
  if (url.username !== "" || url.password !== "") return { problem: `${form}, without user name or password.` };
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    const why = "http:// is only for loopback addresses, because anybody on the way could read the token";
    return { problem: `${form}; ${why}. Write https://.` };
  }
  const host = url.hostname.replace(ADMIN_HOST, "$1$2");
  const corrected = `${url.protocol}//${host}${url.port === "" ? "" : `:${url.port}`}`;
  const notes = [
    ...(schemeless ? ["https:// was missing"] : []),
    ...(host === url.hostname ? [] : [`${url.hostname} is the host of the admin console`]),
    ...(url.pathname === "/" && url.search === "" && url.hash === "" ? [] : ["only the host counts"]),
  ];
  return { url: corrected, note: notes.length === 0 ? null : `${notes.join(", ")}; using ${corrected}` };
}
