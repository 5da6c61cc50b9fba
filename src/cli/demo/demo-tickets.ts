import { type AnyTool, tool } from "../../index.js";

/** The ticket that the demo is about, and the line that only its tool tells. */
export const demoTicket = {
  id: 7,
  report: "sum([1, 2, 3]) gives 5 where 6 is right: the first number is not counted.",
} as const;

/**
 * The tools that the demo's program gives to codex, over a tracker that is nothing but a variable: one that only reads, and
 * one that changes something, for which somebody has to say yes.
 */
export function createTicketTools(): readonly AnyTool[] {
  let status: "open" | "closed" = "open";
  return [
    tool({
      name: "read_ticket",
      description: "Reads a ticket of the project's tracker.",
      parameters: {
        type: "object",
        properties: { id: { type: "integer" } },
        required: ["id"],
        additionalProperties: false,
      },
      execute: ({ id }) => ({ ...findTicket(id), status }),
    }),
    tool({
      name: "close_ticket",
      description: "Closes a ticket of the project's tracker, with a comment on what was done.",
      parameters: {
        type: "object",
        properties: { id: { type: "integer" }, comment: { type: "string" } },
        required: ["id", "comment"],
        additionalProperties: false,
      },
      needsApproval: true,
      execute: ({ id }) => {
        findTicket(id);
        status = "closed";
        return `Ticket ${id} is closed.`;
      },
    }),
  ];
}

/** The model is told of the error, as of everything that `execute` throws. */
function findTicket(id: number): typeof demoTicket {
  if (id === demoTicket.id) return demoTicket;
  throw new Error(`There is no ticket ${id}.`);
}
