import { message, respond } from "../../../src/testing/index.js";
import type { Probe } from "../probe.js";
import { type Ask, asks } from "./request-list.js";

/** Requests of one subject share a thread. The answer of each has the declared shape, or the request rejects. */
const subjects = ["thread", "project", "model", "account", "config", "other"];

function subjectOf({ method }: Ask): string {
  return subjects.find((subject) => method.startsWith(subject)) ?? "other";
}

function requestProbe(
  id: string,
  { since, chosen }: { readonly since?: string; readonly chosen: readonly Ask[] },
): Probe {
  return {
    id: `requests.${id}`,
    feature: "raw requests",
    transports: ["app-server"],
    ...(since === undefined ? {} : { since }),
    model: () => [respond(message("Hello."))],
    play: async (stage) => {
      const thread = stage.thread();
      await thread.run("Say hello");
      const refused: string[] = [];
      for (const { method, send } of chosen) {
        await send(stage.codex.appServer, { stage, threadId: thread.id ?? "" }).catch((error: unknown) => {
          refused.push(`${method}: ${String(error)}`);
        });
      }
      return refused;
    },
    expected: [],
  };
}

const recent = [...new Set(asks.flatMap(({ since }) => since ?? []))];

/** The typed requests of the protocol. */
export const requestProbes: readonly Probe[] = [
  ...subjects.map((subject) =>
    requestProbe(subject, { chosen: asks.filter((ask) => ask.since === undefined && subjectOf(ask) === subject) }),
  ),
  ...recent.map((since) =>
    requestProbe(`since-${since}`, { since, chosen: asks.filter((ask) => ask.since === since) }),
  ),
];
