/** The codex versions that this release is tested with: from `minimum`, before `below`. */
export const supportedVersions = { minimum: "0.169.0", below: "0.170.0" } as const;

/**
 * Returns codex's version from the `userAgent` in the answer to `initialize`, or null if it has none. The user agent starts
 * with the client's name, verbatim, unless the environment overrides it.
 */
export function versionOfUserAgent(userAgent: string, clientName: string): string | null {
  const prefix = `${clientName}/`;
  const pattern = userAgent.startsWith(prefix) ? /^([^ ]+)/ : /\/(\d+\.\d+\.\d+\S*) \(/;
  const text = userAgent.startsWith(prefix) ? userAgent.slice(prefix.length) : userAgent;
  return pattern.exec(text)?.[1] ?? null;
}

/** Returns true for a release in the supported range. A pre-release, or a text that is no version, is not in it. */
export function isSupportedVersion(version: string | null): boolean {
  const parts = parseRelease(version);
  const minimum = parseRelease(supportedVersions.minimum);
  const below = parseRelease(supportedVersions.below);
  if (parts === null || minimum === null || below === null) return false;
  return compare(parts, minimum) >= 0 && compare(parts, below) < 0;
}

function parseRelease(version: string | null): readonly number[] | null {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version ?? "");
  return match === null ? null : match.slice(1).map(Number);
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (const [index, number] of left.entries()) {
    const difference = number - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
