import { compileShape, type Field } from "../shapes/check-shape.js";
import { notificationItemPaths, notificationShapes } from "../generated/shapes.js";
import { parseItemPaths, type ItemPath } from "../shapes/item-paths.js";

/** A notification, described for decoding and encoding. */
export interface KnownNotification {
  readonly type: string;
  /** Its params are exactly the four fields of a delta of text. */
  readonly isTextDelta: boolean;
  /** The fields of its params that are checked. */
  readonly fields: readonly Field[];
  readonly itemPaths: readonly ItemPath[];
  /** Which of `threadId` and `turnId` its params carry on the wire. */
  readonly carries: readonly string[];
  /** Those of `carries` that the wire may omit. */
  readonly optional: readonly string[];
}

const known = new Map<string, KnownNotification>();

/** Returns undefined for a method that this version does not know. */
export function describeNotification(method: string): KnownNotification | undefined {
  const found = known.get(method);
  if (found !== undefined) return found;
  const shape = Object.hasOwn(notificationShapes, method) ? notificationShapes[method] : undefined;
  if (shape === undefined) return undefined;
  const fields = compileShape(shape);
  const ids = fields.filter(({ key }) => key === "threadId" || key === "turnId");
  const notification: KnownNotification = {
    type: method.replaceAll("/", "."),
    isTextDelta: shape === "delta:s itemId:s threadId:s turnId:s",
    fields,
    itemPaths: parseItemPaths(notificationItemPaths[method]),
    carries: ids.map(({ key }) => key),
    optional: ids.filter(({ optional }) => optional).map(({ key }) => key),
  };
  known.set(method, notification);
  return notification;
}
