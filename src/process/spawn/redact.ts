const redacted = "[redacted]";

/** Shorter secrets are not looked for: replacing them would tear ordinary words apart. */
const shortestSecret = 4;

/**
 * What credentials look like, whoever issued them. Every pattern is bounded or begins at a boundary, so that none needs
 * more than linear time on hostile text.
 */
export const credentialShapes: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/-----BEGIN [A-Z0-9 ]{1,64}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,64}-----|$)/g, redacted],
  [/\b(Bearer)\s{1,4}(?!(?:auth\w*|tokens?|scheme|challenge)\b)[A-Za-z0-9._~+/=-]{4,}/gi, `$1 ${redacted}`],
  [/\b(Basic)\s{1,4}(?=[A-Za-z+/]{0,256}[\d=])[A-Za-z0-9+/=]{8,}/gi, `$1 ${redacted}`],
  [/(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{4,4096}\.[A-Za-z0-9_-]{4,4096}(?:\.[A-Za-z0-9_-]*)?/g, redacted],
  [/(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{8,}/g, redacted],
  [
    /(?<![A-Za-z0-9])(?:gh[oprsu]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,})/g,
    redacted,
  ],
  [/(?<![A-Za-z0-9])(?:xox[a-z]-[A-Za-z0-9-]{10,}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[\w-]{30,})/g, redacted],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#:@"']{0,256}:[^\s/?#"']{1,1024}@/gi, `$1${redacted}@`],
  [/\b(https?:\/\/)[^\s/?#:@"']{1,1024}@/gi, `$1${redacted}@`],
  [/([?&](?:api[_-]?key|access[_-]?token|token|key|secret|password|signature)=)[^&\s"'#]+/gi, `$1${redacted}`],
  [
    /((?<![A-Z0-9_])[A-Z0-9_]{0,64}(?:API_?KEY|TOKEN|SECRET|PASSWORD|PASSWD)["']?\s?[=:]\s?["']?)[^\s"',;]+/g,
    `$1${redacted}`,
  ],
];

export type Redact = (text: string) => string;

/**
 * A function that replaces the given secrets, also where they are URL- or JSON-encoded, and all that has the shape of a
 * well-known credential by `[redacted]`. A secret of several lines is looked for line by line.
 */
export function createRedactor(secrets: readonly string[] = []): Redact {
  const known = spellings(secrets).map((spelling) => spelling.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = known.length === 0 ? undefined : new RegExp(known.join("|"), "g");
  return (text) => {
    let clean = pattern === undefined ? text : text.replace(pattern, redacted);
    for (const [shape, replacement] of credentialShapes) clean = clean.replace(shape, replacement);
    return clean;
  };
}

/**
 * The text without a beginning of a known secret at its very end, for text that was cut there. (The beginning of a
 * secret with a well-known shape still has that shape.)
 */
export function withoutPartialSecret(text: string, secrets: readonly string[]): string {
  for (const spelling of spellings(secrets)) {
    for (let length = Math.min(spelling.length - 1, text.length); length >= shortestSecret; length -= 1) {
      if (text.endsWith(spelling.slice(0, length))) return text.slice(0, -length) + redacted;
    }
  }
  return text;
}

/** Longest first, so that a secret which begins with another one goes as a whole. */
function spellings(secrets: readonly string[]): string[] {
  const lines = secrets.flatMap((secret) => secret.split(/\r?\n/).map((line) => line.trim()));
  const all = lines.flatMap((line) => [line, urlEncoded(line), JSON.stringify(line).slice(1, -1)]);
  const long = new Set(all.filter((spelling) => spelling.length >= shortestSecret));
  return [...long].sort((a, b) => b.length - a.length);
}

function urlEncoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text; // A lone surrogate has no URL spelling.
  }
}
