// Taking members or entries out of a container and putting others in, commas included, around those that stay.
import type { Range } from "../json-bytes/range.ts";
import type { Edit } from "./splice.ts";

/** What the container shall hold, in order; `removed` stands where the bytes have it. */
export type SequenceItem =
  | { readonly kind: "kept" | "removed"; readonly range: Range }
  | { readonly kind: "added"; readonly text: string };

/** `container` includes its brackets. White space around what stays is kept where that costs nothing. */
export function sequenceEdits(container: Range, items: readonly SequenceItem[]): readonly Edit[] {
  const edits: Edit[] = [];
  /** Behind the item of the bytes that came last; what is added goes there. */
  let behind = container.start + 1;
  let isFirstOfBytes = true;
  let isFirst = true;
  for (const item of items) {
    if (item.kind === "added") {
      edits.push({ range: { start: behind, end: behind }, text: isFirst ? item.text : `,${item.text}` });
      isFirst = false;
      continue;
    }
    if (item.kind === "removed") edits.push({ range: { start: behind, end: item.range.end }, text: "" });
    else if (isFirst !== isFirstOfBytes) {
      edits.push({ range: { start: behind, end: item.range.start }, text: isFirst ? "" : "," });
    }
    isFirst &&= item.kind === "removed";
    isFirstOfBytes = false;
    behind = item.range.end;
  }
  return edits;
}
