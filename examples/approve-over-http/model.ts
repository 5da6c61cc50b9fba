import { message, type ModelRequest, respond, shell } from "codexkit/testing";

const write = (file: string) => shell(`touch ${file}`, { escalate: true, justification: "Read-only.", callId: file });

/** The model's answers in `npm run examples`. */
export const steps = [
  respond(write("done.txt")),
  respond(write("secret.txt")),
  (request: ModelRequest) => {
    if (request.output("done.txt")?.includes("rejected") !== false) throw new Error("done.txt was not allowed");
    if (!request.output("secret.txt")?.includes("rejected")) throw new Error("secret.txt was not refused");
    return respond(message("I wrote done.txt. The other file was not allowed."));
  },
];
