/**
 * Why a suite was skipped: its server is missing, it is a long one, or it says so itself.
 * @param {string} text file, titles of its suites and of the test
 * @param {{ missing: readonly { name: string, reason: string }[], long: boolean }} run what was to be had
 * @returns {string}
 */
export function reasonFor(text, { missing, long }) {
  const server = missing.find(({ name }) => name.split("/").some((product) => names(text, product)));
  if (server) return `no ${server.name} server: ${server.reason}`;
  if (!long && /\blong\b/i.test(text)) return "long; run `npm run test:long`";
  if (/specification|recorded/i.test(text))
    return "needs Okta's specification or recordings, which are not in this repository";
  return "skipped in the test file itself";
}

/** As words of their own: a "MySQL server" is no SQL Server, and what is rediscovered is no Redis. */
function names(text, product) {
  return new RegExp(`(?<![a-z0-9])${product}(?![a-z0-9])`, "i").test(text);
}
