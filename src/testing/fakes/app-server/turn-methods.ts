import { asText, type JsonObject } from "../../../internal/json.js";
import type { RunningTurn } from "../turn/fake-thread.js";
import { FakeTurn } from "../turn/fake-turn.js";
import { findThread, RpcFailure, type AppServerMethod, type RunningAppServer } from "./app-server-method.js";
import { readInput, readSettings } from "./read-params.js";

/** Starts a turn. Like codex, it steers the running turn if the thread has one. */
export const startTurn: AppServerMethod<"turn/start"> = (params, server) => {
  const thread = findThread(params, server);
  const input = readInput(params["input"]);
  const running = thread.turn;
  if (running !== undefined) {
    return { result: { turn: running.toTurn("inProgress") }, after: () => running.steer(input) };
  }
  const before = thread.settings;
  thread.settings = readSettings(params, before);
  const isChanged = JSON.stringify(before) !== JSON.stringify(thread.settings);
  const outputSchema = params["outputSchema"] ?? undefined;
  const turn = new FakeTurn({ thread, port: server, input, outputSchema });
  const settings = { threadId: thread.id, threadSettings: thread.toSettings() };
  return {
    before: () => {
      if (isChanged) server.notify("thread/settings/updated", settings);
    },
    result: { turn: { ...turn.toTurn("inProgress"), startedAt: null } },
    after: () => void turn.play(),
  };
};

export const steerTurn: AppServerMethod<"turn/steer"> = (params, server) => {
  const turn = findTurn(params, server, { idKey: "expectedTurnId", verb: "steer" });
  const input = readInput(params["input"]);
  return { result: { turnId: turn.id }, after: () => turn.steer(input) };
};

export const interruptTurn: AppServerMethod<"turn/interrupt"> = (params, server) => {
  const turn = findTurn(params, server, { idKey: "turnId", verb: "interrupt" });
  return { result: {}, after: () => turn.interrupt() };
};

function findTurn(
  params: JsonObject,
  server: RunningAppServer,
  { idKey, verb }: { readonly idKey: string; readonly verb: string },
): RunningTurn {
  const { turn } = findThread(params, server);
  if (turn === undefined) throw new RpcFailure(`no active turn to ${verb}`);
  const expected = asText(params[idKey]) ?? "";
  if (turn.id !== expected) throw new RpcFailure(`expected active turn id ${expected} but found ${turn.id}`);
  return turn;
}
