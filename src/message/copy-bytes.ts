// Copying bytes: a few by a loop, which beats the call into native code, or the view that has to be made for it.

/** Bytes that a loop copies as fast as native code does, which wants a view of them; 35 to 40 on Node 20, as many on Node 24. */
export const FEW = 40;
/** As `FEW`, where all of a buffer is copied, so that there need not be a view. */
const FEW_OF_ALL = 12;

/** As `from.copy`. Returns where the copy ends. */
export function copyBytes(from: Uint8Array, start: number, end: number, to: Buffer, at: number): number {
  const length = end - start;
  const isAll = length === from.length;
  if (length <= (isAll ? FEW_OF_ALL : FEW))
    for (let index = 0; index < length; index++) to[at + index] = from[start + index] as number;
  else to.set(isAll ? from : from.subarray(start, end), at);
  return at + length;
}
