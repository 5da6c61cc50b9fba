import type { UserInputQuestion } from "../approvals/approval-request.js";
import type { JsonObject, JsonValue } from "../internal/json.js";
import type { ApprovalCodec } from "./approval-codec.js";
import { readObjects, readText } from "./read-field.js";

/** `item/tool/requestUserInput`. No answers at all are codex's "no". */
export const userInputRequest: ApprovalCodec = {
  cancelsItself: false,
  toRequest(params, { base }) {
    const asked: readonly JsonValue[] = Array.isArray(params["questions"]) ? params["questions"] : [];
    const questions = readObjects(asked).flatMap((question) => readQuestion(question) ?? []);
    const ids = new Set(questions.map(({ id }) => id));
    if (questions.length === 0 || questions.length < asked.length || ids.size < questions.length) return null;
    return { ...base, kind: "userInput", questions };
  },
  toResult(decision) {
    if (decision.decision !== "answer") return { answers: {} };
    const answers = Object.entries(decision.answers).map(([id, given]): [string, JsonValue] => [
      id,
      { answers: typeof given === "string" ? [given] : given },
    ]);
    return { answers: Object.fromEntries(answers) };
  },
};

function readQuestion(value: JsonObject): UserInputQuestion | null {
  const id = readText(value["id"]);
  const question = readText(value["question"]);
  if (id === null || question === null) return null;
  return {
    id,
    header: readText(value["header"]) ?? "",
    question,
    options: Array.isArray(value["options"]) ? readObjects(value["options"]).map(readOption) : null,
    isOther: value["isOther"] === true,
    isSecret: value["isSecret"] === true,
  };
}

function readOption(value: JsonObject): { readonly label: string; readonly description: string } {
  return { label: readText(value["label"]) ?? "", description: readText(value["description"]) ?? "" };
}
