/** Shapes of secrets: JSON web tokens, Okta API tokens, authorization headers, form fields, PEM blocks, URL passwords. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g, "[key]"],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*/g, "[token]"],
  [/\b(SSWS|Bearer|DPoP|Basic)\s+[^\s,;"']+/gi, "$1 [token]"],
  [
    /\b(client_assertion|access_token|refresh_token|client_secret|password)(["']?\s*[=:]\s*["']?)[^\s&,;"']+/gi,
    "$1$2[secret]",
  ],
  // API tokens are 42 characters that start with 00 (Okta docs); ids have 20.
  [/\b00[\w-]{40}\b/g, "[token]"],
  [/\/\/[^\s/@:]*:[^\s/@]*@/g, "//[credentials]@"],
];

/** Takes secrets out of text that goes into a message or a log: the given ones wherever they stand, others by shape. */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, "[secret]");
  for (const [shape, stand] of SHAPES) clean = clean.replace(shape, stand);
  return clean;
}
