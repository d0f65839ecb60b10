// Waiting for something, but no longer than a while.

/** `undefined`: it took longer. What is there by then counts, also where this process was too busy to take it. */
export async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((tell) => {
    // Timers come before input: what has come meanwhile is read between the two.
    timer = setTimeout(() => setImmediate(tell, undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether it settled well in that time. */
export async function isInTime(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  return (
    (await within(
      milliseconds,
      promise.then(() => true),
    )) === true
  );
}
