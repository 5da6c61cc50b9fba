import { message, type ModelRequest, respond, shell } from "codexkit/testing";

const outside = (command: string, callId: string) => shell(command, { escalate: true, justification: "Look.", callId });

/** The model's answers in `npm run examples`. */
export const steps = [
  respond(outside("/bin/ps -e", "processes")),
  respond(outside("/bin/ps -e; touch slipped-through", "two")),
  respond(outside("git push origin main", "push")),
  (request: ModelRequest) => {
    if (!request.output("processes")?.includes("PID")) throw new Error("the allowed command did not run");
    for (const id of ["two", "push"]) {
      if (!request.output(id)?.includes("rejected")) throw new Error(`"${id}" was not rejected`);
    }
    return respond(message("The service is running, and I was not allowed to do more."));
  },
];
