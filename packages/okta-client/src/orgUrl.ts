import { isLoopback, TerminalError } from "@tidemark/kernel";

const ADMIN_HOST =
  /^([a-z0-9-]+)-admin(\.(?:okta|oktapreview|okta-emea|okta-gov)\.com|\.okta\.mil|\.trex-govcloud\.com)$/;
/** First path segments that Okta's API references name; a link elsewhere is none of theirs. */
const API_PATH = /^\/(?:api|oauth2|governance|integrations|device-access|privileged-access|workflows|\.well-known)\//;

/**
 * The org's base URL without a trailing slash. `acme.okta.com` gets `https://`, an `-admin` host becomes the org's own
 * (the admin host answers API calls with redirects, Okta docs). Throws CONFIG_INVALID for anything but an https origin;
 * http is accepted for loopback addresses, where test servers live.
 */
export function normalizeOrgUrl(orgUrl: string): string {
  const text = orgUrl.trim();
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || url.hostname === "" || /[{}<>]|%7B/i.test(text)) {
    throw invalid(`orgUrl ${JSON.stringify(text)} is not a URL`, "Write it as https://acme.okta.com");
  }
  if (url.username !== "" || url.password !== "")
    throw invalid("orgUrl holds a user name or password", "Leave them out");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw invalid(`orgUrl ${url.origin} is not https`, "Okta speaks https only; http:// is for loopback test servers");
  }
  if ((url.pathname !== "/" && url.pathname !== "") || url.search !== "" || url.hash !== "") {
    throw invalid(`orgUrl ${url.origin}${url.pathname} holds more than the org's host`, `Write ${url.origin}`);
  }
  url.hostname = url.hostname.replace(ADMIN_HOST, "$1$2");
  return url.origin;
}

/**
 * The URL to ask for a path, or for a link that Okta sent. Links name the `-admin` host at times, and a custom domain's
 * org may name its okta.com host: path and query go to the configured org, so that the token never reaches another
 * host. Null when it is not an API address at all.
 */
export function resolveUrl(orgUrl: string, pathOrUrl: string): URL | null {
  const url = pathOrUrl.startsWith("/") && !pathOrUrl.startsWith("//") ? parse(orgUrl + pathOrUrl) : parse(pathOrUrl);
  if (!url) return null;
  if (url.origin === orgUrl) return url;
  if (!/^https?:$/.test(url.protocol) || !API_PATH.test(url.pathname)) return null;
  return parse(orgUrl + url.pathname + url.search);
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function invalid(message: string, remedy: string): TerminalError {
  return new TerminalError("CONFIG_INVALID", message, { where: "orgUrl", remedy });
}
