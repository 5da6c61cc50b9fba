// Doubles: a model server for the real binary, two fakes of the binary, and a transport in memory
export { createScriptedModel, type ScriptedModel, type ScriptedModelOptions } from "./model/scripted-model.js";
export { createFakeExec, type FakeExec, type FakeExecOptions } from "./fakes/exec/fake-exec.js";
export {
  createFakeAppServer,
  type FakeAppServer,
  type FakeAppServerOptions,
} from "./fakes/app-server/fake-app-server.js";
export {
  createMemoryTransport,
  type MemoryTransport,
  type MemoryTransportOptions,
} from "./fakes/memory/memory-transport.js";

// Record the real codex and replay the recording
export { createRecorder, type Recorder, type RecorderOptions } from "./record/recorder.js";
export {
  parseRecording,
  readRecording,
  type RecordedEntry,
  type RecordedProcess,
  type Recording,
} from "./record/recording.js";
export { createReplay, type Replay, type ReplayOptions } from "./replay/replay.js";

// Data that the doubles record
export type { ScriptedCodexInput, ScriptedCodexOptions } from "./model/scripted-home.js";
export type { CallOutput, ModelRequest } from "./script/model-request.js";
export type { ClientAnswer, ClientCall } from "./fakes/app-server/app-server-state.js";
export type { FakeProcess } from "./relay/relay-process.js";
export { ScriptError, type ScriptMismatch } from "./script/script-error.js";

// Steps: each is one answer of the model
export { cut, fail, failResponse, incomplete, raw, respond, type FailOptions } from "./script/model-step.js";
export { repeat, when } from "./script/script-entry.js";

// Parts of a response
export { customToolCall, functionCall, message, reasoning, shell, webSearch } from "./script/model-items.js";
export { addFile, deleteFile, patch, updateFile, type PatchSection } from "./script/patch.js";
export { gate, stall, type Gate, type Hold } from "./script/hold.js";
export { slow, usage, type ScriptedUsage } from "./script/model-step.js";

// Parts for the fakes only
export { closeStdout, die, line, notify, serverRequest, stderr, stdout } from "./script/fake-parts.js";
export { execRun, readStdin } from "./fakes/exec/exec-run.js";

// Answers of the fake app-server to single requests
export {
  doubleReply,
  errorReply,
  lateReply,
  noReply,
  overtakenReply,
  reply,
  usualReply,
} from "./fakes/app-server/reply.js";

// Types of the functions above
export type { FakeStep, HttpErrorStep, ModelPart, ModelStep, RawStep, ResponseStep } from "./script/model-step.js";
export type {
  MatchedSteps,
  QueuedStep,
  RepeatedStep,
  RequestMatcher,
  ScriptEntry,
  StepFunction,
} from "./script/script-entry.js";
export type {
  CallOutcome,
  CustomToolCallItem,
  CustomToolCallOptions,
  Deltas,
  FunctionCallItem,
  FunctionCallOptions,
  MessageItem,
  MessageOptions,
  ModelItem,
  ReasoningItem,
  ReasoningOptions,
  ShellOptions,
  WebSearchItem,
} from "./script/model-items.js";
export type { FakePart, ProcessPart, ScriptedParams, TurnIds } from "./script/fake-parts.js";
export type { ExecAction, ExecRun } from "./fakes/exec/exec-run.js";
export type { Ignored } from "./relay/relay-process.js";
export type { Reply } from "./fakes/app-server/reply.js";
