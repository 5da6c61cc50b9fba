import type { JsonSchema } from "./json-schema.js";

/** A server request that a supported version of codex sends and the pinned one no longer knows. */
interface RemovedRequest {
  readonly name: string;
  readonly params: string;
  readonly result: string;
  readonly stability: "stable" | "experimental";
  /** The minor version without it. Remove the entry when every supported version is newer. */
  readonly removedIn: string;
  /** The declarations of its types, by name, as the last version with them wrote them. */
  readonly types: Readonly<Record<string, string>>;
  /** The schema of its result. */
  readonly schema: JsonSchema;
}

/** The types describe all supported versions, so a method stays until the oldest of them has lost it. */
export const removedServerRequests: readonly RemovedRequest[] = [
  {
    name: "currentTime/read",
    params: "CurrentTimeReadParams",
    result: "CurrentTimeReadResponse",
    stability: "experimental",
    removedIn: "0.171",
    types: {
      CurrentTimeReadParams: "export type CurrentTimeReadParams = { threadId: string, };",
      CurrentTimeReadResponse:
        "export type CurrentTimeReadResponse = {\n/**\n * Current time as whole Unix seconds.\n */\ncurrentTimeAt: number, };",
    },
    schema: {
      type: "object",
      properties: { currentTimeAt: { type: "integer" } },
      required: ["currentTimeAt"],
    },
  },
];

/** Returns the types of the removed requests, by file, in the form of the binary's. */
export function removedTypes(): ReadonlyMap<string, string> {
  const types = removedServerRequests.flatMap((request) => Object.entries(request.types));
  return new Map(types.map(([name, text]) => [`v2/${name}`, `// ts-rs\n\n${text}\n`]));
}
