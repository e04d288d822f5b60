/** An org's address as it is used, with what was corrected in it. */
export type OrgUrl = { readonly url: string; readonly note: string | null } | { readonly problem: string };

/**
 * Makes the origin of an org from what people write: the `-admin` host (which does not serve the API) becomes the org's,
 * a path is dropped. Plain http is refused except on loopback addresses, because it would show the token to everyone.
 */
export function normalizeOrgUrl(text: string): OrgUrl {
  const form = "must be the org's address, e.g. https://acme.okta.com";
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return { problem: `${form}; it lacks https://. Write https://${text}.` };
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { problem: `${form}; this is no URL.` };
  }
  if (url.username !== "" || url.password !== "") return { problem: `${form}, without user name or password.` };
  const loopback = isLoopback(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
    return {
      problem: `${form}; http:// is only for loopback addresses, because anybody on the way could read the token. Write https://.`,
    };
  }
  const host = url.hostname.replace(
    /^([a-z0-9-]+)-admin(\.(?:okta|oktapreview|okta-emea|okta-gov|okta\.mil|trexcloud)\b)/i,
    "$1$2",
  );
  const corrected = `${url.protocol}//${host}${url.port === "" ? "" : `:${url.port}`}`;
  const notes = [
    ...(host === url.hostname ? [] : [`${url.hostname} is the admin console's host`]),
    ...(url.pathname === "/" && url.search === "" && url.hash === "" ? [] : ["only the origin counts"]),
  ];
  return { url: corrected, note: notes.length === 0 ? null : `${notes.join(", ")}; using ${corrected}` };
}

/** 127.0.0.0/8, ::1 and localhost. */
function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}
