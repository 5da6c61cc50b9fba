import { message, type ModelRequest, respond, shell } from "codexkit/testing";

/** The model's answers in `npm run examples`. */
export const steps = [
  respond(shell("date > today.txt", { escalate: true, justification: "The sandbox is read-only.", callId: "date" })),
  (request: ModelRequest) =>
    respond(message(request.output("date")?.includes("rejected") ? "I was not allowed to." : "It is written.")),
];
