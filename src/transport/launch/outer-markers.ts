import { nestedMarker } from "../../process/stop/environment-marker.js";

/**
 * `env` with what tells the processes of the runs of codex that we are part of, should a command of codex have
 * started us: the markers of these runs, and their thread as a marker, since the codex to be started gives its commands
 * a `CODEX_THREAD_ID` of their own. Who ends one of these runs finds what we start, also where `env` is not our own.
 */
export function withOuterMarkers(
  env: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const inherited = Object.entries(own).filter(([name]) => name.startsWith("CODEXKIT_RUN_"));
  const thread = nestedMarker(own["CODEX_THREAD_ID"] ?? "");
  return { ...env, ...Object.fromEntries(inherited), ...(thread === null ? {} : { [thread.name]: thread.value }) };
}
