import { message, type ModelRequest, respond, shell } from "codexkit/testing";

const outside = (command: string, callId: string) => shell(command, { escalate: true, justification: "Look.", callId });

/** The model's answers in `npm run examples`. */
export const steps = [
  respond(outside("git status", "status")),
  respond(outside("git status; touch slipped-through", "two")),
  respond(outside("git push origin main", "push")),
  (request: ModelRequest) => {
    if (!request.output("status")?.includes("working tree clean")) throw new Error("the allowed command did not run");
    for (const id of ["two", "push"]) {
      if (!request.output(id)?.includes("rejected")) throw new Error(`"${id}" was not rejected`);
    }
    return respond(message("Nothing has changed, and I was not allowed to do more."));
  },
];
