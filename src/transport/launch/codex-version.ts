import { capabilities, describeStanding, hasCapability, standingOf } from "../../protocol/index.js";
import type { TransportInfo } from "../transport.js";
import { UnsupportedVersionError } from "./codex-errors.js";

/** The part of a {@link TransportInfo} that follows from the version. */
export type VersionInfo = Pick<TransportInfo, "version" | "standing" | "supported">;

/** Returns the standing of the version. Throws an `UnsupportedVersionError` unless it is proven, if `strict` is set. */
export function judgeVersion(version: string | null, { strict }: { readonly strict: boolean }): VersionInfo {
  const standing = standingOf(version);
  if (strict && standing !== "proven") throw new UnsupportedVersionError(version, `codex ${describeStanding(version)}`);
  return { version, standing, supported: standing === "proven" || standing === "newer" };
}

/** Returns the warning about a version; null if it needs none. `missing` are the methods of codexkit that codex lacks. */
export function versionWarning({ version, standing }: VersionInfo, missing: readonly string[] = []): string | null {
  if (standing === "proven" || (standing === "newer" && missing.length === 0)) return null;
  const sentence = `codex ${describeStanding(version)}`;
  if (standing !== "newer") return `${sentence} Install @openai/codex@latest.`;
  return `${sentence} It lacks methods that codexkit uses (${missing.join(", ")}): install a newer codexkit.`;
}

/** Throws an `UnsupportedVersionError` if codex of this version would pass the API key to the commands of the model. */
export function checkKeyIsHidden(version: string | null, { apiKey }: { readonly apiKey?: string | undefined }): void {
  if (apiKey === undefined || hasCapability(version, "execApiKeyHidden")) return;
  const { feature, since, effect } = capabilities.execApiKeyHidden;
  const found = version === null ? "a codex of unknown version" : `codex ${version}`;
  throw new UnsupportedVersionError(
    version,
    `${feature} needs codex ${since} or newer, and ${found} was found: ${effect}.`,
  );
}
