import { nestedMarker } from "../../process/stop/environment-marker.js";

/**
 * Returns `env` with the markers of the outer processes of codex, in case a command of codex started this program: their own
 * markers, and their thread as a marker, because the inner codex sets another `CODEX_THREAD_ID` for its commands. The program
 * that ends an outer codex then also finds the processes of this one, even if `env` is not the environment of this process.
 */
export function withOuterMarkers(
  env: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const inherited = Object.entries(own).filter(([name]) => name.startsWith("CODEXKIT_RUN_"));
  const thread = nestedMarker(own["CODEX_THREAD_ID"] ?? "");
  return { ...env, ...Object.fromEntries(inherited), ...(thread === null ? {} : { [thread.name]: thread.value }) };
}
